// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DayError } from '../../errors/day-error';
import { parseSessions, type DaySessions, type SessionSource } from './parse-sessions';

/**
 * Reads the charging sessions of one day from a file.
 *
 * @throws DayError SESSIONS_UNREADABLE, and what `parseSessions` throws
 */
export function readSessions(file: string, wanted: Pick<SessionSource, 'date' | 'unit'>): DaySessions {
  return parseSessions(readBytes(file), { ...wanted, file: basename(file), nowMs: Date.now() });
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new DayError('SESSIONS_UNREADABLE', `${file} cannot be read`, 'Give the path of a CSV file with --sessions.');
  }
}
