// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { NetworkError } from '../runtime/network-error';
import { writeJson, writeFileAtomic } from '../runtime/write-file-atomic';
import { lockSeconds, withLock } from '../runtime/lock';
import { networkStateFile, readNetwork, type NetworkState } from './network-state';
import { absoluteStateDir, readPlan } from './plan';
import { claimStateFolder } from './state-folder';

/** A network that others run, as one of its users knows it. */
export interface NetworkView {
  readonly state: NetworkState;
  /** Contents of the files that the state names, by path below the state folder. */
  readonly files: ReadonlyMap<string, string | Buffer>;
}

/**
 * Writes down a network that others run, so that everything but starting and stopping nodes can be done with it. Taking
 * it down removes the folder, nothing else.
 *
 * @param viewIn - makes the view for the folder's absolute path
 * @throws NetworkError STATE_TAKEN if there is a network in the folder, STATE_DIR_FOREIGN, STATE_LOCKED
 */
export async function importNetwork(stateDir: string, viewIn: (stateDir: string) => NetworkView): Promise<void> {
  requireVacant(stateDir);
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const folder = absoluteStateDir(stateDir);
  await withLock(folder, lockSeconds, () => {
    requireVacant(folder);
    claimStateFolder(folder);
    writeView(folder, viewIn(folder));
    return Promise.resolve();
  });
}

/**
 * Updates the description of an imported network. What else is in its folder stays: identities, key and history of a
 * notary.
 *
 * @param viewIn - as for `importNetwork`
 * @throws NetworkError NETWORK_NOT_IMPORTED, STATE_LOCKED
 */
export async function refreshImported(stateDir: string, viewIn: (stateDir: string) => NetworkView): Promise<void> {
  requireImported(stateDir);
  const folder = absoluteStateDir(stateDir);
  await withLock(folder, lockSeconds, () => {
    requireImported(folder);
    writeView(folder, viewIn(folder));
    return Promise.resolve();
  });
}

function writeView(folder: string, { state, files }: NetworkView): void {
  for (const [path, content] of files) writeFileAtomic(join(folder, path), content);
  writeJson(networkStateFile(folder), state);
}

/** Whether the network in a folder was imported: there is no plan of one that is not ours to start. */
export function isImported(stateDir: string): boolean {
  const folder = absoluteStateDir(stateDir);
  return readPlan(folder) === undefined && existsSync(networkStateFile(folder));
}

/** @throws NetworkError NETWORK_NOT_IMPORTED */
export function requireImported(stateDir: string): void {
  if (isImported(stateDir)) return;
  throw new NetworkError(
    'NETWORK_NOT_IMPORTED',
    `no network was imported into ${stateDir}`,
    'Name the folder of one with --state, or import it with "gridpeg profile import".',
  );
}

/** A description that cannot be read may be written again: nothing else lies in it. @throws NetworkError STATE_TAKEN */
function requireVacant(stateDir: string): void {
  if (readPlan(stateDir) === undefined && !isDescribed(stateDir)) return;
  throw new NetworkError(
    'STATE_TAKEN',
    `there is a network in ${stateDir} already`,
    'Name another folder with --state, or take that network down first.',
  );
}

function isDescribed(stateDir: string): boolean {
  try {
    readNetwork(stateDir);
    return true;
  } catch (error) {
    return !(error instanceof NetworkError) || !['NETWORK_NOT_UP', 'STATE_UNREADABLE'].includes(error.code);
  }
}

/** @throws NetworkError STATE_TAKEN if others run the network in a folder: it is not ours to bring up */
export function requireOwn(stateDir: string): void {
  if (!isImported(stateDir)) return;
  throw new NetworkError(
    'STATE_TAKEN',
    `the network in ${stateDir} was imported, others run it`,
    'Name another folder with --state for a network of your own.',
  );
}
