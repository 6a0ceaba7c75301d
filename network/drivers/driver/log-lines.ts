// SPDX-License-Identifier: Apache-2.0

import { open, type FileHandle } from 'node:fs/promises';
import { sleepUntilAborted } from '../../runtime/sleep';

/** Read at most this much from the end of a log; a log line of Fabric has a few hundred bytes. */
const tailBytes = 1024 * 1024;

/**
 * The last lines of a log file.
 *
 * @param file - may not exist yet, which is an empty log
 * @param count - how many lines at most
 */
export async function lastLines(file: string, count: number): Promise<string> {
  const { size } = await read(file, 0, 0);
  const { text } = await read(file, Math.max(0, size - tailBytes), size);
  return lastOf(text, count);
}

/**
 * The last lines of a log file, and then, as they are written, all that follow.
 *
 * @param file - may not exist yet
 * @param count - how many lines to begin with, at most
 * @param signal - ends the sequence
 */
export async function* followLines(file: string, count: number, signal: AbortSignal): AsyncGenerator<string> {
  let offset = Math.max(0, (await read(file, 0, 0)).size - tailBytes);
  let limit = count;
  while (!signal.aborted) {
    const { text, size } = await read(file, offset, Infinity);
    // A log that was rotated starts again.
    if (size < offset) {
      offset = 0;
      continue;
    }
    // An incomplete line waits for its end.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole !== '') yield lastOf(whole, limit);
    offset += Buffer.byteLength(whole);
    limit = Infinity;
    await sleepUntilAborted(200, signal);
  }
}

function lastOf(text: string, count: number): string {
  const lines = text.trimEnd().split('\n');
  return lines.slice(Math.max(0, lines.length - count)).join('\n');
}

/** A part of a file, and the size the file has; a file that is not there is empty. */
async function read(file: string, start: number, end: number): Promise<{ text: string; size: number }> {
  let log: FileHandle;
  try {
    log = await open(file);
  } catch {
    return { text: '', size: 0 };
  }
  try {
    const { size } = await log.stat();
    const length = Math.max(0, Math.min(end, size) - start);
    const { buffer, bytesRead } = await log.read(Buffer.alloc(length), 0, length, start);
    return { text: buffer.toString('utf8', 0, bytesRead), size };
  } finally {
    await log.close();
  }
}
