// SPDX-License-Identifier: Apache-2.0

import { sign, verify, type KeyObject } from 'node:crypto';
import { derElements } from './der';

/** Order of the curve P-256 (FIPS 186-5, SP 800-186 section 3.2.1.3). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const halfOrder = order / 2n;

/**
 * ECDSA P-256 over SHA-256, accepted in one spelling only: strict DER with low S, as Fabric demands.
 * Node accepts both halves and lax DER, so the spelling is checked first.
 */
export function verifySignature(publicKey: KeyObject, message: Buffer, signature: Buffer): boolean {
  if (!isP256(publicKey)) return false;
  const values = signatureValues(signature);
  if (values === undefined || values.s > halfOrder) return false;
  return verify('sha256', message, publicKey, signature);
}

/** Whether a key is on P-256, the only curve here. */
export function isP256(key: KeyObject): boolean {
  return key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
}

/** Signs with low S. @returns strict DER */
export function signMessage(privateKey: KeyObject, message: Buffer): Buffer {
  return canonicalSignature(sign('sha256', message, privateKey));
}

/**
 * The one spelling of a signature that {@link verifySignature} accepts, for signers such as hardware that know nothing of low S.
 *
 * @param signature - ECDSA P-256, strict DER
 * @throws Error when it is none
 */
export function canonicalSignature(signature: Buffer): Buffer {
  const values = signatureValues(signature);
  if (values === undefined) throw new Error('ECDSA: not a strict DER signature on P-256');
  const { r, s } = values;
  const body = Buffer.concat([derInteger(r), derInteger(s > halfOrder ? order - s : s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const padded = bytes.readUInt8(0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return Buffer.concat([Buffer.from([0x02, padded.length]), padded]);
}

function signatureValues(signature: Buffer): { r: bigint; s: bigint } | undefined {
  if (signature.length > 72) return undefined;
  try {
    const [sequence] = elements(signature, [0x30]);
    const [r, s] = elements(sequence, [0x02, 0x02]);
    return { r: positive(r), s: positive(s) };
  } catch {
    return undefined;
  }
}

/** Contents of exactly these elements. */
function elements<const Tags extends readonly number[]>(bytes: Buffer, tags: Tags): { [K in keyof Tags]: Buffer } {
  const found = derElements(bytes);
  if (found.map(({ tag }) => tag).join() !== tags.join()) throw new Error('DER: other elements than expected');
  return found.map(({ content }) => content) as { [K in keyof Tags]: Buffer };
}

function positive(content: Buffer): bigint {
  const first = content.readUInt8(0);
  const padded = first === 0 && content.length > 1;
  if (first >= 0x80 || (padded && content.readUInt8(1) < 0x80)) throw new Error('DER: integer');
  const value = BigInt(`0x${content.toString('hex')}`);
  if (value <= 0n || value >= order) throw new Error('ECDSA: value out of range');
  return value;
}
