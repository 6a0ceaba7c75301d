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

/** Waits as {@link backOffMs} says. An abort ends the wait early and is no error. */
export async function pause(backOff: BackOff, attempt: number, signal?: AbortSignal): Promise<void> {
  const options = signal === undefined ? {} : { signal };
  await sleep(backOffMs(backOff, attempt, Math.random()), undefined, options).catch(() => undefined);
}
