// SPDX-License-Identifier: Apache-2.0

import { isExhaustive } from '../exhaustive';

/** How many random crashes are tried; every run tries others. */
export const crashCycles = numberOf('GRIDPEG_CRASH_CYCLES') ?? (isExhaustive ? 20 : 5);

/** What they are derived from: the same seed tries the same ones, as far as a machine repeats itself. */
export const crashSeed = numberOf('GRIDPEG_CRASH_SEED') ?? Date.now() % 1_000_000;

function numberOf(name: string): number | undefined {
  // eslint-disable-next-line no-restricted-properties -- whoever runs the tests decides, and Jest hands on no options
  const text = process.env[name];
  if (text === undefined) return undefined;
  if (!/^[0-9]{1,6}$/.test(text)) throw new Error(`${name}=${text} is no number of up to six digits`);
  return Number(text);
}
