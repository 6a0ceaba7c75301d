// SPDX-License-Identifier: Apache-2.0

/** An instant, and the calendar date on which it fell where it was written down. */
export interface Instant {
  readonly milliseconds: number;
  /** YYYY-MM-DD, by the offset that the text names */
  readonly date: string;
}

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const timePattern = /^(\d{4}-\d{2}-\d{2})[T ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})$/;
const internetPattern = /^(\w{3}), (\d{2}) (\w{3}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT$/;
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const minuteMs = 60_000;
/** No place on Earth is further from UTC. */
const maximumOffsetMinutes = 14 * 60;

/**
 * Reads a calendar date of ISO 8601 that exists; `Date.parse` would take 30 February for 2 March.
 *
 * @param text - YYYY-MM-DD, years 0100 to 9999
 * @returns the start of that day in UTC, Unix milliseconds; undefined when there is no such date
 */
export function parseIsoDate(text: string): number | undefined {
  const [year = 0, month = 0, day = 0] = datePattern.exec(text)?.slice(1).map(Number) ?? [];
  const milliseconds = Date.UTC(year, month - 1, day);
  return new Date(milliseconds).toISOString().slice(0, 10) === text ? milliseconds : undefined;
}

/**
 * Reads an instant with its offset from UTC: ISO 8601 in the extended form of RFC 3339, or the date of RFC 9110
 * section 5.6.7, which the ACN interface writes ("Thu, 16 May 2019 11:40:11 GMT").
 *
 * @returns undefined for any other text, and for dates, times of day and offsets that do not exist
 */
export function parseInstant(text: string): Instant | undefined {
  const match = timePattern.exec(text) ?? timePattern.exec(isoOfInternetDate(text));
  if (match === null) return undefined;
  const [, date = '', hour, minute, second, fraction = '', offset = ''] = match;
  const dayMs = parseIsoDate(date);
  const offsetMinutes = parseOffset(offset);
  if (dayMs === undefined || offsetMinutes === undefined) return undefined;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return { milliseconds: dayMs + seconds * 1000 + milliseconds - offsetMinutes * minuteMs, date };
}

function parseOffset(text: string): number | undefined {
  if (text === 'Z') return 0;
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(-2))];
  const total = hours * 60 + minutes;
  if (minutes > 59 || total > maximumOffsetMinutes) return undefined;
  return text.startsWith('-') ? -total : total;
}

/** Empty when the text is no date of RFC 9110, or its weekday is not that of the date. */
function isoOfInternetDate(text: string): string {
  const [, weekday = '', day = '', monthName = '', year = '', time = ''] = internetPattern.exec(text) ?? [];
  const date = `${year}-${(months.indexOf(monthName) + 1).toString().padStart(2, '0')}-${day}`;
  const dayMs = parseIsoDate(date);
  const isThatDay = dayMs !== undefined && new Date(dayMs).getUTCDay() === weekdays.indexOf(weekday);
  return isThatDay ? `${date}T${time}Z` : '';
}
