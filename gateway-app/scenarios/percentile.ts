// SPDX-License-Identifier: Apache-2.0

/**
 * The nearest-rank percentile: a value that was really measured.
 *
 * @param percent - 1 to 100
 * @returns undefined when there are no values
 */
export function percentile(values: readonly number[], percent: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1];
}
