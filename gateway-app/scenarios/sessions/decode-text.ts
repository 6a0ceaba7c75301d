// SPDX-License-Identifier: Apache-2.0

import { gunzipSync } from 'node:zlib';
import { DayError } from '../../errors/day-error';

/** The text of a file, and how it was written, for messages. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: string;
}

/** Hundreds of thousands of sessions. */
export const maximumFileBytes = 32 * 1024 * 1024;

/**
 * Reads the bytes of a text file: UTF-8 or UTF-16, with or without a byte order mark, packed by gzip or not.
 *
 * @param file - its name, for messages
 * @throws DayError SESSIONS_ENCODING, SESSIONS_TOO_LARGE
 */
export function decodeText(bytes: Buffer, file: string): DecodedText {
  if (bytes.length > maximumFileBytes) throw tooLarge(file);
  if (!startsWith(bytes, 0x1f, 0x8b)) return decodePlain(bytes, file);
  const { text, encoding } = decodePlain(unpack(bytes, file), file);
  return { text, encoding: `${encoding} in gzip` };
}

function unpack(bytes: Buffer, file: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: maximumFileBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(file);
    throw wrongEncoding(file, 'begins as a gzip file and cannot be unpacked', 'Pack it again, or give it unpacked');
  }
}

function decodePlain(bytes: Buffer, file: string): DecodedText {
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) {
    throw wrongEncoding(file, 'is a ZIP archive or a spreadsheet', 'Save the sheet as CSV, or unpack the archive');
  }
  const encoding = encodingOf(bytes);
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return { text, encoding: encoding.toUpperCase() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
  }
  throw wrongEncoding(file, `was read as ${encoding.toUpperCase()}, and is not`, 'Save it as UTF-8');
}

/** By the byte order mark; without one by the zero that every character of the first line has in UTF-16. */
function encodingOf(bytes: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (startsWith(bytes, 0xff, 0xfe) || (bytes[0] !== 0 && bytes[1] === 0)) return 'utf-16le';
  if (startsWith(bytes, 0xfe, 0xff) || (bytes[0] === 0 && bytes[1] !== 0)) return 'utf-16be';
  return 'utf-8';
}

function startsWith(bytes: Buffer, ...first: readonly number[]): boolean {
  return bytes.subarray(0, first.length).equals(Buffer.from(first));
}

function wrongEncoding(file: string, what: string, remedy: string): DayError {
  return new DayError('SESSIONS_ENCODING', `${file} ${what}`, `${remedy}.`);
}

function tooLarge(file: string): DayError {
  const limit = (maximumFileBytes / 1024 / 1024).toString();
  return new DayError('SESSIONS_TOO_LARGE', `${file} holds more than ${limit} MiB of text`, 'Give a part of it.');
}
