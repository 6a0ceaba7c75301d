// SPDX-License-Identifier: Apache-2.0

import fc from 'fast-check';
import { der } from '../testing';
import { blockHashOf, type BlockHeader, decodeBlockHeader, encodeBlockHeader } from './block-header';

const hashOf = (digit: string): string => digit.repeat(64);
const header: BlockHeader = { number: 7n, previousHash: hashOf('a'), dataHash: hashOf('b') };
const number = der(0x02, Buffer.from([7]));
const previous = der(0x04, Buffer.alloc(32, 0xaa));
const data = der(0x04, Buffer.alloc(32, 0xbb));

describe('the bytes of a block header', () => {
  test('are those that Fabric hashes', () => {
    expect(encodeBlockHeader(header)).toEqual(der(0x30, number, previous, data));
    // Of the genesis block there is no block before.
    expect(encodeBlockHeader({ ...header, number: 0n, previousHash: '' })).toEqual(
      der(0x30, der(0x02, Buffer.from([0])), der(0x04), data),
    );
  });

  test('are read to the header that was written, whatever its number', () => {
    const numbers = [1n, 127n, 128n, 255n, 256n, 2n ** 32n, 2n ** 63n, 2n ** 64n - 1n];
    for (const one of numbers)
      expect(decodeBlockHeader(encodeBlockHeader({ ...header, number: one }))).toEqual({ ...header, number: one });
    expect(new Set(numbers.map((one) => blockHashOf({ ...header, number: one }))).size).toBe(numbers.length);
  });

  test.each([
    ['a number above 64 bits', der(0x30, der(0x02, Buffer.from('010000000000000000', 'hex')), previous, data)],
    ['a negative number', der(0x30, der(0x02, Buffer.from([0x87])), previous, data)],
    ['a padded number', der(0x30, der(0x02, Buffer.from([0, 7])), previous, data)],
    ['no number', der(0x30, der(0x02), previous, data)],
    ['no previous hash', der(0x30, number, der(0x04), data)],
    ['a previous hash of 31 bytes', der(0x30, number, der(0x04, Buffer.alloc(31)), data)],
    ['a previous hash in the first block', der(0x30, der(0x02, Buffer.from([0])), previous, data)],
    ['a data hash of 33 bytes', der(0x30, number, previous, der(0x04, Buffer.alloc(33)))],
    ['no data hash', der(0x30, number, previous)],
    ['a fourth field', der(0x30, number, previous, data, der(0x05))],
    ['bytes behind it', Buffer.concat([encodeBlockHeader(header), Buffer.alloc(1)])],
    ['another tag', der(0x31, number, previous, data)],
    ['a hash of another type', der(0x30, number, der(0x0c, Buffer.alloc(32)), data)],
    ['a long form of its length', Buffer.concat([Buffer.from('308147', 'hex'), encodeBlockHeader(header).subarray(2)])],
    ['nothing', Buffer.alloc(0)],
  ])('T24: with %s are refused', (_, bytes) => {
    expect(() => decodeBlockHeader(bytes)).toThrow(/^(DER|block header)/);
  });

  test('T24: have one spelling: whatever is read is written the same way', () => {
    const bytes = encodeBlockHeader(header);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (place, flip) => {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(place) ^ flip, place);
        try {
          expect(encodeBlockHeader(decodeBlockHeader(changed))).toEqual(changed);
        } catch (error) {
          expect(String(error)).toMatch(/DER|block header/);
        }
      }),
    );
  });
});
