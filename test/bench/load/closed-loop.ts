// SPDX-License-Identifier: Apache-2.0

import { setTimeout as sleep } from 'node:timers/promises';
import { type Failures } from '../measure/failures';
import { type Load } from '../measure/measure';

const failuresInARow = 10;

/**
 * A fixed number of callers, each of which goes on as soon as it is done. Slower answers mean fewer calls.
 *
 * @throws what `call` threw when a caller fails ten times in a row
 */
export function closedLoop(concurrency: number, call: () => Promise<void>, failures: Failures): Load {
  return async (stop) => {
    await Promise.all(Array.from({ length: concurrency }, () => repeat(call, failures, stop)));
  };
}

async function repeat(call: () => Promise<void>, failures: Failures, stop: AbortSignal): Promise<void> {
  for (let inARow = 0; !stop.aborted;) {
    try {
      await call();
      inARow = 0;
    } catch (error) {
      failures.add(error);
      inARow += 1;
      if (inARow >= failuresInARow) throw error;
      await sleep(100);
    }
  }
}
