// SPDX-License-Identifier: Apache-2.0

import { describeDuration } from './describe-duration';
import { parseDuration } from './parse-option';

test.each(['500ms', '1s', '90s', '1m', '2h', '1d', '36h', '14d'])('%s reads as it was written', (text) => {
  expect(describeDuration(parseDuration(text, ''))).toBe(text);
});

test('no time at all is 0s', () => {
  expect(describeDuration(0n)).toBe('0s');
});
