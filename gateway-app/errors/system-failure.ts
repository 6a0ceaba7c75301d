// SPDX-License-Identifier: Apache-2.0

import { networkExplanations } from '@gridpeg/network';
import { commandExplanations } from './command-explanations';

const { PORT_TAKEN, DISK_FULL } = networkExplanations;
const meanings = { ...commandExplanations, PORT_TAKEN, DISK_FULL };

/** The meaning of Node's own error codes; others are faults of the program. */
const bySystemCode: ReadonlyMap<string, keyof typeof meanings> = new Map([
  ['EACCES', 'FILE_FORBIDDEN'],
  ['EPERM', 'FILE_FORBIDDEN'],
  ['ENOENT', 'FILE_MISSING'],
  ['ENOTDIR', 'FILE_MISSING'],
  ['ENAMETOOLONG', 'FILE_MISSING'],
  ['ELOOP', 'FILE_MISSING'],
  ['EISDIR', 'FILE_UNREADABLE'],
  ['EIO', 'FILE_UNREADABLE'],
  ['ENXIO', 'FILE_UNREADABLE'],
  ['EEXIST', 'FILE_EXISTS'],
  ['ENOTEMPTY', 'FILE_EXISTS'],
  ['ENOSPC', 'DISK_FULL'],
  ['EDQUOT', 'DISK_FULL'],
  ['EFBIG', 'DISK_FULL'],
  ['EMFILE', 'FILES_TOO_MANY'],
  ['ENFILE', 'FILES_TOO_MANY'],
  ['EROFS', 'FOLDER_READ_ONLY'],
  ['ECONNREFUSED', 'CONNECTION_FAILED'],
  ['ECONNRESET', 'CONNECTION_FAILED'],
  ['ETIMEDOUT', 'CONNECTION_FAILED'],
  ['EHOSTUNREACH', 'CONNECTION_FAILED'],
  ['ENETUNREACH', 'CONNECTION_FAILED'],
  ['ENOTFOUND', 'CONNECTION_FAILED'],
  ['EAI_AGAIN', 'CONNECTION_FAILED'],
  ['EADDRINUSE', 'PORT_TAKEN'],
]);

/**
 * Gives an error of the operating system a code of ours and a sentence that says what to do.
 *
 * @returns undefined for what is none, or none that a user can do something about
 */
export function systemFailure(
  error: NodeJS.ErrnoException,
): { readonly code: string; readonly summary: string; readonly remedy: string } | undefined {
  // Node refuses a path with a NUL itself; the operating system would find no file of that name.
  const isNoPath = error.code === 'ERR_INVALID_ARG_VALUE' && error.message.includes('null bytes');
  const code = isNoPath ? 'FILE_MISSING' : bySystemCode.get(error.code ?? '');
  if (code === undefined) return undefined;
  const { summary, remedy } = meanings[code];
  const about =
    error.path ?? [fieldOf(error, 'address'), fieldOf(error, 'port')].filter((part) => part !== '').join(':');
  return { code, summary: `${summary} (${[about, error.code].filter((part) => part !== '').join(', ')})`, remedy };
}

function fieldOf(error: object, name: string): string {
  const value: unknown = Object.entries(error).find(([key]) => key === name)?.[1];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
