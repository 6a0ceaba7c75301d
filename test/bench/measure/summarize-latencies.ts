// SPDX-License-Identifier: Apache-2.0

import { round } from './round';

/** Latencies in milliseconds; all 0 when there were none. */
export interface LatencySummary {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Sums latencies up by the nearest rank: every percentile is a value that was measured. */
export function summarizeLatencies(latenciesMs: readonly number[]): LatencySummary {
  const sorted = [...latenciesMs].sort((a, b) => a - b);
  const rank = (percent: number): number => round(sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? 0);
  const total = sorted.reduce((sum, latency) => sum + latency, 0);
  return {
    count: sorted.length,
    meanMs: round(total / Math.max(1, sorted.length)),
    p50Ms: rank(50),
    p95Ms: rank(95),
    p99Ms: rank(99),
    maxMs: round(sorted.at(-1) ?? 0),
  };
}
