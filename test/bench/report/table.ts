// SPDX-License-Identifier: Apache-2.0

import { type Spread } from '../measure/spread';
import { type LatencySummary } from '../measure/summarize-latencies';

/** One line of a table, by column. */
export type Row = readonly string[];

/** A titled table, its first column aligned to the left and all others to the right; nothing when there are no rows. */
export function section(title: string, rows: readonly Row[]): readonly string[] {
  if (rows.length === 0) return [];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return ['', title, ...lines.map((line) => `  ${line}`)];
}

/** One decimal. */
export function number(value: number): string {
  return value.toFixed(1);
}

/** p50/p95/p99 in whole milliseconds. */
export function latency({ p50Ms, p95Ms, p99Ms }: LatencySummary): string {
  return [p50Ms, p95Ms, p99Ms].map((value) => value.toFixed(0)).join('/');
}

/** The median, and the quartiles in parentheses. */
export function quartiles({ lower, middle, upper }: Spread, decimals: number): string {
  return `${middle.toFixed(decimals)} (${lower.toFixed(decimals)} to ${upper.toFixed(decimals)})`;
}

/** How often calls failed, by code. */
export function failed(failures: Readonly<Record<string, number>>): string {
  const counts = Object.entries(failures);
  return counts.length === 0 ? '0' : counts.map(([code, count]) => `${count} ${code}`).join(', ');
}
