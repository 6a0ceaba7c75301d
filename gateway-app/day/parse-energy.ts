// SPDX-License-Identifier: Apache-2.0

/** Longest text read; floats print at most 17 digits, a point and an exponent. */
const longest = 40;

/**
 * Reads decimal kilowatt-hours exactly, without a float.
 *
 * @param text - as `44.069` or `5e-05`: digits, an optional fraction, an optional exponent of at most two digits; no sign
 * @returns whole watt-hours >= 0, half rounded to even; undefined when the text is no such number
 */
export function parseEnergy(text: string): bigint | undefined {
  const match = /^(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?$/.exec(text);
  if (text.length > longest || match === null) return undefined;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(whole + fraction);
  // 1 kWh = 10^3 Wh.
  const scale = BigInt(exponent) + 3n - BigInt(fraction.length);
  return scale >= 0n ? digits * 10n ** scale : divideHalfEven(digits, 10n ** -scale);
}

function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}
