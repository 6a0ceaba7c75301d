// SPDX-License-Identifier: Apache-2.0

import { Refused, type Codec } from '@gridpeg/protocol';
import { CommandError } from '../errors/command-error';
import { readDocument } from './read-document';

/**
 * Reads a JSON file that the user named, by the protocol's rule for it. @throws CommandError FILE_UNREADABLE, USAGE;
 * NetworkError NESTING_TOO_DEEP
 */
export function readByCodec<T>(codec: Codec<T>, file: string): T {
  try {
    return codec.decode(JSON.parse(readDocument(file)), '');
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new CommandError('USAGE', `${file} is not JSON: ${error.message}`, 'Correct it.');
    if (!(error instanceof Refused) || error.refusal.code !== 'REQUEST_MALFORMED') throw error;
    const { field, expected } = error.refusal;
    throw new CommandError(
      'USAGE',
      `${file}: ${field === '' ? 'the document' : field} is not ${expected}`,
      'Correct it.',
    );
  }
}
