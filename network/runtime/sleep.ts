// SPDX-License-Identifier: Apache-2.0

import { setTimeout } from 'node:timers/promises';

/** Sleeps. An abort ends the sleep early and is no error, because the caller's loop looks at the signal itself. */
export async function sleepUntilAborted(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}
