// SPDX-License-Identifier: Apache-2.0

import { open, type FileHandle } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Read at most this much from the end of a log; a log line of Fabric has a few hundred bytes. */
const TAIL_BYTES = 1024 * 1024;

/**
 * The last lines of a log file.
 *
 * @param file - may not exist yet, which is an empty log
 * @param count - how many lines at most
 */
export async function lastLines(file: string, count: number): Promise<string> {
  const log = await openIfThere(file);
  if (log === undefined) return '';
  try {
    const { size } = await log.stat();
    const text = await readFrom(log, Math.max(0, size - TAIL_BYTES), size);
    return text.trimEnd().split('\n').slice(-count).join('\n');
  } finally {
    await log.close();
  }
}

/**
 * The last lines of a log file, and then, as they are written, all that follow.
 *
 * @param file - may not exist yet
 * @param count - how many lines to begin with, at most
 * @param signal - ends the sequence
 */
export async function* followLines(file: string, count: number, signal: AbortSignal): AsyncGenerator<string> {
  const past = await lastLines(file, count);
  if (past !== '') yield past;
  let offset = await sizeOf(file);
  while (!signal.aborted) {
    const size = await sizeOf(file);
    if (size > offset) {
      const log = await open(file);
      const text = await readFrom(log, offset, size).finally(() => log.close());
      // An incomplete line waits for its end.
      const end = text.lastIndexOf('\n');
      if (end >= 0) yield text.slice(0, end);
      offset += Buffer.byteLength(text.slice(0, end + 1));
    }
    await delay(200, undefined, { signal }).catch(() => undefined);
  }
}

async function readFrom(log: FileHandle, start: number, end: number): Promise<string> {
  const { buffer, bytesRead } = await log.read(Buffer.alloc(end - start), 0, end - start, start);
  return buffer.toString('utf8', 0, bytesRead);
}

async function sizeOf(file: string): Promise<number> {
  const log = await openIfThere(file);
  if (log === undefined) return 0;
  return log
    .stat()
    .then(({ size }) => size)
    .finally(() => log.close());
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file);
  } catch {
    return undefined;
  }
}
