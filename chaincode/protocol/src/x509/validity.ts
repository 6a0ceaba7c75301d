// SPDX-License-Identifier: Apache-2.0

import { derElements, type DerElement } from './der';

/** Unix milliseconds, both included. */
export interface Validity {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

const utcTime = 0x17;
const generalizedTime = 0x18;
const forms: ReadonlyMap<number, RegExp> = new Map([
  [utcTime, /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/],
  [generalizedTime, /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/],
]);
const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/**
 * Reads a Validity: UTCTime until the end of 2049 and GeneralizedTime from then on (RFC 5280 section 4.1.2.5).
 *
 * @param content - of the SEQUENCE
 * @throws Error when a time has another form, or is none of the calendar
 */
export function readValidity(content: Buffer): Validity {
  const [notBefore, notAfter, extra] = derElements(content);
  if (notBefore === undefined || notAfter === undefined || extra !== undefined) throw new Error('X.509: validity');
  return { notBeforeMs: readTime(notBefore), notAfterMs: readTime(notAfter) };
}

function readTime({ tag, content }: DerElement): number {
  const digits = forms.get(tag)?.exec(content.toString('latin1'))?.slice(1);
  if (digits === undefined) throw new Error('X.509: time');
  const [written, month, day, hour, minute, second] = digits.map(Number) as [number, number, number, ...TimeOfDay];
  const year = tag === utcTime ? written + (written < 50 ? 2000 : 1900) : written;
  if (tag === generalizedTime && year < 2050) throw new Error('X.509: GeneralizedTime before 2050');
  if (!isDate(year, month, day) || !isTimeOfDay(hour, minute, second)) throw new Error('X.509: no such time');
  return (((dayNumber(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000;
}

type TimeOfDay = [hour: number, minute: number, second: number];

function isTimeOfDay(...[hour, minute, second]: TimeOfDay): boolean {
  return hour < 24 && minute < 60 && second < 60;
}

function isDate(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysIn(year: number, month: number): number {
  return month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days since 1 January 1970. */
function dayNumber(year: number, month: number, day: number): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 477;
  const thisLeapDay = month > 2 && isLeap(year) ? 1 : 0;
  return (year - 1970) * 365 + leapDays + (daysBeforeMonth[month - 1] ?? 0) + thisLeapDay + day - 1;
}
