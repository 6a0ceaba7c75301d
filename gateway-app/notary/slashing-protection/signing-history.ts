// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one class, so that every write to the file can be audited in one place.

import { open, stat, type FileHandle } from 'node:fs/promises';
import { isNativeError } from 'node:util/types';
import { PegError } from '../../client';
import { contradiction, lineOf, type SignedContents, type SignedEntry } from './signing-record';
import { beginCheckpoint, beginSigningHistory, requireNeverBegun } from './begin-signing-history';
import { checkpointFileOf, CheckpointWriter, type HistoryDigest } from './history-checkpoint';
import { loadSigningHistory, readSigningHistory, type LoadedHistory } from './read-signing-history';
import { lockSigningHistory, type SigningHistoryLock } from './signing-history-lock';

/** What a signing history needs of its file. */
export type HistoryFile = Pick<FileHandle, 'stat' | 'createReadStream' | 'write' | 'truncate' | 'datasync' | 'close'>;

/** Entries that are written to the disk together, and the promise that they have been. */
interface Batch {
  readonly entries: SignedEntry[];
  readonly written: Promise<void>;
}

/** What belongs to a signing history until it is closed. */
interface SigningHistoryParts {
  readonly path: string;
  readonly history: HistoryFile;
  readonly checkpoint: HistoryFile;
  readonly lock: SigningHistoryLock;
}

/** The free space for a large batch. With less, the next batch would fail again. */
const probeBytes = 65_536;

/**
 * What this notary has signed with its key, in an append-only file that is on the disk before any signature leaves.
 *
 * Losing the file loses no value: it only forgets which second content to refuse. Nothing is forgotten while the key is
 * in use. One process uses a file at a time. What could not be written was not signed: it is taken back, and the next
 * call tries to write again.
 */
export class SigningHistory {
  readonly #known: SignedContents;
  readonly #path: string;
  readonly #file: HistoryFile;
  readonly #checkpointFile: HistoryFile;
  readonly #checkpoint: CheckpointWriter;
  readonly #lock: SigningHistoryLock;
  /** Contents that are being written to the disk, by subject. Until then a second content is refused. */
  readonly #underWay = new Map<string, string>();
  /** Takes entries until its own write begins, which is when the one before has ended. */
  #next: Batch | undefined;
  #lastWrite: Promise<unknown> = Promise.resolve();
  /** The number of bytes of the file that are complete lines on the disk. */
  #size: number;
  /** The digest of those lines. */
  #digest: HistoryDigest;
  /** Whether an incomplete write may have left bytes behind them. */
  #isTorn = false;

  private constructor(parts: SigningHistoryParts, { known, size, digest }: LoadedHistory) {
    this.#path = parts.path;
    this.#file = parts.history;
    this.#checkpointFile = parts.checkpoint;
    this.#checkpoint = new CheckpointWriter(parts.checkpoint);
    this.#lock = parts.lock;
    this.#known = known;
    this.#size = size;
    this.#digest = digest;
  }

  /**
   * Opens or makes a key's file, {@link historyFileOf} it in the notary's folder, and its checkpoint beside it.
   *
   * @param openFile - opens a file, which is there, for reading and writing
   * @throws PegError SIGNING_HISTORY_LOCKED, SIGNING_HISTORY_DAMAGED, SIGNING_HISTORY_FAILED
   */
  static async open(
    path: string,
    openFile: (path: string) => Promise<HistoryFile> = openForWriting,
  ): Promise<SigningHistory> {
    const lock = await lockSigningHistory(path);
    let history: HistoryFile | undefined;
    let checkpoint: HistoryFile | undefined;
    try {
      beginSigningHistory(path);
      history = await openFile(path);
      const loaded = await loadSigningHistory(path, history);
      beginCheckpoint(path, loaded.digest.checkpoint);
      checkpoint = await openFile(checkpointFileOf(path));
      const signingHistory = new SigningHistory({ path, lock, history, checkpoint }, loaded);
      await signingHistory.#inTurn(() => signingHistory.#checkpoint.write(loaded.digest.checkpoint));
      return signingHistory;
    } catch (error) {
      await history?.close();
      await checkpoint?.close();
      await lock.release();
      throw error;
    }
  }

