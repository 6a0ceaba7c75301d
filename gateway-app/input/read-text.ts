// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { CommandError } from '../errors/command-error';

const maximumBytes = 4 * 1024 * 1024;

/**
 * The text of a file that the user named.
 *
 * @throws CommandError FILE_UNREADABLE, TEXT_ENCODING_UNSUPPORTED
 */
export function readText(file: string): string {
  const bytes = readBytes(file);
  if (bytes === undefined) {
    throw new CommandError('FILE_UNREADABLE', `${file} cannot be read`, 'Name a file that is there.');
  }
  if (bytes.length > maximumBytes) {
    const found = `${file} has ${bytes.length.toString()} bytes, more than ${maximumBytes.toString()}`;
    throw new CommandError('FILE_UNREADABLE', found, 'Name a file of the kind that is asked for.');
  }
  return decodeText(bytes, file);
}

/** A folder, for one, cannot be read. */
function readBytes(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/**
 * Decodes UTF-8. Editors on Windows write byte order marks and UTF-16, which programs of Fabric do not read.
 *
 * @throws CommandError TEXT_ENCODING_UNSUPPORTED
 */
function decodeText(bytes: Buffer, file: string): string {
  const text = bytes.toString('utf8');
  const problem = text.startsWith('\uFEFF')
    ? 'begins with a byte order mark'
    : looksLikeUtf16(bytes)
      ? 'is in UTF-16'
      : !Buffer.from(text, 'utf8').equals(bytes)
        ? 'is not in UTF-8'
        : undefined;
  if (problem === undefined) return text;
  const remedy = 'Save it as UTF-8 without a byte order mark.';
  throw new CommandError('TEXT_ENCODING_UNSUPPORTED', `${file} ${problem}`, remedy);
}

/** By its mark, or by every other byte of the first few, all of which are ASCII in PEM, JSON and YAML. */
function looksLikeUtf16(bytes: Buffer): boolean {
  const [first, second, third, fourth] = bytes;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return marked || (first === 0 && third === 0) || (second === 0 && fourth === 0);
}
