// SPDX-License-Identifier: Apache-2.0

import { createHash, type Hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { type FileHandle } from 'node:fs/promises';
import { writeFileAtomic } from '@gridpeg/network';
import { damaged } from './signing-record';

const title = 'gridpeg signing history checkpoint 1\n';
/** What the file held before it counted lines. */
const earlierText = 'Says that the signing history beside it was begun, and may not be missing or empty.\n';
const countDigits = 16;
const placeBytes = countDigits + 66;

/** Whole lines of a signing history: how many, and the SHA-256 of their bytes. */
export interface Checkpoint {
  readonly lines: number;
  readonly digest: string;
}

/** Counts and hashes the whole lines of a history from its beginning. */
export class HistoryDigest {
  readonly #hash: Hash;
  #lines: number;

  constructor(hash = createHash('sha256'), lines = 0) {
    this.#hash = hash;
    this.#lines = lines;
  }

  /** A digest to which lines can be added. */
  copy(): HistoryDigest {
    return new HistoryDigest(this.#hash.copy(), this.#lines);
  }

  get lines(): number {
    return this.#lines;
  }

  /** @param lines - in latin1, each with its line feed */
  add(lines: readonly string[]): void {
    this.#hash.update(lines.join(''), 'latin1');
    this.#lines += lines.length;
  }

  get checkpoint(): Checkpoint {
    return { lines: this.#lines, digest: this.#hash.copy().digest('hex') };
  }
}

/** The file of the checkpoint; that it exists says that the history was begun. */
export function checkpointFileOf(history: string): string {
  return `${history}.begun`;
}

/**
 * Reads how far a history went.
 *
 * @returns undefined if there is no such file; a checkpoint of no lines where an earlier version made it
 * @throws PegError SIGNING_HISTORY_DAMAGED when the file is there and holds none
 * @see docs/adr/0038-history-checkpoint.md
 */
export function readCheckpoint(history: string): Checkpoint | undefined {
  const file = checkpointFileOf(history);
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'latin1');
  if (text === earlierText) return new HistoryDigest().checkpoint;
  if (!text.startsWith(title)) throw damaged(file, 1, 'it is no checkpoint of a signing history');
  const places = [0, 1].map((place) => text.slice(title.length + place * placeBytes).slice(0, placeBytes));
  const [latest] = places.flatMap(parseCheckpoint).sort((a, b) => b.lines - a.lines);
  if (latest === undefined) throw damaged(file, 2, 'it holds no checkpoint that can be read');
  return latest;
}

/** Makes the file, or replaces it as a whole. @throws Error of the system */
export function makeCheckpoint(history: string, checkpoint: Checkpoint): void {
  writeFileAtomic(checkpointFileOf(history), title + lineOf(checkpoint) + lineOf(checkpoint));
}

/**
 * Writes checkpoints into the file that {@link makeCheckpoint} made, in two places by turns. That takes no more room on
 * a disk that is full.
 */
export class CheckpointWriter {
  readonly #file: Pick<FileHandle, 'write' | 'datasync'>;
  #place = 0;

  constructor(file: Pick<FileHandle, 'write' | 'datasync'>) {
    this.#file = file;
  }

  /**
   * Puts a checkpoint on the disk. The one before remains beside it until this has succeeded, so after a failure the
   * next call writes to the same place again.
   */
  async write(checkpoint: Checkpoint): Promise<void> {
    const line = Buffer.from(lineOf(checkpoint), 'latin1');
    const { bytesWritten } = await this.#file.write(line, 0, line.length, title.length + this.#place * placeBytes);
    if (bytesWritten !== line.length) throw new Error('the checkpoint was not written whole');
    await this.#file.datasync();
    this.#place = 1 - this.#place;
  }
}

function lineOf({ lines, digest }: Checkpoint): string {
  return `${lines.toString().padStart(countDigits, '0')} ${digest}\n`;
}

function parseCheckpoint(line: string): readonly Checkpoint[] {
  const [, lines, digest] = /^(\d{16}) ([0-9a-f]{64})\n$/.exec(line) ?? [];
  return lines === undefined || digest === undefined ? [] : [{ lines: Number(lines), digest }];
}
