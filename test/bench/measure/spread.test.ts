// SPDX-License-Identifier: Apache-2.0

import { pairwiseRatios, percentileSpread, spread } from './spread';

describe('spread', () => {
  it('gives median and quartiles, whatever the order', () => {
    expect(spread([5, 1, 4, 2, 3])).toEqual({ samples: 5, lower: 2, middle: 3, upper: 4 });
  });

  it('interpolates between two values', () => {
    expect(spread([1, 2, 3, 4])).toEqual({ samples: 4, lower: 1.75, middle: 2.5, upper: 3.25 });
  });

  it('takes a single value for all three', () => {
    expect(spread([7])).toEqual({ samples: 1, lower: 7, middle: 7, upper: 7 });
  });

  it('sorts by number, not by text', () => {
    expect(spread([9, 10, 100]).middle).toBe(10);
  });

  it('refuses to sum up nothing', () => {
    expect(() => spread([])).toThrow('nothing was measured');
  });
});

describe('percentileSpread', () => {
  const thousand = Array.from({ length: 1000 }, (_, index) => 1000 - index);

  it('gives the nearest rank and the ranks around it that the binomial distribution allows', () => {
    // The standard deviation of the rank is 15.8 for the median and 3.1 for the 99th percentile.
    expect(percentileSpread(thousand, 50)).toEqual({ samples: 1000, lower: 490, middle: 500, upper: 511 });
    expect(percentileSpread(thousand, 99)).toEqual({ samples: 1000, lower: 988, middle: 990, upper: 993 });
  });

  it('stays within what was measured', () => {
    expect(percentileSpread([1, 2], 99)).toEqual({ samples: 2, lower: 2, middle: 2, upper: 2 });
    expect(percentileSpread([4], 50)).toEqual({ samples: 1, lower: 4, middle: 4, upper: 4 });
  });
});

describe('pairwiseRatios', () => {
  it('divides what was measured at the same turn', () => {
    expect(pairwiseRatios([2, 9], [1, 3])).toEqual([2, 3]);
  });

  it('leaves out a turn that only one side had', () => {
    expect(pairwiseRatios([2, 9, 5], [1, 3])).toEqual([2, 3]);
    expect(pairwiseRatios([2], [1, 3])).toEqual([2]);
  });
});
