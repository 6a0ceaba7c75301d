// SPDX-License-Identifier: Apache-2.0

import { existsSync, statSync } from 'node:fs';
import { isNativeError } from 'node:util/types';
import { writeFileAtomic } from '@gridpeg/network';
import { PegError } from '../../client';
import { historyHeader } from './signing-record';
import { damaged } from './read-signing-history';

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

/** Remembers that there is a history now, whatever becomes of its file. @throws PegError SIGNING_HISTORY_FAILED */
export function markBegun(path: string): void {
  if (existsSync(markOf(path))) return;
  writing(path, () => {
    writeFileAtomic(
      markOf(path),
      'Says that the signing history beside it was begun, and may not be missing or empty.\n',
    );
  });
}

/** @throws PegError SIGNING_HISTORY_DAMAGED when a history was begun in which there is no whole line now */
export function requireNeverBegun(path: string): void {
  if (existsSync(markOf(path))) throw damaged(path, 1, 'there was a history, and nothing of it is left');
}

function markOf(path: string): string {
  return `${path}.begun`;
}

function writing(path: string, action: () => void): void {
  try {
    action();
  } catch (cause) {
    const detail = isNativeError(cause) ? cause.message : '';
    throw new PegError({ code: 'SIGNING_HISTORY_FAILED', details: { file: path }, detail, cause });
  }
}
