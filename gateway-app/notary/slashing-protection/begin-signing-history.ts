// SPDX-License-Identifier: Apache-2.0

import { existsSync, statSync } from 'node:fs';
import { isNativeError } from 'node:util/types';
import { writeFileAtomic } from '@gridpeg/network';
import { PegError } from '../../client';
import { checkpointFileOf, makeCheckpoint, readCheckpoint, type Checkpoint } from './history-checkpoint';
import { damaged, historyHeader } from './signing-record';

/**
 * Makes a signing history where there never was one: with its header, so that it is not empty. The caller holds its
 * lock.
 *
 * @throws PegError SIGNING_HISTORY_DAMAGED when there was one, and it is gone or empty; SIGNING_HISTORY_FAILED
 */
export function beginSigningHistory(path: string): void {
  if (existsSync(path) && statSync(path).size > 0) return;
  requireNeverBegun(path);
  // Earlier versions made an empty file and wrote to it when they first signed.
  writing(path, () => {
    writeFileAtomic(path, `${historyHeader}\n`);
  });
}

/**
 * Makes the checkpoint's file where there is none, or one of an earlier version.
 *
 * @throws PegError SIGNING_HISTORY_FAILED
 */
export function beginCheckpoint(path: string, checkpoint: Checkpoint): void {
  if ((readCheckpoint(path)?.lines ?? 0) > 0) return;
  writing(path, () => {
    makeCheckpoint(path, checkpoint);
  });
}

/** @throws PegError SIGNING_HISTORY_DAMAGED when a history was begun in which there is no whole line now */
export function requireNeverBegun(path: string): void {
  if (existsSync(checkpointFileOf(path))) throw damaged(path, 1, 'there was a history, and nothing of it is left');
}

function writing(path: string, action: () => void): void {
  try {
    action();
  } catch (cause) {
    const detail = isNativeError(cause) ? cause.message : '';
    throw new PegError({ code: 'SIGNING_HISTORY_FAILED', details: { file: path }, detail, cause });
  }
}
