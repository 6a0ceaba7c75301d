// SPDX-License-Identifier: Apache-2.0

import { formatDuration, parseDuration } from './duration';

test.each<readonly [string, bigint]>([
  ['0s', 0n],
  ['500ms', 500n],
  ['30s', 30_000n],
  ['10m', 600_000n],
  ['2h', 7_200_000n],
  ['1d', 86_400_000n],
  ['9999999999d', 9_999_999_999n * 86_400_000n],
])('%s is %d ms', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(['', '-1s', '1.5m', '10', '10 m', '1w', '01s', '00s', '99999999999s', '1s1m', '1S', '1s\n', ' 1s', 's'])(
  '%j is no duration',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test.each(['0s', '500ms', '1s', '90s', '1m', '2h', '1d', '36h', '14d'])('%s is written as it was read', (text) => {
  expect(formatDuration(parseDuration(text) ?? -1n)).toBe(text);
});
