// SPDX-License-Identifier: Apache-2.0

import type { EnergyUnit } from './session-columns';

/** Longest text read; floats print at most 17 digits, a point and an exponent. */
const longest = 40;
/** Digits behind the point of the exact value: enough for the longest text with the smallest exponent. */
const exactDigits = 140n;
const exponentOfUnit: Readonly<Record<EnergyUnit, bigint>> = { kWh: 3n, Wh: 0n };

/** An energy as it was written, and as ledgers hold it. */
export interface Energy {
  /** Whole watt-hours, half rounded to even. */
  readonly wh: bigint;
  /** Units of 10^-140 Wh, without any rounding. */
  readonly exact: bigint;
}

export type DecimalMark = '.' | ',';

/**
 * Reads a decimal energy exactly, without a float.
 *
 * @param text - as `44.069` or `5e-05`: digits, an optional fraction and exponent of at most two digits; no sign
 * @returns undefined when the text is no such number
 */
export function parseEnergy(text: string, unit: EnergyUnit = 'kWh', mark: DecimalMark = '.'): Energy | undefined {
  const match = /^(\d+)(?:([.,])(\d*))?(?:[eE]([+-]?\d{1,2}))?$/.exec(text);
  if (text.length > longest || match === null) return undefined;
  const [, whole = '', foundMark = mark, fraction = '', exponent = '0'] = match;
  if (foundMark !== mark) return undefined;
  const scale = BigInt(exponent) + exponentOfUnit[unit] - BigInt(fraction.length);
  const exact = BigInt(whole + fraction) * 10n ** (exactDigits + scale);
  return { wh: roundExact(exact), exact };
}

/** Whole watt-hours of an exact energy, half rounded to even. */
export function roundExact(exact: bigint): bigint {
  const one = 10n ** exactDigits;
  const quotient = exact / one;
  const twice = (exact % one) * 2n;
  const up = twice > one || (twice === one && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}

/**
 * Decides what the commas in the energies of a file are. Where no energy has a point, one comma that cannot group
 * thousands shows that all of them are decimal commas: `12,5` or `0,125`, but not `1,500`.
 */
export function decimalMarkOf(texts: readonly string[]): DecimalMark {
  if (texts.some((text) => text.includes('.'))) return '.';
  return texts.some((text) => /^\d+,\d+$/.test(text) && !/^[1-9]\d{0,2},\d{3}$/.test(text)) ? ',' : '.';
}
