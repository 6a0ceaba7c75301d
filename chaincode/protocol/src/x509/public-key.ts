// SPDX-License-Identifier: Apache-2.0

import { createPublicKey, type KeyObject } from 'node:crypto';

/** Curves that keys here may lie on (SP 800-186 sections 3.2.1.3 and 3.2.1.4). Both have the coefficient a = -3. */
export type CurveName = 'P-256' | 'P-384';

interface Curve {
  readonly name: CurveName;
  /** A SubjectPublicKeyInfo (RFC 5480) up to the coordinates: named curve, uncompressed point. */
  readonly prefix: Buffer;
  readonly coordinateBytes: number;
  readonly prime: bigint;
  readonly b: bigint;
}

const curves: readonly Curve[] = [
  {
    name: 'P-256',
    prefix: Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex'),
    coordinateBytes: 32,
    prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  {
    name: 'P-384',
    prefix: Buffer.from('3076301006072a8648ce3d020106052b8104002203620004', 'hex'),
    coordinateBytes: 48,
    prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
];

/**
 * The curve of a public key, judged by its bytes alone: Node ends the process when it is asked about some keys that
 * its own parser
 * takes, such as the point at infinity. So this comes before any key object.
 *
 * @param spki - DER of a SubjectPublicKeyInfo
 * @returns undefined unless it is a point on one of the curves, by its name, uncompressed
 */
export function curveOfPublicKey(spki: Buffer): CurveName | undefined {
  const curve = curves.find(
    ({ prefix, coordinateBytes }) =>
      spki.length === prefix.length + 2 * coordinateBytes && spki.subarray(0, prefix.length).equals(prefix),
  );
  return curve !== undefined && isOnCurve(spki.subarray(curve.prefix.length), curve) ? curve.name : undefined;
}

function isOnCurve(point: Buffer, { prime, b, coordinateBytes }: Curve): boolean {
  const x = BigInt(`0x${point.toString('hex', 0, coordinateBytes)}`);
  const y = BigInt(`0x${point.toString('hex', coordinateBytes)}`);
  return x < prime && y < prime && (y * y - (x * x * x - 3n * x + b)) % prime === 0n;
}

/**
 * Requires a point on one of the curves.
 *
 * @param spki - DER of a SubjectPublicKeyInfo
 * @returns the same
 * @throws Error unless {@link curveOfPublicKey} knows its curve
 */
export function requirePoint(spki: Buffer): Buffer {
  if (curveOfPublicKey(spki) === undefined) throw new Error('X.509: the key is not a point on P-256 or P-384');
  return spki;
}

/** Makes the key object of a public key. @throws Error as {@link requirePoint} */
export function readPublicKey(spki: Buffer): KeyObject {
  return createPublicKey({ key: requirePoint(spki), format: 'der', type: 'spki' });
}
