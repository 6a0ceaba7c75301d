// SPDX-License-Identifier: Apache-2.0

import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';

import { driverOf } from '../drivers/driver-of';
import { NetworkError } from '../runtime/network-error';
import { lockSeconds, withLock } from '../runtime/lock';
import { readNetwork } from '../state/network-state';
import { registeredNodes } from '../state/node-registry';
import { absoluteStateDir, requireOwnPlan } from '../state/plan';
import { inStep, type OnProgress } from '../runtime/progress';
import { finishRestore } from '../state/restored-files';
import { startInOrder, stopInOrder } from '../nodes/stop-and-start';
import { writeArchive } from './write-archive';

/** A snapshot that was taken. */
export interface Snapshot {
  readonly file: string;
  readonly bytes: number;
  readonly takenAt: string;
  readonly topology: string;
  /** Whether it takes a passphrase to open it. */
  readonly sealed: boolean;
}

/**
 * Archives a whole network: ledgers, keys, configuration, and what its services keep in the state folder. All nodes
 * stop meanwhile, so that the ledgers of all chains are from one moment; those that ran before are started again.
 *
 * @param options - `to`: the archive, which must not exist, or a folder to put it into; readable by its owner only.
 *   `passphrase`: encrypts and authenticates it; without one, whoever can write the file can change what it holds
 * @throws NetworkError NETWORK_NOT_UP, NETWORK_ATTACHED, SNAPSHOT_UNWRITABLE, and what starting nodes throws
 */
export async function takeSnapshot(options: {
  readonly stateDir: string;
  readonly to: string;
  readonly passphrase?: string | undefined;
  readonly onProgress?: OnProgress | undefined;
}): Promise<Snapshot> {
  const { onProgress = () => undefined } = options;
  const stateDir = absoluteStateDir(options.stateDir);
  return withLock(stateDir, lockSeconds, async () => {
    if (existsSync(stateDir)) await finishRestore(stateDir);
    const plan = requireOwnPlan(stateDir);
    const { chains, topology } = readNetwork(stateDir);
    const { passphrase } = options;
    const file = destination(stateDir, options.to, passphrase === undefined ? topology : `${topology}-sealed`);
    const driver = driverOf(stateDir, plan.driver);
    await driver.killTools();
    const running = new Set((await driver.status()).keys());
    const nodes = registeredNodes(stateDir).filter(({ name }) => running.has(name));
    try {
      await stopInOrder(driver, nodes, onProgress);
      const about = { stateDir, topology, chainIds: chains.map(({ chainId }) => chainId) };
      const { takenAt } = await inStep(onProgress, 'write archive', () => writeArchive(about, file, passphrase));
      return { file, bytes: statSync(file).size, takenAt, topology, sealed: passphrase !== undefined };
    } finally {
      await startInOrder(driver, nodes, onProgress);
    }
  });
}

/** Where an archive shall go, if it can. */
function destination(stateDir: string, to: string, topology: string): string {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const isFolder = existsSync(to) && statSync(to).isDirectory();
  const wanted = isFolder ? join(to, `gridpeg-${topology}-${time}.tar.gz`) : resolve(to);
  const folder = realpathSync(dirname(wanted));
  accessSync(folder, constants.W_OK);
  const file = join(folder, basename(wanted));
  if (existsSync(file)) throw unwritable(`${file} exists`);
  if (`${folder}${sep}`.startsWith(`${stateDir}${sep}`)) throw unwritable(`${file} lies in the network's own folder`);
  return file;
}

function unwritable(summary: string): NetworkError {
  return new NetworkError('SNAPSHOT_UNWRITABLE', summary, 'Name a new file elsewhere.');
}
