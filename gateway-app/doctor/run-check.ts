// SPDX-License-Identifier: Apache-2.0

import { failedBy, type Check, type Finding } from '@gridpeg/network';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeFailure } from '../errors/describe-failure';

/** How long a check may take on a machine with processors to spare: everything together ends within three seconds. */
export const CHECK_MS = 2400;

/** Runs a check to its end, however it ends; one that fails or takes too long is a finding itself. */
export async function runCheck({ name, run }: Check, timeoutMs: number): Promise<readonly Finding[]> {
  const late = sleep(timeoutMs, undefined, { ref: false }).then((): readonly Finding[] => {
    const what = `it did not end within ${(timeoutMs / 1000).toFixed(1)} s, so nothing is known here`;
    return [{ check: name, status: 'fail', code: 'CHECK_UNFINISHED', what, remedy: 'See the other findings first' }];
  });
  try {
    return await Promise.race([run(), late]);
  } catch (error) {
    return [findingOf(name, error)];
  }
}

/** An error as a finding. */
export function findingOf(check: string, error: unknown): Finding {
  return failedBy(check, describeFailure(error));
}
