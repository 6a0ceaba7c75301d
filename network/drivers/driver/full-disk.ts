// SPDX-License-Identifier: Apache-2.0

import { existsSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { nodeDir } from '../../render/layout';
import type { Driver } from './driver';

/** The messages of Go, Node and SQLite when they cannot write any more. */
const noSpace = /no space left on device|ENOSPC|disk quota exceeded|EDQUOT|database or disk is full/i;
/** With less than this a node can write neither a block nor a line of its log, which then does not say why it ended. */
const nothingFree = 65_536;

/**
 * The folder of a node whose disk is full, as its last log lines or the file system say; undefined if none is.
 *
 * @param words - what the node wrote last
 */
export function fullDiskOf(stateDir: string, node: string, words: string): string | undefined {
  const folders = [stateDir, ownDiskOf(stateDir, node)].filter((folder) => folder !== undefined);
  return (
    folders.find((folder) => freeBytes(folder) < nothingFree) ?? (noSpace.test(words) ? folders.at(-1) : undefined)
  );
}

/** As {@link fullDiskOf}, for a dead node, by the end of its log. */
export async function fullDiskByLog(
  driver: Pick<Driver, 'logs'>,
  stateDir: string,
  node: string,
): Promise<string | undefined> {
  const pieces: string[] = [];
  try {
    for await (const piece of driver.logs(node, { lines: 100 })) pieces.push(piece);
  } catch {
    // Without a log the file system may still show it.
  }
  return fullDiskOf(stateDir, node, pieces.join('\n'));
}

/** The folder of a node's data, if it has a disk of its own. */
export function ownDiskOf(stateDir: string, node: string): string | undefined {
  const data = join(nodeDir(stateDir, node), 'data');
  return existsSync(data) && statSync(data).dev !== statSync(stateDir).dev ? data : undefined;
}

/** The free space on a folder's disk for this user. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
