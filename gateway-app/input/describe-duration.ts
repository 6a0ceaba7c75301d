// SPDX-License-Identifier: Apache-2.0

const units = [
  ['d', 86_400_000n],
  ['h', 3_600_000n],
  ['m', 60_000n],
  ['s', 1_000n],
  ['ms', 1n],
] as const;

/** A duration in the largest unit that measures it whole, as `parseDuration` reads it. */
export function describeDuration(milliseconds: bigint): string {
  const [name, size] = units.find(([, unit]) => milliseconds >= unit && milliseconds % unit === 0n) ?? ['s', 1_000n];
  return `${(milliseconds / size).toString()}${name}`;
}
