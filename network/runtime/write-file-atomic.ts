// SPDX-License-Identifier: Apache-2.0

import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file so that it is there whole or as it was before, after a power failure as well; its folder is made if
 * need be.
 *
 * @throws Error of the system, such as ENOSPC; then nothing is left of the attempt
 */
export function writeFileAtomic(file: string, content: string | Buffer, mode = 0o600): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const partial = `${file}.partial`;
  try {
    writeFileSync(partial, content, { mode });
    renameDurable(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

/** Writes a value as JSON, as `writeFileAtomic` does. */
export function writeJson(file: string, value: unknown): void {
  writeFileAtomic(file, `${JSON.stringify(value, undefined, 2)}\n`);
}

/** Gives a file or folder another name, with what it holds, so that it survives a power failure. */
export function renameDurable(from: string, to: string): void {
  syncToDisk(from);
  renameSync(from, to);
  syncToDisk(dirname(to));
}

/** Waits until a file's content, or the names in a folder, are on the disk. */
export function syncToDisk(path: string): void {
  const opened = openSync(path, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
