// SPDX-License-Identifier: Apache-2.0

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { markedProcesses } from '../drivers/native/marked-processes';
import { NetworkError } from '../runtime/network-error';
import { keepCopies } from './kept-copies';
import { lockSeconds, withLock } from '../runtime/lock';
import { networkStateFile, readNetwork } from './network-state';
import { readRegistration } from './node-registry';
import { absoluteStateDir, networkDriver } from './plan';
import { finishRestore } from './restored-files';
import { finishRemoval, isStateFolder, planFileName } from './state-folder';

/**
 * Makes the damaged files of a network whole, before anything is decided by what they say: those that nothing else says
 * come from their copies, those that are derived are forgotten, so that `up` writes them again.
 *
 * @returns for each of them what was done, as a sentence
 * @throws NetworkError STATE_UNREADABLE when a file and its copy are damaged, STATE_VERSION, PROCESS_LEFT_OVER,
 * STATE_LOCKED
 */
export async function mendState(options: { readonly stateDir: string }): Promise<readonly string[]> {
  const stateDir = absoluteStateDir(options.stateDir);
  return withLock(stateDir, lockSeconds, async () => {
    if (!existsSync(stateDir) || !isStateFolder(stateDir)) {
      requireNoProcesses(stateDir);
      return [];
    }
    await finishRestore(stateDir);
    await finishRemoval(stateDir);
    const restored = keepCopies(stateDir);
    requirePlanOfItsFiles(stateDir);
    if (!existsSync(join(stateDir, planFileName))) requireNoProcesses(stateDir);
    return [
      ...restored.map((path) => `${path} was damaged and is put back from its copy.`),
      ...(await forgetDamagedNodes(stateDir)),
      ...forgetDamagedDescription(stateDir),
    ];
  });
}

/** A network without its plan would be made again beside the ledgers and keys of the one that is there. */
function requirePlanOfItsFiles(stateDir: string): void {
  const isPlanned = existsSync(join(stateDir, planFileName));
  if (isPlanned || !existsSync(join(stateDir, 'done'))) return;
  throw new NetworkError(
    'STATE_UNREADABLE',
    `${join(stateDir, planFileName)} is gone, and the ledgers and keys of its network are there`,
    'Put it back from a backup (a snapshot holds it too), or remove what is left with "gridpeg down".',
  );
}

/** Nodes of a network whose files are gone have ports and keys that nothing here knows of. */
function requireNoProcesses(stateDir: string): void {
  // Programs that are not done yet, such as a build, belong to an `up` that was ended before it had decided anything.
  const count = markedProcesses(stateDir).filter(({ node }) => node !== undefined).length;
  if (count === 0) return;
  throw new NetworkError(
    'PROCESS_LEFT_OVER',
    `${String(count)} nodes of a network run on, and its files in ${stateDir} are gone`,
    `End them with "gridpeg --state ${stateDir} down", then run this again.`,
  );
}

/** How a node is run is derived from the plan; one that runs as nobody knows is stopped, to be started as it should. */
async function forgetDamagedNodes(stateDir: string): Promise<readonly string[]> {
  const nodes = join(stateDir, 'nodes');
  const names = existsSync(nodes) ? readdirSync(nodes) : [];
  const damaged = names.filter((name) => isDamaged(() => readRegistration(stateDir, name)));
  for (const name of damaged) {
    await networkDriver(stateDir).stop(name);
    rmSync(join(nodes, name, 'node.json'));
  }
  return damaged.map((name) => `nodes/${name}/node.json was damaged; it is written again, and ${name} restarted.`);
}

function forgetDamagedDescription(stateDir: string): readonly string[] {
  const file = networkStateFile(stateDir);
  // An imported network has no plan that it could be derived from.
  const isDerived = existsSync(join(stateDir, planFileName)) && existsSync(file);
  if (!isDerived || !isDamaged(() => readNetwork(stateDir))) return [];
  rmSync(file);
  return ['network.json was damaged and is written again.'];
}

/** @throws NetworkError STATE_VERSION: what another version wrote is whole, and not ours to replace */
function isDamaged(read: () => unknown): boolean {
  try {
    read();
    return false;
  } catch (error) {
    if (error instanceof NetworkError && error.code === 'STATE_UNREADABLE') return true;
    throw error;
  }
}
