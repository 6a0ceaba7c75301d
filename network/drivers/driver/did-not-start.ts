// SPDX-License-Identifier: Apache-2.0

import { NetworkError } from '../../runtime/network-error';
import type { NodeSpec } from './driver';
import { fullDiskOf } from './full-disk';

/**
 * Why a node did not start. It is a full disk when the last log lines or the file system say so.
 *
 * @param how - what it did instead, such as `ended while starting`
 */
export function didNotStart(
  { name, kind }: Pick<NodeSpec, 'name' | 'kind'>,
  how: string,
  { words, log, stateDir }: { readonly words: string; readonly log: string; readonly stateDir: string },
): NetworkError {
  const full = fullDiskOf(stateDir, name, words);
  if (full !== undefined) {
    const remedy = 'Make room, then run "gridpeg up", which starts it.';
    return new NetworkError('DISK_FULL', `${name} ${how}: the disk of ${full} is full`, remedy, words);
  }
  const refill =
    kind === 'peer' || kind === 'orderer'
      ? `; if its ledger is damaged, "gridpeg node refill ${name}" gets it from the others`
      : '';
  return new NetworkError('NODE_DID_NOT_START', `${name} ${how}`, `Read ${log}${refill}.`, words);
}

/** The reason in a log why a node ended. When a Go program panics, the cause stands above the stack. */
export function causeIn(log: string): string {
  const lines = log.split('\n');
  const cause = lines.findIndex((line) => /^panic: | (PANI|FATA|ERRO) |^Error/.test(line));
  return lines
    .slice(cause < 0 ? -15 : cause)
    .slice(0, 15)
    .join('\n');
}
