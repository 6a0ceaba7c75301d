// SPDX-License-Identifier: Apache-2.0

import { Refused } from '@gridpeg/protocol';
import { PegError } from '../../client';

const firstBytes = 65_536;

/**
 * Reads a body into one piece of memory. The pieces that it comes in are not kept: each takes a hundred bytes and more
 * besides its content, and whoever sends chooses that they hold one byte each (T40).
 *
 * @throws PegError BODY_TOO_LARGE
 * @throws Refused REQUEST_MALFORMED when the sender leaves before its end
 */
export async function readBody(pieces: AsyncIterable<Buffer>, maximumBytes: number): Promise<string> {
  let body = Buffer.alloc(Math.min(firstBytes, maximumBytes));
  let length = 0;
  for await (const piece of untilEnd(pieces)) {
    const next = length + piece.length;
    if (next > maximumBytes) throw new PegError({ code: 'BODY_TOO_LARGE' });
    if (next > body.length) {
      const larger = Buffer.alloc(Math.min(2 * next, maximumBytes));
      body.copy(larger, 0, 0, length);
      body = larger;
    }
    piece.copy(body, length);
    length = next;
  }
  return body.toString('utf8', 0, length);
}

async function* untilEnd(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  try {
    yield* pieces;
  } catch {
    throw new Refused({ code: 'REQUEST_MALFORMED', field: 'body', expected: 'a body that is sent to its end' });
  }
}
