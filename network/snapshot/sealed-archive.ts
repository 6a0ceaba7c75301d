// SPDX-License-Identifier: Apache-2.0

import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';

import { NetworkError } from '../runtime/network-error';

const title = Buffer.from('gridpeg sealed snapshot 1\n');
const saltBytes = 16;
const headerBytes = title.length + 3 + saltBytes;
const chunkBytes = 65_536;
const tagBytes = 16;
/** 128 MiB and about half a second of one processor: what guessing each passphrase costs. */
const usualLogN = 17;
const [scryptR, scryptP] = [8, 1];

/** Whether a file is a sealed archive. @see docs/spec/12-snapshots.md section 12.2 */
export async function isSealed(file: string): Promise<boolean> {
  const opened = await open(file, 'r');
  try {
    return (await readFully(opened, title.length, 0)).equals(title);
  } finally {
    await opened.close();
  }
}

/**
 * Encrypts and authenticates a file.
 *
 * @param to - must not exist; readable by its owner only
 * @param logN - the cost of guessing the passphrase, as a power of two
 */
export async function seal(from: string, to: string, passphrase: string, logN = usualLogN): Promise<void> {
  const header = Buffer.concat([title, Buffer.from([logN, scryptR, scryptP]), randomBytes(saltBytes)]);
  const key = keyOf(passphrase, header);
  await transform(from, to, { start: 0, step: chunkBytes, first: header }, (chunk, nonce) => {
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(header);
    return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
  });
}

/**
 * Decrypts a sealed file. What it writes is to be used only when it has returned: until then nothing says that it is
 * whole.
 *
 * @param to - must not exist; readable by its owner only
 * @throws NetworkError SNAPSHOT_PASSPHRASE, SNAPSHOT_BROKEN
 */
export async function unseal(from: string, to: string, passphrase: string): Promise<void> {
  const opened = await open(from, 'r');
  const header = await readFully(opened, headerBytes, 0).finally(() => opened.close());
  const [logN = 0, r, p] = header.subarray(title.length);
  const isKnown = header.length === headerBytes && logN >= 14 && logN <= 20 && r === scryptR && p === scryptP;
  if (!isKnown) throw broken(from, 'its header is none of this version');
  const key = keyOf(passphrase, header);
  const span = { start: headerBytes, step: chunkBytes + tagBytes, first: Buffer.alloc(0) };
  await transform(from, to, span, (chunk, nonce, number) => {
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAAD(header);
      decipher.setAuthTag(chunk.subarray(-tagBytes));
      return Buffer.concat([decipher.update(chunk.subarray(0, -tagBytes)), decipher.final()]);
    } catch {
      if (number > 0) throw broken(from, `what follows byte ${String(number * chunkBytes)} is not what was sealed`);
      const summary = `${from} cannot be opened: this is not its passphrase, or its beginning is damaged`;
      throw new NetworkError('SNAPSHOT_PASSPHRASE', summary, 'Give the passphrase that it was taken with.');
    }
  });
}

function keyOf(passphrase: string, header: Buffer): Buffer {
  const cost = 2 ** (header[title.length] ?? 0);
  const salt = header.subarray(-saltBytes);
  return scryptSync(passphrase.normalize('NFC'), salt, 32, {
    N: cost,
    r: scryptR,
    p: scryptP,
    maxmem: 256 * cost * scryptR,
  });
}

/** Reads a file in chunks, one after the other, and writes what becomes of each. */
async function transform(
  from: string,
  to: string,
  { start, step, first }: { readonly start: number; readonly step: number; readonly first: Buffer },
  change: (chunk: Buffer, nonce: Buffer, number: number) => Buffer,
): Promise<void> {
  const source = await open(from, 'r');
  try {
    const target = await open(to, 'wx', 0o600);
    try {
      await target.writeFile(first);
      const { size } = await source.stat();
      const count = Math.max(1, Math.ceil((size - start) / step));
      for (let number = 0; number < count; number += 1) {
        const chunk = await readFully(source, step, start + number * step);
        await target.writeFile(change(chunk, nonceOf(number, number === count - 1), number));
      }
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(number, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** Fewer bytes only at the end of the file. */
async function readFully(file: FileHandle, length: number, position: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  for (let read = -1; read !== 0 && done < length;) {
    read = (await file.read(buffer, done, length - done, position + done)).bytesRead;
    done += read;
  }
  return buffer.subarray(0, done);
}

function broken(file: string, why: string): NetworkError {
  const remedy = 'Take another copy of it, or another snapshot.';
  return new NetworkError('SNAPSHOT_BROKEN', `${file} is damaged: ${why}`, remedy);
}
