// SPDX-License-Identifier: Apache-2.0

import { judge, leastSamples } from './judge';

describe('judge', () => {
  const of = (lower: number, upper: number, samples = leastSamples): Parameters<typeof judge>[0] => ({
    samples,
    lower,
    middle: (lower + upper) / 2,
    upper,
  });

  it.each([
    ['at least', 1.2, 1.4, 'met'],
    ['at least', 1.0, 1.19, 'missed'],
    ['at least', 1.0, 1.4, 'undecided'],
    ['at least', 1.0, 1.2, 'undecided'],
    ['at most', 1.0, 1.2, 'met'],
    ['at most', 1.21, 1.4, 'missed'],
    ['at most', 1.0, 1.4, 'undecided'],
    ['at most', 1.2, 1.4, 'undecided'],
  ] as const)('judges %s 1.2 with quartiles %d and %d as %s', (bound, lower, upper, verdict) => {
    expect(judge(of(lower, upper), { bound, value: 1.2 })).toBe(verdict);
  });

  it('decides nothing on fewer samples than twelve', () => {
    expect(judge(of(1.3, 1.4, 12), { bound: 'at least', value: 1.2 })).toBe('met');
    expect(judge(of(1.3, 1.4, 11), { bound: 'at least', value: 1.2 })).toBe('undecided');
    expect(judge(of(1.3, 1.4, 11), { bound: 'at most', value: 1.2 })).toBe('undecided');
  });
});
