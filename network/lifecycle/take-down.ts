// SPDX-License-Identifier: Apache-2.0

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { killAllOf } from '../drivers/driver-of';
import { markedProcesses } from '../drivers/native/marked-processes';
import { withLock } from '../runtime/lock';
import { absoluteStateDir, readPlan } from '../state/plan';
import { inStep, type OnProgress } from '../runtime/progress';
import { removeStateFolder } from '../state/state-folder';

const lockSeconds = 60;

/** What `takeDown` would take. */
export interface Removal {
  /** An absolute path. */
  readonly stateDir: string;
  /** Whether there is a folder to remove. */
  readonly isFolder: boolean;
  readonly processes: number;
  /** Names of the chains whose ledgers and keys would be removed; none where others run the network. */
  readonly chains: readonly string[];
  /** Organizations whose notary has its key or its signing history in the folder. */
  readonly notaries: readonly string[];
}

/** What `takeDown` would remove, as far as it can be read. */
export function plannedRemoval(options: { readonly stateDir: string }): Removal {
  const stateDir = absoluteStateDir(options.stateDir);
  const processes = existsSync('/proc') ? markedProcesses(stateDir).length : 0;
  return {
    stateDir,
    isFolder: existsSync(stateDir),
    processes,
    chains: chainsIn(stateDir),
    notaries: notariesIn(stateDir),
  };
}

function notariesIn(stateDir: string): readonly string[] {
  const folder = join(stateDir, 'notaries');
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function chainsIn(stateDir: string): readonly string[] {
  try {
    const plan = readPlan(stateDir);
    return plan?.attached === undefined ? (plan?.topology.chains ?? []).map(({ name }) => name) : [];
  } catch {
    return [];
  }
}

/**
 * Takes a network down: ends all its processes, wherever a crash may have left them, and removes its state folder.
 * Nothing else is touched; there being nothing is no error.
 *
 * @param options - `stateDir` as it was given to `bringUp`
 * @returns how many processes were ended
 * @throws NetworkError STATE_DIR_FOREIGN if the folder is none of ours, STATE_LOCKED
 */
export async function takeDown(options: {
  readonly stateDir: string;
  readonly onProgress?: OnProgress | undefined;
}): Promise<number> {
  const { onProgress = () => undefined } = options;
  const stateDir = absoluteStateDir(options.stateDir);
  return withLock(stateDir, lockSeconds, async () => {
    const ended = await inStep(onProgress, 'end processes', () => killAllOf(stateDir));
    await inStep(onProgress, 'remove files', () => removeStateFolder(stateDir));
    return ended;
  });
}
