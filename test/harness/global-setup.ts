// SPDX-License-Identifier: Apache-2.0

import { takeDown } from '@gridpeg/network';
import { gridpegWell } from './gridpeg';
import { stopNotaries } from './own-network';
import { sharedStateDir } from './shared-network';

/** Brings up the one network that most files share, before the first of them. */
export default async function globalSetup(): Promise<void> {
  const stateDir = sharedStateDir();
  try {
    await gridpegWell(stateDir, 'up');
    await stopNotaries(stateDir);
  } catch (error) {
    // Jest does not tear down what was not set up.
    await takeDown({ stateDir });
    throw error;
  }
}
