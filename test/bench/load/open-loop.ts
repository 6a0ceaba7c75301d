// SPDX-License-Identifier: Apache-2.0

import { sleepUntilAborted } from '@gridpeg/network';
import { type Failures } from '../measure/failures';
import { type Load } from '../measure/measure';

/**
 * Calls at a fixed rate, whether or not earlier ones are answered. `call` receives the time at which it was due:
 * latency counted from then hides no waiting (no coordinated omission).
 */
export function openLoop(perSecond: number, call: (dueMs: number) => Promise<void>, failures: Failures): Load {
  return async (stop) => {
    const beganMs = performance.now();
    const calls: Promise<void>[] = [];
    for (let index = 0; !stop.aborted; index += 1) {
      const dueMs = beganMs + (index * 1000) / perSecond;
      const waitMs = dueMs - performance.now();
      // Aborting ends the loop at once; the calls under way end by themselves.
      if (waitMs > 0) await sleepUntilAborted(waitMs, stop);
      if (isStopped(stop)) break;
      calls.push(
        call(dueMs).catch((error: unknown) => {
          failures.add(error);
        }),
      );
    }
    await Promise.all(calls);
  };
}

/** Not inlined: the compiler takes a signal that was not aborted for one that never will be. */
function isStopped(stop: AbortSignal): boolean {
  return stop.aborted;
}
