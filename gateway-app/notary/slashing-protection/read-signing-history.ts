// SPDX-License-Identifier: Apache-2.0

import { type FileHandle } from 'node:fs/promises';
import { checkpointFileOf, HistoryDigest, readCheckpoint, type Checkpoint } from './history-checkpoint';
import { contradiction, damaged, historyHeader, SignedContents, parseLine, type SignedEntry } from './signing-record';

/** Far more than what one write can leave behind its last line feed. */
const longestRest = 2 ** 20;

/** A part of a signing history: the file may be longer than a text can be. */
export interface HistoryPart {
  readonly entries: ReadonlyArray<SignedEntry & { readonly line: number }>;
  /** Bytes up to the last line feed read so far, of the whole file. */
  readonly wholeBytes: number;
  /** Whether anything follows that; only in the last part does it say that a write was cut short. */
  readonly hasRest: boolean;
  /** Of the lines read so far. */
  readonly digest: HistoryDigest;
}

/**
 * Reads a signing history from its beginning, part by part, and compares it with its checkpoint. What follows the last
 * line feed is no entry: a crash cut it short.
 *
 * @param path - of the file, beside which the checkpoint lies
 * @throws PegError SIGNING_HISTORY_DAMAGED, with the file and the line, where a line is no entry or is gone
 */
export async function* readSigningHistory(
  path: string,
  file: Pick<FileHandle, 'createReadStream'>,
): AsyncGenerator<HistoryPart, void> {
  const text = file.createReadStream({ encoding: 'latin1', start: 0, autoClose: false, highWaterMark: 2 ** 20 });
  const checkpoint = readCheckpoint(path);
  const digest = new HistoryDigest();
  let hasHeader = false;
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
    hasHeader ||= first === 0 && lines[0] === historyHeader;
    const numbered = lines.map((text, index) => ({ text, number: first + index + 1 }));
    const entries = numbered.flatMap(({ text, number }) =>
      number === 1 && text === historyHeader ? [] : [entryOf(path, number, text)],
    );
    addLines(path, digest, lines, checkpoint);
    yield { entries, wholeBytes: readBytes - rest.length, hasRest: rest !== '', digest };
  }
  requireCounted(path, { lines: line, hasHeader, checkpoint });
}

/** A history as it is on the disk, without anything behind its last line feed. */
export interface LoadedHistory {
  readonly known: SignedContents;
  /** Bytes of the file. */
  readonly size: number;
  readonly digest: HistoryDigest;
}

/**
 * Reads a whole history, and removes what follows its last line feed.
 *
 * @throws PegError SIGNING_HISTORY_DAMAGED
 */
export async function loadSigningHistory(
  path: string,
  file: Pick<FileHandle, 'createReadStream' | 'truncate' | 'datasync'>,
): Promise<LoadedHistory> {
  const known = new SignedContents();
  let last: HistoryPart | undefined;
  for await (const part of readSigningHistory(path, file)) {
    for (const { line, ...entry } of part.entries) {
      if (contradiction([entry], known) !== undefined) {
        throw damaged(path, line, 'an earlier line has another content for the same id');
      }
      known.set(entry);
    }
    last = part;
  }
  if (last === undefined || last.wholeBytes === 0) throw damaged(path, 1, 'there is no whole line in it');
  // A line that a crash cut short was never answered for; appending behind it would spoil the next one.
  if (last.hasRest) await file.truncate(last.wholeBytes);
  // Lines of a process that was killed may not be on the disk yet, and the checkpoint is about to count them.
  await file.datasync();
  return { known, size: last.wholeBytes, digest: last.digest };
}

/** @throws PegError SIGNING_HISTORY_DAMAGED when the lines that the checkpoint counts are not those that it counted */
function addLines(
  path: string,
  digest: HistoryDigest,
  lines: readonly string[],
  checkpoint: Checkpoint | undefined,
): void {
  const counted = Math.max(0, (checkpoint?.lines ?? 0) - digest.lines);
  const whole = lines.map((line) => `${line}\n`);
  digest.add(whole.slice(0, counted));
  if (counted > 0 && digest.lines === checkpoint?.lines && digest.checkpoint.digest !== checkpoint.digest) {
    throw damaged(path, digest.lines, 'this line or one before it is not what was written');
  }
  digest.add(whole.slice(counted));
}

/** @throws PegError SIGNING_HISTORY_DAMAGED when lines were counted that are gone, or the count itself is */
function requireCounted(
  path: string,
  read: { readonly lines: number; readonly hasHeader: boolean; readonly checkpoint: Checkpoint | undefined },
): void {
  const counted = read.checkpoint?.lines ?? 0;
  if (read.lines < counted) {
    throw damaged(path, read.lines + 1, `this line and those behind it are gone, of ${counted.toString()}`);
  }
  // The checkpoint is made before the first entry is written behind a header.
  if (read.checkpoint === undefined && read.hasHeader && read.lines > 1) {
    throw damaged(checkpointFileOf(path), 1, 'the checkpoint of the history is gone');
  }
}

function entryOf(path: string, line: number, text: string): HistoryPart['entries'][number] {
  const entry = parseLine(text);
  if (entry === undefined) throw damaged(path, line, 'the line is no entry');
  return { ...entry, line };
}
