// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { networkStatus, stopNode, takeDown } from '@gridpeg/network';
import { gridpeg, gridpegWell } from '../cli/gridpeg';
import { TestNetwork } from './test-network';
import { waitUntil } from '../wait-until';

/** A network of one test file, for what would break the shared one. Take it down in `afterAll`. */
export class OwnNetwork {
  readonly folder: string;
  readonly stateDir: string;
  #opened: TestNetwork | undefined;

  /** @param prefix - of the name of its folder */
  constructor(prefix = 'gridpeg-test-') {
    this.folder = mkdtempSync(join(tmpdir(), prefix));
    this.stateDir = join(this.folder, 'state');
  }

  /** @param parameters - of `gridpeg up` */
  async up(...parameters: readonly string[]): Promise<void> {
    await gridpegWell(this.stateDir, 'up', ...parameters);
  }

  /** The network by its public client; it must be up. */
  open(): TestNetwork {
    this.#opened ??= new TestNetwork(this.stateDir);
    return this.#opened;
  }

  /** Ends everything, whatever state a failed test has left it in. */
  async down(): Promise<void> {
    this.#opened?.close();
    if (existsSync(this.stateDir)) await takeDown({ stateDir: this.stateDir });
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Names of the notaries' nodes. */
export async function notaryNodes(stateDir: string): Promise<readonly string[]> {
  return (await networkStatus({ stateDir })).map(({ name }) => name).filter((name) => name.startsWith('notary.'));
}

/** Ends the notaries, so that nobody but the test carries certificates. */
export async function stopNotaries(stateDir: string): Promise<void> {
  await Promise.all((await notaryNodes(stateDir)).map((node) => stopNode({ stateDir, node })));
}

/** Waits until `gridpeg status` finds a network well: on a busy machine a notary may answer too late once. */
export async function waitUntilWell(stateDir: string): Promise<void> {
  await waitUntil('the network is well', async () => (await gridpeg(stateDir, 'status')).status === 0);
}
