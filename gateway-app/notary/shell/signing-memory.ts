// SPDX-License-Identifier: Apache-2.0

import { open, type FileHandle } from 'node:fs/promises';
import { PegError } from '../../client';
import { contradiction, lineOf, parseLine, type SignedEntry } from '../core/signing-record';

/**
 * What this notary has signed, in an append-only file that is on the disk before any signature leaves.
 *
 * Losing the file loses no value: it only forgets which second content to refuse.
 */
export class SigningMemory {
  readonly #known = new Map<string, string>();
  readonly #file: FileHandle;
  #waiting: string[] = [];
  /** Ends when what was last taken from {@link #waiting} is on the disk; rejected for ever once a write has failed. */
  #written: Promise<void> = Promise.resolve();
  /** The write that will take what is waiting now. */
  #next: Promise<void> | undefined;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Opens or makes the file. */
  static async open(path: string): Promise<SigningMemory> {
    const file = await open(path, 'a+', 0o600);
    const text = await file.readFile('utf8');
    // A line that a crash cut short was never answered for; appending behind it would spoil the next one.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) await file.truncate(Buffer.byteLength(whole));
    const memory = new SigningMemory(file);
    for (const line of whole.split('\n')) {
      const entry = parseLine(line);
      if (entry !== undefined) memory.#known.set(entry.subject, entry.content);
    }
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
    const fresh = entries.filter(({ subject }) => !this.#known.has(subject));
    // Known at once, so that a second content is refused while the first is on its way to the disk.
    for (const { subject, content } of fresh) this.#known.set(subject, content);
    this.#waiting.push(...fresh.map(lineOf));
    // Also when nothing is fresh: what is known may still be on its way to the disk by another call.
    this.#next ??= this.#written.then(() => this.#write());
    await this.#next;
  }

  async close(): Promise<void> {
    await this.#next?.catch(() => undefined);
    await this.#file.close();
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
