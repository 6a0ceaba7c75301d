// SPDX-License-Identifier: Apache-2.0

import { open, type FileHandle } from 'node:fs/promises';
import { PegError } from '../../client';
import { contradiction, KnownContents, lineOf, parseLine, type SignedEntry } from '../core/signing-record';

/**
 * What this notary has signed with its key, in an append-only file that is on the disk before any signature leaves.
 *
 * Losing the file loses no value: it only forgets which second content to refuse. Nothing is forgotten while the key is in use.
 */
export class SigningMemory {
  readonly #known = new KnownContents();
  readonly #file: FileHandle;
  #waiting: string[] = [];
  /** Ends when what was last taken from {@link #waiting} is on the disk; rejected for ever once a write has failed. */
  #written: Promise<void> = Promise.resolve();
  /** The write that will take what is waiting now. */
  #next: Promise<void> | undefined;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Opens or makes a key's file, {@link memoryFileOf} it in the notary's folder. */
  static async open(path: string): Promise<SigningMemory> {
    const file = await open(path, 'a+', 0o600);
    const memory = new SigningMemory(file);
    await memory.#load();
    return memory;
  }

  /**
   * Remembers what is about to be signed. Entries of several calls share one write to the disk.
   *
   * @throws PegError EQUIVOCATION when another content was signed for the same subject
   */
  async remember(entries: readonly SignedEntry[]): Promise<void> {
    const conflict = contradiction(entries, this.#known);
    if (conflict !== undefined) throw new PegError({ code: 'EQUIVOCATION', data: { subject: conflict.subject } });
    const fresh = entries.filter(({ subject }) => this.#known.get(subject) === undefined);
    // Known at once, so that a second content is refused while the first is on its way to the disk.
    for (const entry of fresh) this.#known.set(entry);
    this.#waiting.push(...fresh.map(lineOf));
    // Also when nothing is fresh: what is known may still be on its way to the disk by another call.
    this.#next ??= this.#written.then(() => this.#write());
    await this.#next;
  }

  /** Remembers the packets, and only those, that another memory of this key knows and this one does not. */
  async takePackets(path: string): Promise<void> {
    const file = await open(path, 'r');
    try {
      for await (const { entries } of partsOf(file)) {
        await this.remember(
          entries.filter(({ subject }) => subject.startsWith('packets ') && this.#known.get(subject) === undefined),
        );
      }
    } finally {
      await file.close();
    }
  }

  async close(): Promise<void> {
    await this.#next?.catch(() => undefined);
    await this.#file.close();
  }

  async #load(): Promise<void> {
    let rest = '';
    for await (const part of partsOf(this.#file)) {
      ({ rest } = part);
      for (const entry of part.entries) this.#known.set(entry);
    }
    // A line that a crash cut short was never answered for; appending behind it would spoil the next one.
    if (rest !== '') await this.#file.truncate((await this.#file.stat()).size - rest.length);
  }

  #write(): Promise<void> {
    const lines = this.#waiting.join('');
    this.#waiting = [];
    this.#next = undefined;
    if (lines !== '') this.#written = this.#append(lines);
    return this.#written;
  }

  async #append(lines: string): Promise<void> {
    await this.#file.appendFile(lines);
    await this.#file.datasync();
  }
}

/** What a memory's file holds, part by part: it may be longer than a text can be. `rest` is what follows the last whole line so far. */
async function* partsOf(
  file: FileHandle,
): AsyncGenerator<{ readonly entries: readonly SignedEntry[]; readonly rest: string }, void> {
  const text = file.createReadStream({ encoding: 'latin1', start: 0, autoClose: false, highWaterMark: 2 ** 20 });
  let rest = '';
  for await (const part of text as AsyncIterable<string>) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    yield { entries: lines.flatMap((line) => parseLine(line) ?? []), rest };
  }
}
