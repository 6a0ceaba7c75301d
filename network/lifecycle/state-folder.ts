// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { NetworkError } from '../network-error';
import { writeFileAtomic } from '../write-file-atomic';

/** The file by which a folder is known as ours. */
export const OWNERSHIP_MARK = '.gridpeg-state';
/** What was decided about a network: of all its files the first to be written, and without it the others are worth nothing. */
export const PLAN_FILE = 'plan.json';
/** The folder within a state folder where a restored network waits until it is whole. */
export const RESTORING = 'restoring';
/** Says that it takes the place of what is there. */
export const RESTORE_DECISION = join(RESTORING, 'decided.json');

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
 * Removes a folder that is ours. What makes a network of its files goes first, and the mark last: a crash leaves something
 * that no `up` goes on with, and that can be removed again.
 *
 * @throws NetworkError STATE_DIR_FOREIGN if it is not ours
 */
export async function removeStateFolder(stateDir: string): Promise<void> {
  if (!existsSync(stateDir)) return;
  const entries = await readdir(stateDir);
  if (entries.length > 0 && !isStateFolder(stateDir)) throw foreign(stateDir);
  for (const file of [RESTORE_DECISION, PLAN_FILE]) await rm(join(stateDir, file), { force: true });
  await removeAllButMark(stateDir);
  await rm(stateDir, { recursive: true, force: true, maxRetries: 5 });
}

/** Removes what an interrupted removal has left, so that nobody takes notes of a network that is gone for its own. */
export async function finishRemoval(stateDir: string): Promise<void> {
  if (!existsSync(join(stateDir, PLAN_FILE))) await removeAllButMark(stateDir);
}

async function removeAllButMark(stateDir: string): Promise<void> {
  const others = (await readdir(stateDir)).filter((entry) => entry !== OWNERSHIP_MARK);
  await Promise.all(others.map((entry) => rm(join(stateDir, entry), { recursive: true, force: true, maxRetries: 5 })));
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
  writeFileAtomic(note, '');
}

function foreign(stateDir: string): NetworkError {
  return new NetworkError(
    'STATE_DIR_FOREIGN',
    `${stateDir} holds files that gridpeg did not make`,
    'Name an empty folder, or one that does not exist',
  );
}
