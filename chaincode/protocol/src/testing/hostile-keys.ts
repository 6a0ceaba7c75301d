// SPDX-License-Identifier: Apache-2.0

import { der, keyNamed, publicKeyOf } from './certificate-writer';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const ecPublicKey = '06072a8648ce3d0201';
const prime256v1 = '06082a8648ce3d030107';
const prime = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;

function spki(algorithm: string, key: Buffer, unusedBits = 0): Buffer {
  return der(0x30, der(0x30, hex(algorithm)), der(0x03, Buffer.from([unusedBits]), key));
}

const good = Buffer.from(publicKeyOf(keyNamed('peer0')), 'base64');
const [x, y] = [good.subarray(27, 59), good.subarray(59)];
const onP256 = (...point: readonly Buffer[]): Buffer => spki(`${ecPublicKey} ${prime256v1}`, Buffer.concat(point));
const coordinate = (value: bigint): Buffer => hex(value.toString(16).padStart(64, '0'));
/** A point with x = 0 is on the curve: here it is to be seen that p is not taken for 0. */
export const yOfZero = hex('66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4');
const integer = (bytes: number): Buffer => der(0x02, Buffer.alloc(bytes, 0x71));

/**
 * ECParameters (RFC 3279) that spell out P-256, with another generator: signatures under it are easily forged
 * (CVE-2020-0601).
 */
const explicitParameters = der(
  0x30,
  hex('020101'),
  der(0x30, hex('06072a8648ce3d0101'), der(0x02, Buffer.from([0]), coordinate(prime))),
  der(
    0x30,
    der(0x04, coordinate(prime - 3n)),
    der(0x04, hex('5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b')),
  ),
  der(0x04, Buffer.from([4]), x, y),
  der(0x02, Buffer.from([0]), hex('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')),
  hex('020101'),
);

/** SubjectPublicKeyInfos that no certificate and no committee may name. Some end the process in a native parser. */
export const hostileKeys: ReadonlyArray<{ readonly name: string; readonly spki: Buffer }> = Object.entries({
  'the point at infinity': onP256(Buffer.from([0])),
  'the point at infinity in 65 octets': onP256(Buffer.alloc(65)),
  'the point at infinity, uncompressed': onP256(Buffer.from([4]), Buffer.alloc(64)),
  'the point at infinity on P-384': spki(`${ecPublicKey} 06052b81040022`, Buffer.from([0])),
  'no point': onP256(),
  'a compressed point': onP256(Buffer.from([2 + ((y.at(-1) ?? 0) & 1)]), x),
  'a hybrid point': onP256(Buffer.from([6 + ((y.at(-1) ?? 0) & 1)]), x, y),
  'a point beside the curve': onP256(Buffer.from([4]), x, x),
  'a point on the twist': onP256(Buffer.from([4]), coordinate(prime - 1n), y),
  'a coordinate that is the prime': onP256(Buffer.from([4]), coordinate(prime), yOfZero),
  'coordinates of zero octets': onP256(Buffer.from([4])),
  'a point that is cut short': onP256(Buffer.from([4]), x, y.subarray(1)),
  'a point with more behind': onP256(Buffer.from([4]), x, y, Buffer.from([0])),
  'explicit parameters': der(
    0x30,
    der(0x30, hex(ecPublicKey), explicitParameters),
    der(0x03, Buffer.from([0, 4]), x, y),
  ),
  'no curve': spki(ecPublicKey, Buffer.concat([Buffer.from([4]), x, y])),
  'the implicit curve': spki(`${ecPublicKey} 0500`, Buffer.concat([Buffer.from([4]), x, y])),
  'the curve secp256k1': spki(`${ecPublicKey} 06052b8104000a`, Buffer.concat([Buffer.from([4]), x, y])),
  'the curve brainpoolP256r1': spki(`${ecPublicKey} 06092b2403030208010107`, Buffer.concat([Buffer.from([4]), x, y])),
  'the curve SM2': spki(`${ecPublicKey} 06082a811ccf5501822d`, Buffer.concat([Buffer.from([4]), x, y])),
  'the curve P-224': spki(
    `${ecPublicKey} 06052b81040021`,
    Buffer.concat([Buffer.from([4]), x.subarray(4), y.subarray(4)]),
  ),
  'the curve P-521': spki(`${ecPublicKey} 06052b81040023`, Buffer.concat([Buffer.from([4]), Buffer.alloc(132, 1)])),
  'a binary curve': spki(`${ecPublicKey} 06052b8104001a`, Buffer.concat([Buffer.from([4]), Buffer.alloc(60, 1)])),
  'a curve that nobody knows': spki(`${ecPublicKey} 06032a0304`, Buffer.concat([Buffer.from([4]), x, y])),
  'the algorithm ECDH': spki(`06052b8104010c ${prime256v1}`, Buffer.concat([Buffer.from([4]), x, y])),
  'two curves': spki(`${ecPublicKey} ${prime256v1} ${prime256v1}`, Buffer.concat([Buffer.from([4]), x, y])),
  'unused bits': spki(`${ecPublicKey} ${prime256v1}`, Buffer.concat([Buffer.from([4]), x, y]), 1),
  RSA: spki('06092a864886f70d010101 0500', der(0x30, integer(256), hex('0203010001'))),
  'RSA of 32,768 bits': spki('06092a864886f70d010101 0500', der(0x30, integer(4096), hex('0203010001'))),
  'RSA-PSS': spki('06092a864886f70d01010a', der(0x30, integer(256), hex('0203010001'))),
  DSA: der(
    0x30,
    der(0x30, hex('06072a8648ce380401'), der(0x30, integer(128), integer(20), integer(128))),
    der(0x03, Buffer.from([0]), integer(128)),
  ),
  Ed25519: spki('06032b6570', x),
  X25519: spki('06032b656e', x),
  Ed448: spki('06032b6571', Buffer.alloc(57, 1)),
  'an algorithm that nobody knows': spki('06032a0304', x),
  nothing: hex('3000'),
  'nested sequences': Array.from({ length: 60 }).reduce<Buffer>((inner) => der(0x30, inner), hex('0500')),
}).map(([name, bytes]) => ({ name, spki: bytes }));
