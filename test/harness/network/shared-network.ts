// SPDX-License-Identifier: Apache-2.0

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeDown } from '@gridpeg/network';
import { gridpegWell } from '../cli/gridpeg';
import { stopNotaries } from './own-network';
import { TestNetwork } from './test-network';

/**
 * Where the one network of a run lies: files of the integration project run one after another in the process of Jest.
 */
export function sharedStateDir(): string {
  return join(tmpdir(), `gridpeg-test-${process.pid}`);
}

/** The network of this run, configured, its notaries stopped: tests carry certificates by hand. */
export function sharedNetwork(): TestNetwork {
  return new TestNetwork(sharedStateDir());
}

/** Runs the files that share the network while it is up; it is taken down however they end. */
export async function whileSharedNetworkIsUp(runFiles: () => Promise<void>): Promise<void> {
  const stateDir = sharedStateDir();
  try {
    await gridpegWell(stateDir, 'up');
    await stopNotaries(stateDir);
    await runFiles();
  } finally {
    await takeDown({ stateDir });
  }
}
