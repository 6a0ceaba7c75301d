// SPDX-License-Identifier: Apache-2.0

import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { derFields, derUnsigned } from './der';
import { type CurveName, curveOfPublicKey } from './public-key';

/** Orders of P-256 and P-384 (SP 800-186 sections 3.2.1.3 and 3.2.1.4). */
const orderP256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const orderP384 = 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n;
const orders: Readonly<Record<CurveName, bigint>> = { 'P-256': orderP256, 'P-384': orderP384 };

/**
 * ECDSA P-256 over SHA-256, accepted in one spelling only: strict DER with low S, as Fabric demands.
 * Node accepts both halves and lax DER, so the spelling is checked first.
 */
export function verifySignature(publicKey: KeyObject, message: Buffer, signature: Buffer): boolean {
  if (!isP256(publicKey)) return false;
  const values = signatureValues(signature, orderP256);
  if (values === undefined || values.s > orderP256 / 2n) return false;
  return verify('sha256', message, publicKey, signature);
}

/**
 * A CA's signature on a certificate: strict DER as well, but with either S, as Go and OpenSSL do not make it low.
 *
 * @param publicKey - of the CA, on P-256 or P-384
 */
export function verifyIssuerSignature(
  publicKey: KeyObject,
  hash: 'sha256' | 'sha384',
  signed: Buffer,
  signature: Buffer,
): boolean {
  return signatureValues(signature, orderOf(publicKey)) !== undefined && verify(hash, signed, publicKey, signature);
}

/** Whether a key is on P-256, the only curve of peers and notaries. */
export function isP256(key: KeyObject): boolean {
  return curveOf(key) === 'P-256';
}

const curves = new WeakMap<KeyObject, CurveName>();

/** Not by asking Node for the key's details, which ends the process for some keys: see {@link curveOfPublicKey}. */
function curveOf(key: KeyObject): CurveName | undefined {
  const curve = curves.get(key) ?? curveOfExported(key);
  if (curve !== undefined) curves.set(key, curve);
  return curve;
}

function curveOfExported(key: KeyObject): CurveName | undefined {
  if (key.type === 'secret') return undefined;
  try {
    const publicKey = key.type === 'private' ? createPublicKey(key) : key;
    return curveOfPublicKey(publicKey.export({ format: 'der', type: 'spki' }));
  } catch {
    return undefined;
  }
}

/**
 * Signs over SHA-256 with low S.
 *
 * @param privateKey - on P-256, or on P-384 for a client: Fabric hashes with SHA-256 on every curve
 * @returns strict DER
 */
export function signMessage(privateKey: KeyObject, message: Buffer): Buffer {
  return withLowS(sign('sha256', message, privateKey), orderOf(privateKey));
}

/**
 * The one spelling of a signature that {@link verifySignature} accepts, for signers such as hardware that know
 * nothing of low S.
 *
 * @param signature - ECDSA P-256, strict DER
 * @throws Error when it is none
 */
export function canonicalSignature(signature: Buffer): Buffer {
  return withLowS(signature, orderP256);
}

function withLowS(signature: Buffer, order: bigint): Buffer {
  const values = signatureValues(signature, order);
  if (values === undefined) throw new Error('ECDSA: not a strict DER signature on its curve');
  const { r, s } = values;
  const body = Buffer.concat([derInteger(r), derInteger(s > order / 2n ? order - s : s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

function orderOf(key: KeyObject): bigint {
  const curve = curveOf(key);
  if (curve === undefined) throw new Error('ECDSA: the key is not on P-256 or P-384');
  return orders[curve];
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const padded = bytes.readUInt8(0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return Buffer.concat([Buffer.from([0x02, padded.length]), padded]);
}

/** Values of the longest signature, on P-384, take 104 bytes. */
function signatureValues(signature: Buffer, order: bigint): { r: bigint; s: bigint } | undefined {
  if (signature.length > 104) return undefined;
  try {
    const [sequence] = derFields(signature, [0x30]);
    const [r, s] = derFields(sequence.content, [0x02, 0x02]);
    return { r: inRange(r.content, order), s: inRange(s.content, order) };
  } catch {
    return undefined;
  }
}

function inRange(content: Buffer, order: bigint): bigint {
  const value = derUnsigned(content);
  if (value === 0n || value >= order) throw new Error('ECDSA: value out of range');
  return value;
}
