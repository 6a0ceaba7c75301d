// SPDX-License-Identifier: Apache-2.0

import { pollUntil } from '@gridpeg/network';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until there is an answer.
 *
 * @param what - what is waited for, for the message
 * @param ask - undefined or false: not yet
 * @param pollMs - between two questions
 * @throws Error saying what did not come within the time
 */
export async function waitUntil<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  timeoutSeconds = 60,
  pollMs = 100,
): Promise<T> {
  const answer = await pollUntil(ask, { timeoutMs: timeoutSeconds * 1000, pollMs });
  if (answer === undefined) throw new Error(`waited ${timeoutSeconds} s in vain until ${what}`);
  return answer;
}

/** Waits until this machine's clock, which transactions take their time from, has passed a time. */
export async function untilPassed(timeMs: bigint): Promise<void> {
  await sleep(Math.max(0, Number(timeMs) - Date.now() + 50));
}
