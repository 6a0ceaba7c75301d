// SPDX-License-Identifier: Apache-2.0

import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import fc from 'fast-check';
import { derElements } from './der';
import { canonicalSignature, isP256, signMessage, verifyIssuerSignature, verifySignature } from './signature';
import { hostileKeys, keyNamed } from '../testing';
import { der } from '../testing/certificate-writer';

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
  test('of a CA are strict DER on every version of Node, with either S', () => {
    const message = Buffer.from('message');
    const low = signMessage(key, message);
    const [r, s] = derElements(derElements(low)[0]!.content).map(({ content }) => content) as [Buffer, Buffer];
    const high = Buffer.from((order - BigInt(`0x${s.toString('hex')}`)).toString(16), 'hex');
    const zero = Buffer.alloc(1);
    const verifies = (signature: Buffer): boolean => verifyIssuerSignature(publicKey, 'sha256', message, signature);
    const padded = Buffer.concat([zero, high]);
    expect([low, der(0x30, der(2, r), der(2, high[0]! < 128 ? high : padded))].map(verifies)).toEqual([true, true]);
    const lax = [
      Buffer.concat([low, zero]),
      der(0x30, der(2, Buffer.concat([zero, zero, r])), der(2, s)),
      der(0x30, der(2, r), der(2, s), der(5)),
      Buffer.concat([Buffer.from([0x30, 0x81, low.length - 2]), low.subarray(2)]),
      Buffer.concat([Buffer.from([0x30, 0x80]), low.subarray(2), zero, zero]),
      der(0x31, low.subarray(2)),
      zero.subarray(1),
    ];
    expect(lax.map(verifies)).not.toContain(true);
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

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('T05: the one spelling of a signature', () => {
  const hexOf = (value: bigint): string => value.toString(16).padStart(64, '0');
  const highest = hexOf(order - 1n);
  const half = hexOf(order / 2n);

  test.each([
    ['small values', '3006 020101 020101', '3006 020101 020101'],
    ['values up to the sign bit', '3006 02017f 02017f', '3006 02017f 02017f'],
    ['values from the sign bit', '3008 02020080 02020080', '3008 02020080 02020080'],
    ['values of an odd number of digits', '3008 02020100 02020100', '3008 02020100 02020100'],
    ['values of two bytes with a zero before', '300a 0203008000 020300ff00', '300a 0203008000 020300ff00'],
    ['the highest r', `3026 022100${highest} 020101`, `3026 022100${highest} 020101`],
    ['half the order as s', `3025 020101 0220${half}`, `3025 020101 0220${half}`],
    ['more than half as s', `3025 020101 0220${hexOf(order / 2n + 1n)}`, `3025 020101 0220${half}`],
    ['the highest r and s', `3046 022100${highest} 022100${highest}`, `3026 022100${highest} 020101`],
  ])('of %s', (_, given, canonical) => {
    expect(canonicalSignature(bytes(given))).toEqual(bytes(canonical));
    expect(canonicalSignature(bytes(canonical))).toEqual(bytes(canonical));
  });
  test.each([
    ['nothing', ''],
    ['no values', '3000'],
    ['one value', '3003 020101'],
    ['three values', '3009 020101 020101 020101'],
    ['bytes after it', '3006 020101 020101 00'],
    ['bytes after it that are an element', '3006 020101 020101 0500'],
    ['another sequence', '3106 020101 020101'],
    ['a value of another type', '3006 020101 040101'],
    ['an empty value', '3005 0200 020101'],
    ['a zero as r', '3006 020100 020101'],
    ['a zero as s', '3006 020101 020100'],
    ['a negative r', '3006 020180 020101'],
    ['a negative s', '3006 020101 0201ff'],
    ['a zero too many before r', '3007 02020001 020101'],
    ['a zero too many before s', '3007 020101 0202007f'],
    ['two zeros before r', '3008 0203000080 020101'],
    ['the order as r', `3026 022100${hexOf(order)} 020101`],
    ['the order as s', `3026 020101 022100${hexOf(order)}`],
    ['33 bytes as s', `3026 020101 022101${'00'.repeat(32)}`],
  ])('there is none of %s', (_, hex) => {
    expect(() => canonicalSignature(bytes(hex))).toThrow('ECDSA: not a strict DER signature on its curve');
    expect(verifySignature(publicKey, Buffer.from('message'), bytes(hex))).toBe(false);
  });
  test('high S is refused, and what makes it low accepted', () => {
    const message = Buffer.from('message');
    const low = signMessage(key, message);
    const [r, s] = derElements(derElements(low)[0]!.content).map(({ content }) => content) as [Buffer, Buffer];
    const other = order - BigInt(`0x${s.toString('hex')}`);
    const integers = Buffer.concat([bytes('02'), Buffer.from([r.length]), r, bytes(`022100${hexOf(other)}`)]);
    const high = Buffer.concat([Buffer.from([0x30, integers.length]), integers]);
    expect(verify('sha256', message, publicKey, high)).toBe(true);
    expect(verifySignature(publicKey, message, high)).toBe(false);
    expect(canonicalSignature(high)).toEqual(low);
  });
  test('a signature on another curve of the same length is refused', () => {
    const { privateKey, publicKey: other } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    const message = Buffer.from('message');
    const signature = Array.from({ length: 64 }, () => sign('sha256', message, privateKey)).find((candidate) =>
      candidate.equals(canonicalSignature(candidate)),
    )!;
    expect(verify('sha256', message, other, signature)).toBe(true);
    expect(verifySignature(other, message, signature)).toBe(false);
  });
  test('T41: keys that Node must not be asked about are on no curve', () => {
    const made = hostileKeys.flatMap(({ name, spki }) => {
      try {
        return [{ name, made: createPublicKey({ key: spki, format: 'der', type: 'spki' }) }];
      } catch {
        return [];
      }
    });
    expect(made.map(({ name }) => name)).toContain('the point at infinity');
    for (const { name, made: hostile } of made) expect([name, isP256(hostile)]).toEqual([name, false]);
    const scalar = `020101 0420 ${'01'.repeat(32)} a00a 06082a8648ce3d030107`;
    const sec1 = (rest: string, length: string): KeyObject =>
      createPrivateKey({ key: bytes(`30 ${length} ${scalar} ${rest}`), format: 'der', type: 'sec1' });
    expect(isP256(sec1('', '31'))).toBe(true);
    const atInfinity = sec1('a104 03020000', '37');
    expect(isP256(atInfinity)).toBe(false);
    expect(() => signMessage(atInfinity, Buffer.from('message'))).toThrow('ECDSA: the key is not on P-256 or P-384');
  });
  test('a client’s key on P-384 signs over SHA-256, with low S too', () => {
    const [p384, message] = [keyNamed('client', 'P-384'), Buffer.from('message')];
    const half =
      0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n / 2n;
    for (let round = 0; round < 20; round += 1) {
      const signature = signMessage(p384, message);
      const [, s] = derElements(derElements(signature)[0]!.content);
      expect(BigInt(`0x${s!.content.toString('hex')}`)).toBeLessThanOrEqual(half);
      expect(verify('sha256', message, createPublicKey(p384), signature)).toBe(true);
    }
  });
  test('keys are those on P-256', () => {
    expect(isP256(publicKey)).toBe(true);
    expect(isP256(createPublicKey(keyNamed('signature test', 'P-384')))).toBe(false);
    expect(isP256(createSecretKey(Buffer.alloc(32)))).toBe(false);
  });
});

describe('strict DER', () => {
  test.each([
    ['an indefinite length', `30 80 ${'00'.repeat(128)}`],
    ['a long form of a short length', '30 81 01 00'],
    ['a long form with a leading zero', `30 82 00 80 ${'00'.repeat(128)}`],
    ['a length of four bytes', `30 84 00 00 00 80 ${'00'.repeat(128)}`],
    ['a length of seven bytes', `30 87 01 ${'00'.repeat(6)}`],
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
