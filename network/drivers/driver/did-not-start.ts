// SPDX-License-Identifier: Apache-2.0

import { statfsSync } from 'node:fs';

import { NetworkError } from '../../runtime/network-error';
import type { NodeSpec } from './driver';

/** What programs of Go, Node and SQLite say when they cannot write any more. */
export const noSpace = /no space left on device|ENOSPC|disk quota exceeded|EDQUOT|database or disk is full/i;
/** With less than this a node can write neither a block nor a line of its log, which then does not say why it ended. */
const nothingFree = 65_536;

/**
 * Why a node did not start: a full disk where its last words, or the file system, say so.
 *
 * @param how - what it did instead, such as `ended while starting`
 */
export function didNotStart(
  { name, kind }: Pick<NodeSpec, 'name' | 'kind'>,
  how: string,
  { words, log, stateDir }: { readonly words: string; readonly log: string; readonly stateDir: string },
): NetworkError {
  if (noSpace.test(words) || freeBytes(stateDir) < nothingFree) {
    const remedy = 'Make room, then run "gridpeg up", which starts it.';
    return new NetworkError('DISK_FULL', `${name} ${how}: the disk of ${stateDir} is full`, remedy, words);
  }
  const refill =
    kind === 'peer' ? `; if its ledger is damaged, "gridpeg node refill ${name}" gets it from the others` : '';
  return new NetworkError('NODE_DID_NOT_START', `${name} ${how}`, `Read ${log}${refill}.`, words);
}

/** What a log says of why its node ended: where a Go program panics, the cause is above a screenful of stack. */
export function causeIn(log: string): string {
  const lines = log.split('\n');
  const cause = lines.findIndex((line) => /^panic: | (PANI|FATA|ERRO) |^Error/.test(line));
  return lines
    .slice(cause < 0 ? -15 : cause)
    .slice(0, 15)
    .join('\n');
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
