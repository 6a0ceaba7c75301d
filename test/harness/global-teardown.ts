// SPDX-License-Identifier: Apache-2.0

import { takeDown } from '@gridpeg/network';
import { sharedStateDir } from './shared-network';

/** Takes the shared network down after the last file, however the tests ended. */
export default async function globalTeardown(): Promise<void> {
  await takeDown({ stateDir: sharedStateDir() });
}
