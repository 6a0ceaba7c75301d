// SPDX-License-Identifier: Apache-2.0

import { killAllOf } from '../drivers/driver-of';
import { withLock } from './lock';
import { absoluteStateDir } from './plan';
import { inStep, type OnProgress } from './progress';
import { removeStateFolder } from './state-folder';

const LOCK_SECONDS = 60;

/**
 * Takes a network down: ends all its processes, wherever a crash may have left them, and removes its state folder.
 * Nothing else is touched; there being nothing is no error.
 *
 * @param options - `stateDir` as it was given to `bringUp`
 * @throws NetworkError STATE_DIR_FOREIGN if the folder is none of ours, STATE_LOCKED
 */
export async function takeDown(options: {
  readonly stateDir: string;
  readonly onProgress?: OnProgress | undefined;
}): Promise<void> {
  const { onProgress = () => undefined } = options;
  const stateDir = absoluteStateDir(options.stateDir);
  await withLock(stateDir, LOCK_SECONDS, async () => {
    await inStep(onProgress, 'end processes', () => killAllOf(stateDir));
    await inStep(onProgress, 'remove files', () => removeStateFolder(stateDir));
  });
}
