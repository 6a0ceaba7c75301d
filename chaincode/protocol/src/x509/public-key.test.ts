// SPDX-License-Identifier: Apache-2.0

import { generateKeyPairSync } from 'node:crypto';
import { isNotaryKey } from '../custody/notary-key';
import { hostileKeys, keyNamed, publicKeyOf, yOfZero } from '../testing';
import { curveOfPublicKey, readPublicKey } from './public-key';

const p256Prefix = '3059301306072a8648ce3d020106082a8648ce3d03010703420004';

describe('T41: a public key', () => {
  test.each(['P-256', 'P-384'] as const)('on %s is known by its bytes', (curve) => {
    for (let round = 0; round < 20; round += 1) {
      const { publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
      const spki = publicKey.export({ format: 'der', type: 'spki' });
      expect(curveOfPublicKey(spki)).toBe(curve);
      expect(readPublicKey(spki).equals(publicKey)).toBe(true);
    }
  });
  test('with a coordinate of zero is on the curve, with one of the prime instead it is not', () => {
    const at = (x: string): Buffer => Buffer.concat([Buffer.from(p256Prefix + x, 'hex'), yOfZero]);
    expect(curveOfPublicKey(at('00'.repeat(32)))).toBe('P-256');
    expect(curveOfPublicKey(at('ffffffff00000001000000000000000000000000ffffffffffffffffffffffff'))).toBeUndefined();
  });
  test.each(hostileKeys)('is refused before a native parser sees it: $name', ({ spki }) => {
    expect(curveOfPublicKey(spki)).toBeUndefined();
    expect(() => readPublicKey(spki)).toThrow('X.509: the key is not a point on P-256 or P-384');
    expect(isNotaryKey(spki.toString('base64'))).toBe(false);
  });
  test('is refused with any one byte changed', () => {
    const spki = Buffer.from(publicKeyOf(keyNamed('changed')), 'base64');
    for (let index = 0; index < spki.length; index += 1) {
      const changed = Buffer.from(spki);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      expect(curveOfPublicKey(changed)).toBeUndefined();
    }
  });
  test('has one length: a zero more before a coordinate, or one less, is another key’s spelling', () => {
    const spki = Buffer.concat([Buffer.from(p256Prefix + '00'.repeat(32), 'hex'), yOfZero]);
    const [before, y] = [spki.subarray(0, -32), spki.subarray(-32)];
    expect(curveOfPublicKey(Buffer.concat([before, Buffer.alloc(1), y]))).toBeUndefined();
    expect(curveOfPublicKey(Buffer.concat([before.subarray(0, -1), y]))).toBeUndefined();
  });
  test('on P-384 is no notary’s, and a notary’s has one spelling in base64', () => {
    const key = publicKeyOf(keyNamed('notary'));
    expect(isNotaryKey(key)).toBe(true);
    expect(isNotaryKey(publicKeyOf(keyNamed('notary', 'P-384')))).toBe(false);
    expect([` ${key}`, `${key}\n`, key.replace(/=*$/, '')].map(isNotaryKey)).not.toContain(true);
  });
});
