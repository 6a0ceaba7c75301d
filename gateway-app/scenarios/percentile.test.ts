// SPDX-License-Identifier: Apache-2.0

import { percentile } from './percentile';

describe('percentile', () => {
  const values = [30, 10, 20, 40, 50];

  test('gives the nearest rank, of values in any order', () => {
    expect(percentile(values, 50)).toBe(30);
    expect(percentile(values, 95)).toBe(50);
    expect(percentile(values, 1)).toBe(10);
  });

  test('gives nothing for nothing', () => {
    expect(percentile([], 50)).toBeUndefined();
  });
});
