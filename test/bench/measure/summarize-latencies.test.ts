// SPDX-License-Identifier: Apache-2.0

import { summarizeLatencies } from './summarize-latencies';

describe('summarizeLatencies', () => {
  it('gives percentiles that were measured, whatever the order', () => {
    const latencies = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(summarizeLatencies(latencies)).toEqual({
      count: 100,
      meanMs: 50.5,
      p50Ms: 50,
      p95Ms: 95,
      p99Ms: 99,
      maxMs: 100,
    });
  });

  it('says so when nothing was measured', () => {
    expect(summarizeLatencies([])).toMatchObject({ count: 0, p50Ms: 0, maxMs: 0 });
  });
});
