// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { NetworkError } from '../runtime/network-error';
import { writeFileAtomic } from '../runtime/write-file-atomic';

/** The file by which a folder is known as ours. */
export const ownershipMark = '.gridpeg-state';
/** Says that a folder is being removed: whatever is still in it belongs to no network any more. */
const removalMark = '.gridpeg-removing';
/** What was decided about a network: of all its files the first to be written. */
export const planFileName = 'plan.json';
/** The folder within a state folder where a restored network waits until it is whole. */
export const restoringFolder = 'restoring';
/** Says that it takes the place of what is there. */
export const restoreDecision = join(restoringFolder, 'decided.json');

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
  writeFileSync(join(stateDir, ownershipMark), 'Made by "gridpeg up", removed by "gridpeg down".\n', { mode: 0o600 });
}

/**
 * Removes a folder that is ours. It is marked as removed first, and its own mark goes last: a crash leaves something
 * that no `up` goes on with, and that can be removed again.
 *
 * @throws NetworkError STATE_DIR_FOREIGN if it is not ours
 */
export async function removeStateFolder(stateDir: string): Promise<void> {
  if (!existsSync(stateDir)) return;
  const entries = await readdir(stateDir);
  if (entries.length > 0 && !isStateFolder(stateDir)) throw foreign(stateDir);
  writeFileSync(join(stateDir, removalMark), '');
  await removeAllButMarks(stateDir);
  await rm(stateDir, { recursive: true, force: true, maxRetries: 5 });
}

/** Removes what an interrupted removal has left, so that nobody takes notes of a network that is gone for its own. */
export async function finishRemoval(stateDir: string): Promise<void> {
  if (!existsSync(join(stateDir, removalMark))) return;
  await removeAllButMarks(stateDir);
  await rm(join(stateDir, removalMark));
}

async function removeAllButMarks(stateDir: string): Promise<void> {
  const others = (await readdir(stateDir)).filter((entry) => ![ownershipMark, removalMark].includes(entry));
  await Promise.all(others.map((entry) => rm(join(stateDir, entry), { recursive: true, force: true, maxRetries: 5 })));
}

/** Whether a folder is ours. */
export function isStateFolder(stateDir: string): boolean {
  return existsSync(join(stateDir, ownershipMark));
}

/**
 * Does something that must not be done twice, unless it is known to be done.
 *
 * A crash between the action and the note of it repeats the action, which must then find that there is nothing to do.
 *
 * @param name - distinguishes it from everything else done to this network
 */
export async function runOnce(stateDir: string, name: string, action: () => Promise<void>): Promise<void> {
  if (isDone(stateDir, name)) return;
  await action();
  writeFileAtomic(noteFile(stateDir, name), '');
}

/** Whether something is known to be done. */
export function isDone(stateDir: string, name: string): boolean {
  return existsSync(noteFile(stateDir, name));
}

function noteFile(stateDir: string, name: string): string {
  return join(stateDir, 'done', name);
}

/**
 * Refuses a path that programs would read as something else than a path: scripts and configuration files of Fabric take
 * these characters for variables, quotes, escapes and ends of lines; Compose takes a colon for the end of a path.
 *
 * @throws NetworkError PATH_UNUSABLE
 */
export function requireUsablePath(path: string, isInContainers = false): void {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const [found] = (isInContainers ? /[$"\\:\x00-\x1f\x7f]/ : /[$"\\\x00-\x1f\x7f]/).exec(path) ?? [];
  if (found === undefined) return;
  throw new NetworkError(
    'PATH_UNUSABLE',
    `the path ${JSON.stringify(path)} has the character ${JSON.stringify(found)}, ` +
      'which programs that get it take for something else',
    'Name another folder with --state, or rename the one that it lies in.',
  );
}

function foreign(stateDir: string): NetworkError {
  return new NetworkError(
    'STATE_DIR_FOREIGN',
    `${stateDir} holds files that gridpeg did not make`,
    'Name an empty folder, or one that does not exist.',
  );
}
