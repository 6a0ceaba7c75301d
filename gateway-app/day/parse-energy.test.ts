// SPDX-License-Identifier: Apache-2.0

import fc from 'fast-check';
import { parseEnergy } from './parse-energy';

describe('parseEnergy', () => {
  test.each([
    ['44.069', 44069n],
    ['60.0', 60000n],
    ['0', 0n],
    ['0.0', 0n],
    ['12.', 12000n],
    ['108.79724166666666', 108797n],
    ['5e-05', 0n],
    ['1.5E+1', 15000n],
  ])('reads %s kWh', (text, wh) => {
    expect(parseEnergy(text)).toBe(wh);
  });

  test.each([
    ['0.0005', 0n],
    ['0.0015', 2n],
    ['0.0025', 2n],
    ['0.00250000000000001', 3n],
    ['0.0035', 4n],
  ])('rounds half of a watt-hour to even: %s kWh', (text, wh) => {
    expect(parseEnergy(text)).toBe(wh);
  });

  test.each(['', '-1', '+1', '1,5', 'NaN', 'inf', '1.5 ', '.5', '0x10', '1e100', '9'.repeat(41)])(
    'refuses %p',
    (text) => {
      expect(parseEnergy(text)).toBeUndefined();
    },
  );

  test('reads whole watt-hours exactly, however many', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), (wh) => {
        const text = wh.toString().padStart(4, '0');
        expect(parseEnergy(`${text.slice(0, -3)}.${text.slice(-3)}`)).toBe(wh);
      }),
    );
  });
});
