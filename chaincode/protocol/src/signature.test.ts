// SPDX-License-Identifier: Apache-2.0

import { createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { derElements } from './der';
import { signMessage, verifySignature } from './signature';
import { keyNamed } from './testing';

const key = keyNamed('signature test');
const publicKey = createPublicKey(key);
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

describe('T05: signatures', () => {
  test('of whatever message verify, have low S, and verify for no other message', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.uint8Array({ maxLength: 64 }), (a, b) => {
        const signature = signMessage(key, Buffer.from(a));
        const [r, s] = derElements(derElements(signature)[0]!.content);
        expect(BigInt(`0x${s!.content.toString('hex')}`)).toBeLessThanOrEqual(order / 2n);
        expect(r!.tag).toBe(2);
        expect(verifySignature(publicKey, Buffer.from(a), signature)).toBe(true);
        expect(verifySignature(publicKey, Buffer.from(b), signature)).toBe(Buffer.from(a).equals(Buffer.from(b)));
      }),
      { numRuns: 100 },
    );
  });
  test('no other byte string with the same values is accepted: any change of any byte is refused', () => {
    const message = Buffer.from('message');
    const signature = signMessage(key, message);
    for (let index = 0; index < signature.length; index += 1) {
      for (const bit of [1, 8, 128]) {
        const changed = Buffer.from(signature);
        changed.writeUInt8(changed.readUInt8(index) ^ bit, index);
        expect(verifySignature(publicKey, message, changed)).toBe(false);
      }
    }
  });
  test('of whatever bytes, nothing but false comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(verifySignature(publicKey, Buffer.from('message'), Buffer.from(bytes))).toBe(false);
      }),
    );
  });
});

describe('strict DER', () => {
  const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

  test.each([
    ['an indefinite length', '30 80 00 00'],
    ['a long form of a short length', '30 81 01 00'],
    ['a long form with a leading zero', `30 82 00 80 ${'00'.repeat(128)}`],
    ['a length of four bytes', `30 84 00 00 00 80 ${'00'.repeat(128)}`],
    ['a length that runs past the end', '30 05 00'],
    ['a tag without length', '30'],
    ['a length form without length', '30 81'],
  ])('refuses %s', (_, hex) => {
    expect(() => derElements(bytes(hex))).toThrow();
  });
  test('splits elements of one, two and three length bytes', () => {
    const elements = derElements(
      Buffer.concat([bytes('02 01 07'), bytes('04 81 80'), Buffer.alloc(128), bytes('04 82 01 00'), Buffer.alloc(256)]),
    );
    expect(elements.map(({ tag, content }) => [tag, content.length])).toEqual([
      [2, 1],
      [4, 128],
      [4, 256],
    ]);
  });
});
