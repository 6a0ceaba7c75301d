// SPDX-License-Identifier: Apache-2.0

import { quantityCodec } from '@gridpeg/protocol';
import { parseByCodec, parseCount, parseDate, parseDeadline, parseDuration } from './parse-option';

describe('options of the command line', () => {
  test.each([
    ['500ms', 500n],
    ['30s', 30_000n],
    ['10m', 600_000n],
    ['2h', 7_200_000n],
    ['1d', 86_400_000n],
  ])('the duration %s is read', (text, milliseconds) => {
    expect(parseDuration(text, '--deadline')).toBe(milliseconds);
  });

  test.each(['', '0s', '-1s', '1.5m', '10', '10 m', '1w', '99999999999s'])('the duration %p is refused', (text) => {
    expect(() => parseDuration(text, '--deadline')).toThrow(/^--deadline ".*" is not a duration such as/);
  });

  test.each(['0', '-5', '1.5', '1e3', '007', '1000000000000000000', 'many'])('the quantity %p is refused', (text) => {
    expect(() => parseByCodec(quantityCodec, text, '--quantity')).toThrow(/^--quantity ".*" is not a decimal string/);
  });

  test('a quantity is read exactly', () => {
    expect(parseByCodec(quantityCodec, '999999999999999999', '--quantity')).toBe(10n ** 18n - 1n);
  });

  test('a count is kept within its bounds', () => {
    expect(parseCount('25', '--batch', 1, 25)).toBe(25);
    expect(() => parseCount('26', '--batch', 1, 25)).toThrow('--batch "26" is not a whole number from 1 to 25');
    expect(() => parseCount('x', '--batch', 1, 25)).toThrow();
  });

  test('a date must exist', () => {
    expect(parseDate('2019-05-16', '--date')).toBe('2019-05-16');
    for (const text of [
      '2019-13-16',
      '16.5.2019',
      '2019-02-30',
      '2019-04-31',
      '2019-02-29',
      '0000-05-16',
      '2019-05-16T24:00',
    ])
      expect(() => parseDate(text, '--date')).toThrow(
        /^--date ".*" is not a date that exists, as 2019-05-16\. Correct it\.$/,
      );
  });
});

describe('a deadline', () => {
  test.each([
    ['1s', 1_000n],
    ['30d', 2_592_000_000n],
  ])('may be %s off', (text, milliseconds) => {
    expect(parseDeadline(text, '--deadline')).toBe(milliseconds);
  });
  test.each(['1ms', '999ms', '31d', '2592001s', '999999999d'])(
    'of %s is told the bounds before anything is sent',
    (text) => {
      expect(() => parseDeadline(text, '--deadline')).toThrow(/is not from 1s to 30d/);
    },
  );
  test.each(['0s', '-1s', '10000000000d', 'soon'])('of %s is no duration', (text) => {
    expect(() => parseDeadline(text, '--deadline')).toThrow(/is not a duration such as/);
  });
});
