// SPDX-License-Identifier: Apache-2.0

import fc from 'fast-check';
import { decimalMarkOf, parseEnergy, roundExact } from './parse-energy';

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
    expect(parseEnergy(text)?.wh).toBe(wh);
  });

  test.each([
    ['0.0005', 0n],
    ['0.0015', 2n],
    ['0.0025', 2n],
    ['0.00250000000000001', 3n],
    ['0.0035', 4n],
  ])('rounds half of a watt-hour to even: %s kWh', (text, wh) => {
    expect(parseEnergy(text)?.wh).toBe(wh);
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
        expect(parseEnergy(`${text.slice(0, -3)}.${text.slice(-3)}`)?.wh).toBe(wh);
      }),
    );
  });

  test.each([
    ['44069', 'Wh', '.', 44069n],
    ['0.5', 'Wh', '.', 0n],
    ['12,5', 'kWh', ',', 12500n],
  ] as const)('reads %s %s with the decimal mark %p', (text, unit, mark, wh) => {
    expect(parseEnergy(text, unit, mark)?.wh).toBe(wh);
  });

  test.each([
    ['12.5', ','],
    ['12,5', '.'],
    ['1.234,5', ','],
  ] as const)('refuses %p where the decimal mark is %p', (text, mark) => {
    expect(parseEnergy(text, 'kWh', mark)).toBeUndefined();
  });

  test('keeps the exact value beside the rounded one, down to the smallest that can be written', () => {
    const energies = Array.from({ length: 79 }, () => parseEnergy('0.0015')!);
    expect(energies.reduce((total, { wh }) => total + wh, 0n)).toBe(158n);
    expect(roundExact(energies.reduce((total, { exact }) => total + exact, 0n))).toBe(118n);
    expect(parseEnergy(`0.${'0'.repeat(33)}1e-99`, 'Wh')!.exact).toBe(10n ** 7n);
  });
});

describe('decimalMarkOf', () => {
  test.each([
    [['12,5', '1,500'], ','],
    [['0,125'], ','],
    [['1500,125'], ','],
    [['12', '7'], '.'],
    [['1,500', '22,250'], '.'],
    [['12,5', '1.5'], '.'],
  ] as const)('of %p is %p', (texts, mark) => {
    expect(decimalMarkOf(texts)).toBe(mark);
  });
});
