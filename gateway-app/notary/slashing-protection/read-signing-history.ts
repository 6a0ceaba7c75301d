// SPDX-License-Identifier: Apache-2.0

import { type FileHandle } from 'node:fs/promises';
import { PegError } from '../../client';
import { historyHeader, parseLine, type SignedEntry } from './signing-record';

/** Far more than what one write can leave behind its last line feed. */
const longestRest = 2 ** 20;

/** A part of a signing history: the file may be longer than a text can be. */
export interface HistoryPart {
  readonly entries: ReadonlyArray<SignedEntry & { readonly line: number }>;
  /** Bytes up to the last line feed read so far, of the whole file. */
  readonly wholeBytes: number;
  /** Whether anything follows that; only in the last part does it say that a write was cut short. */
  readonly hasRest: boolean;
}

/**
 * Reads a signing history from its beginning, part by part. What follows the last line feed is no entry: a crash cut it
 * short.
 *
 * @param path - names the file in errors
 * @throws PegError SIGNING_HISTORY_DAMAGED, with the file and the line, where a line is no entry
 */
export async function* readSigningHistory(
  path: string,
  file: Pick<FileHandle, 'createReadStream'>,
): AsyncGenerator<HistoryPart, void> {
  const text = file.createReadStream({ encoding: 'latin1', start: 0, autoClose: false, highWaterMark: 2 ** 20 });
  let rest = '';
  let line = 0;
  let readBytes = 0;
  for await (const part of text as AsyncIterable<string>) {
    readBytes += part.length;
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestRest) throw damaged(path, line + lines.length + 1, 'the line does not end');
    const first = line;
    line += lines.length;
    const numbered = lines.map((text, index) => ({ text, number: first + index + 1 }));
    yield {
      entries: numbered.flatMap(({ text, number }) =>
        number === 1 && text === historyHeader ? [] : [entryOf(path, number, text)],
      ),
      wholeBytes: readBytes - rest.length,
      hasRest: rest !== '',
    };
  }
}

/** Why a history cannot be used. */
export function damaged(file: string, line: number, detail: string): PegError {
  return new PegError({ code: 'SIGNING_HISTORY_DAMAGED', details: { file, line }, detail });
}

function entryOf(path: string, line: number, text: string): HistoryPart['entries'][number] {
  const entry = parseLine(text);
  if (entry === undefined) throw damaged(path, line, 'the line is no entry');
  return { ...entry, line };
}