  /**
   * Remembers what is about to be signed. Entries of several calls share one write to the disk.
   *
   * @throws PegError EQUIVOCATION when another content was signed for the same subject
   * @throws PegError SIGNING_HISTORY_FAILED when it was not written, so that nothing may be signed
   */
  async record(entries: readonly SignedEntry[]): Promise<void> {
    const contentOf = (subject: string): string | undefined => this.#known.get(subject) ?? this.#underWay.get(subject);
    const conflict = contradiction(entries, { get: contentOf });
    if (conflict !== undefined) throw new PegError({ code: 'EQUIVOCATION', details: { subject: conflict.subject } });
    this.#next ??= this.#newBatch();
    const { entries: batch, written } = this.#next;
    for (const entry of entries) {
      if (contentOf(entry.subject) !== undefined) continue;
      this.#underWay.set(entry.subject, entry.content);
      batch.push(entry);
    }
    // This is also needed when nothing is new, because another call may still be writing what is known, and that may
    // fail.
    await written;
    if (entries.some(({ subject }) => this.#known.get(subject) === undefined)) throw this.#failed(undefined);
  }

  /**
   * Finds out whether there is room to remember more, and leaves nothing behind. @throws PegError
   * SIGNING_HISTORY_FAILED
   */
  async probe(): Promise<void> {
    // It has no line feed, so if the process ends here, the next start drops it.
    await this.#inTurn(() => this.#append(Buffer.alloc(probeBytes, ' ')).then(() => this.#mend()));
  }

  /** Remembers the packets, and only those, that another history of this key knows and this one does not. */
  async takePackets(path: string): Promise<void> {
    const file = await open(path, 'r');
    let isEmpty = true;
    try {
      for await (const { entries, wholeBytes } of readSigningHistory(path, file)) {
        isEmpty = wholeBytes === 0;
        await this.record(
          entries.filter(({ subject }) => subject.startsWith('packets ') && this.#known.get(subject) === undefined),
        );
      }
      if (isEmpty) requireNeverBegun(path);
    } finally {
      await file.close();
    }
  }

  async close(): Promise<void> {
    await this.#lastWrite;
    await this.#file.close();
    await this.#checkpointFile.close();
    await this.#lock.release();
  }

  #newBatch(): Batch {
    const entries: SignedEntry[] = [];
    return { entries, written: this.#inTurn(() => this.#write(entries)) };
  }

  /** Does something with the file when everything before has ended. @throws PegError SIGNING_HISTORY_FAILED */
  #inTurn(action: () => Promise<void>): Promise<void> {
    const turn = this.#lastWrite.then(action).catch((error: unknown) => {
      throw this.#failed(error);
    });
    this.#lastWrite = turn.catch(() => undefined);
    return turn;
  }

  async #write(entries: readonly SignedEntry[]): Promise<void> {
    this.#next = undefined;
    try {
      if (entries.length === 0) return;
      const lines = entries.map(lineOf);
      const bytes = Buffer.from(lines.join(''), 'latin1');
      const digest = this.#digest.copy();
      digest.add(lines);
      await this.#append(bytes);
      // The checkpoint comes last, because counting lines that are not on the disk would make them look lost.
      await this.#checkpoint.write(digest.checkpoint);
      this.#size += bytes.length;
      this.#digest = digest;
      this.#isTorn = false;
      for (const entry of entries) this.#known.set(entry);
    } finally {
      for (const { subject } of entries) this.#underWay.delete(subject);
    }
  }

  /** Puts bytes on the disk behind what is whole; they count only once the caller has moved the end. */
  async #append(bytes: Buffer): Promise<void> {
    await this.#mend();
    await this.#requireOwnFiles();
    this.#isTorn = true;
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, this.#size + done);
      if (bytesWritten === 0) throw new Error('nothing was written');
      done += bytesWritten;
    }
    await this.#file.datasync();
  }

  async #mend(): Promise<void> {
    if (!this.#isTorn) return;
    // The checkpoint goes first: it may count the lines that are taken back.
    await this.#checkpoint.write(this.#digest.checkpoint);
    await this.#file.truncate(this.#size);
    await this.#file.datasync();
    this.#isTorn = false;
  }

  /** After a file was removed, replaced or changed by somebody else, the next start would not know what was signed. */
  async #requireOwnFiles(): Promise<void> {
    const size = await requireSameFile(this.#path, this.#file);
    if (size !== this.#size) throw new Error('somebody else has changed the file');
    await requireSameFile(checkpointFileOf(this.#path), this.#checkpointFile);
  }

  #failed(cause: unknown): PegError {
    const detail = isNativeError(cause) ? cause.message : '';
    return new PegError({ code: 'SIGNING_HISTORY_FAILED', details: { file: this.#path }, detail, cause });
  }
}

/** Not in append mode, in which the kernel ignores the position that is written to. */
async function openForWriting(path: string): Promise<HistoryFile> {
  return open(path, 'r+');
}

/** @returns the file's size in bytes @throws Error when another file, or none, has its name */
async function requireSameFile(path: string, file: Pick<FileHandle, 'stat'>): Promise<number> {
  const [there, own] = await Promise.all([stat(path), file.stat()]);
  if (there.ino !== own.ino || there.dev !== own.dev) throw new Error('the file was replaced');
  return own.size;
}
