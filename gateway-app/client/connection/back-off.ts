// SPDX-License-Identifier: Apache-2.0

import { setTimeout as sleep } from 'node:timers/promises';

/** Exponential delays with full jitter: `random() * min(cap, base * 2^attempt)`. */
export interface BackOff {
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * @param attempt - 0 for the wait after the first failure
 * @param random - a number from 0 up to 1
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ "full jitter"
 */
export function backOffMs(backOff: BackOff, attempt: number, random: number): number {
  return Math.floor(random * Math.min(backOff.capMs, backOff.baseMs * 2 ** Math.min(attempt, 30)));
}

/** Waits as {@link backOffMs} says. */
export async function pause(backOff: BackOff, attempt: number): Promise<void> {
  await sleep(backOffMs(backOff, attempt, Math.random()));
}
