// SPDX-License-Identifier: Apache-2.0

import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { renameDurable, writeJson } from '../runtime/write-file-atomic';
import { copiesFolder } from '../state/kept-copies';
import { seal } from './sealed-archive';
import { makeManifest, manifestName, pack, type SnapshotManifest } from './snapshot-archive';
import { ownershipMark, restoringFolder } from '../state/state-folder';

/** Where the archive grows: in the state folder, so that nothing of it outlives a crash and `down`. */
export const growingFolder = 'snapshot.partial';
/** What is no state: logs, what is under way, and what a driver remembers of this machine's containers. */
const leftOut = new Set([
  ...['logs', growingFolder, restoringFolder, ownershipMark, copiesFolder],
  ...['compose.yaml', 'composed.json', 'containers.json'],
]);

/**
 * Archives a state folder whose nodes stand still.
 *
 * @param file - gets the archive once it is whole; if it cannot, nothing is left of the attempt
 * @param passphrase - seals the archive
 * @throws Error of the system, such as ENOSPC
 */
export async function writeArchive(
  about: Pick<SnapshotManifest, 'stateDir' | 'topology' | 'chainIds'>,
  file: string,
  passphrase?: string,
): Promise<SnapshotManifest> {
  const { stateDir } = about;
  const manifestDir = join(stateDir, growingFolder);
  rmSync(manifestDir, { recursive: true, force: true });
  try {
    mkdirSync(manifestDir, { mode: 0o700 });
    const entries = readdirSync(stateDir).filter((entry) => !leftOut.has(entry));
    const manifest = await makeManifest(about, entries);
    writeJson(join(manifestDir, manifestName), manifest);
    const growing = join(manifestDir, 'archive.tar.gz');
    await pack(growing, stateDir, join(growingFolder, manifestName), entries);
    const whole = passphrase === undefined ? growing : `${growing}.sealed`;
    if (passphrase !== undefined) await seal(growing, whole, passphrase);
    move(whole, file);
    return manifest;
  } finally {
    rmSync(manifestDir, { recursive: true, force: true });
  }
}

/** Puts a file at its place whole, on another file system too. */
function move(from: string, to: string): void {
  try {
    renameDurable(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    const partial = `${to}.partial`;
    try {
      copyFileSync(from, partial);
      renameDurable(partial, to);
    } finally {
      rmSync(partial, { force: true });
    }
  }
}
