// SPDX-License-Identifier: Apache-2.0

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
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutSeconds} s in vain until ${what}`);
    await sleep(pollMs);
  }
}

/** Waits until this machine's clock, which transactions take their time from, has passed a time. */
export async function untilPassed(timeMs: bigint): Promise<void> {
  await sleep(Math.max(0, Number(timeMs) - Date.now() + 50));
}
