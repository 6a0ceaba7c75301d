// SPDX-License-Identifier: Apache-2.0

import { PegError } from '../../client';
import { readBody } from './read-body';

const maximumBytes = 300_000;

/** Gives the same memory for each piece, as a reader must not rely on it once it asks for the next. */
async function* inPieces(text: string, size: number): AsyncGenerator<Buffer> {
  const signingHistory = Buffer.alloc(size);
  for (let at = 0; at < text.length; at += size) {
    const written = signingHistory.write(text.slice(at, at + size), 'latin1');
    yield await Promise.resolve(signingHistory.subarray(0, written));
  }
}

describe('T40: a body', () => {
  const text = Array.from({ length: maximumBytes / 10 }, (_, index) => index.toString().padStart(10, '0')).join('');

  // Single bytes take a promise each: as many as make the reader take more memory.
  test.each([
    [1, 70_000],
    [7, maximumBytes],
    [65_536, maximumBytes],
    [maximumBytes, maximumBytes],
  ])('is read whole, and keeps none of its pieces of %i bytes', async (size, length) => {
    const body = text.slice(0, length);
    expect(await readBody(inPieces(body, size), maximumBytes)).toBe(body);
  });
  test('is refused where it gets longer than it may', async () => {
    const tooLong = readBody(inPieces(`${text}x`, 1_000), maximumBytes);
    await expect(tooLong).rejects.toThrow(PegError);
    await expect(readBody(inPieces('', 1), maximumBytes)).resolves.toBe('');
  });
});
