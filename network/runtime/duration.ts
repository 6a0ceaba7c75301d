// SPDX-License-Identifier: Apache-2.0

/** Units of durations, the largest first. */
const units = [
  ['d', 86_400_000n],
  ['h', 3_600_000n],
  ['m', 60_000n],
  ['s', 1_000n],
  ['ms', 1n],
] as const;

/**
 * Reads a duration as people write it: a whole number of at most ten digits, and ms, s, m, h or d.
 *
 * @returns milliseconds >= 0; undefined for any other text
 */
export function parseDuration(text: string): bigint | undefined {
  const [, count = '', unit] = /^(0|[1-9]\d{0,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  const size = units.find(([name]) => name === unit)?.[1];
  return size === undefined ? undefined : BigInt(count) * size;
}

/** Writes a duration in the largest unit that measures it whole, as `parseDuration` reads it. */
export function formatDuration(milliseconds: bigint): string {
  const [name, size] = units.find(([, unit]) => milliseconds >= unit && milliseconds % unit === 0n) ?? ['s', 1_000n];
  return `${(milliseconds / size).toString()}${name}`;
}
