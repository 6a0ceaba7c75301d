// SPDX-License-Identifier: Apache-2.0

import { sleepUntilAborted } from './sleep';

/** How long something is waited for, and how often it is asked for. */
export interface Polling {
  readonly timeoutMs: number;
  /** The pause between two questions. */
  readonly pollMs: number;
  /** An abort ends the waiting as if the time were over. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks again and again until there is an answer. It asks at least once, and once more when the time is over.
 *
 * @param ask - answers undefined or false while it is not so yet; what it throws ends the waiting
 * @returns the answer; undefined when the time is over
 */
export async function pollUntil<T>(
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  { timeoutMs, pollMs, signal }: Polling,
): Promise<T | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const isLast = performance.now() >= deadline;
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (isLast || signal?.aborted === true) return undefined;
    await sleepUntilAborted(Math.min(pollMs, Math.max(0, deadline - performance.now())), signal);
  }
}
