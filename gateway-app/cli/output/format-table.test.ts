// SPDX-License-Identifier: Apache-2.0

import { formatQuantity, formatTable } from './format-table';

describe('formatTable', () => {
  test('sets texts left and numbers right, without trailing space', () => {
    const rows = [
      ['city-charging', '5', 'a'],
      ['x', '1 000', ''],
    ];
    expect(formatTable([{ heading: 'lane' }, { heading: 'Wh', right: true }, { heading: 'memo' }], rows)).toEqual([
      'lane              Wh  memo',
      'city-charging      5  a',
      'x              1 000',
    ]);
  });

  test('groups the digits of a quantity by three', () => {
    expect([0n, 999n, 1000n, 1234567n].map(formatQuantity)).toEqual(['0', '999', '1 000', '1 234 567']);
  });
});
