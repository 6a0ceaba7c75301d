// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { NetworkError } from '../network-error';
import { writeWhole } from '../whole-file';

/** The file by which a folder is known as ours. */
export const OWNERSHIP_MARK = '.gridpeg-state';

/**
 * Makes a folder ours, so that taking down may remove it.
 *
 * @param stateDir - absolute; absent, empty, or ours
 * @throws NetworkError STATE_DIR_FOREIGN if there is something in it that we did not make
 */
export function claimStateFolder(stateDir: string): void {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  if (isStateFolder(stateDir)) return;
  if (readdirSync(stateDir).length > 0) throw foreign(stateDir);
  writeFileSync(join(stateDir, OWNERSHIP_MARK), 'Made by "gridpeg up", removed by "gridpeg down".\n', { mode: 0o600 });
}

/**
 * Removes a folder that is ours; the mark goes last, so that a crash leaves something that can be removed again.
 *
 * @throws NetworkError STATE_DIR_FOREIGN if it is not ours
 */
export async function removeStateFolder(stateDir: string): Promise<void> {
  if (!existsSync(stateDir)) return;
  const entries = await readdir(stateDir);
  if (entries.length > 0 && !isStateFolder(stateDir)) throw foreign(stateDir);
  const others = entries.filter((entry) => entry !== OWNERSHIP_MARK);
  await Promise.all(others.map((entry) => rm(join(stateDir, entry), { recursive: true, force: true, maxRetries: 5 })));
  await rm(stateDir, { recursive: true, force: true, maxRetries: 5 });
}

/** Whether a folder is ours. */
export function isStateFolder(stateDir: string): boolean {
  return existsSync(join(stateDir, OWNERSHIP_MARK));
}

/**
 * Does something that must not be done twice, unless it is known to be done.
 *
 * A crash between the action and the note of it repeats the action, which must then find that there is nothing to do.
 *
 * @param name - distinguishes it from everything else done to this network
 */
export async function onceInState(stateDir: string, name: string, action: () => Promise<void>): Promise<void> {
  const note = join(stateDir, 'done', name);
  if (existsSync(note)) return;
  await action();
  writeWhole(note, '');
}

function foreign(stateDir: string): NetworkError {
  return new NetworkError(
    'STATE_DIR_FOREIGN',
    `${stateDir} holds files that gridpeg did not make`,
    'Name an empty folder, or one that does not exist',
  );
}
