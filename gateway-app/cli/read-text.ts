// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { CommandError } from './command-error';

/** The text of a file that the user named. @throws CommandError FILE_UNREADABLE */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new CommandError('FILE_UNREADABLE', `${file} cannot be read. Name a file that is there.`);
  }
}
