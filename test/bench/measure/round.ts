// SPDX-License-Identifier: Apache-2.0

/** Rounds to three decimals, which is more than any clock here is good for. */
export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
