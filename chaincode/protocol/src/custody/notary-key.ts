// SPDX-License-Identifier: Apache-2.0

import { type KeyObject } from 'node:crypto';
import { BoundedCache } from '../codec/bounded-cache';
import { base64Codec, type Codec, record } from '../codec/codec';
import { type MspId, mspIdCodec } from '../codec/identifiers';
import { Refused } from '../codec/refusal';
import { type Notary } from '../records/custody';
import { verifySignature } from '../x509/signature';
import { curveOfPublicKey, readPublicKey } from '../x509';

/** One notary's word for a certificate digest. */
export interface NotarySignature {
  readonly notary: MspId;
  readonly signature: string;
}
export const notarySignatureCodec: Codec<NotarySignature> = record({ notary: mspIdCodec, signature: base64Codec });

/** Who may sign, and how many must. */
export interface Signers {
  readonly notaries: readonly Notary[];
  readonly threshold: number;
}

/**
 * Checks that as many notaries as the threshold, each once, signed a digest.
 *
 * @param digest - made only once the cheap checks have passed
 * @param suspended - public keys whose signatures do not count (docs/spec/08-governance.md section 8.5), by the ledger
 * of who asks; the threshold stays
 * @throws Refused NOTARY_STRANGER, NOTARY_REPEATED, NOTARIES_TOO_FEW, SIGNATURE_INVALID
 */
export function verifyThreshold(
  signatures: readonly NotarySignature[],
  digest: () => Buffer,
  { notaries, threshold }: Signers,
  suspended: ReadonlySet<string>,
): void {
  const names = signatures.map(({ notary }) => notary);
  const stranger = names.find((name) => !notaries.some(({ mspId }) => mspId === name));
  if (stranger !== undefined) throw new Refused({ code: 'NOTARY_STRANGER', notary: stranger });
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new Refused({ code: 'NOTARY_REPEATED', notary: repeated });
  const out = new Set(notaries.filter(({ publicKey }) => suspended.has(publicKey)).map(({ mspId }) => mspId));
  const counted = signatures.filter(({ notary }) => !out.has(notary));
  if (counted.length < threshold) {
    throw new Refused({ code: 'NOTARIES_TOO_FEW', found: counted.length, required: threshold });
  }
  const bytes = digest();
  for (const signature of counted) {
    if (!isSignedBy(signature, bytes, notaries)) {
      throw new Refused({ code: 'SIGNATURE_INVALID', signer: signature.notary });
    }
  }
}

/** Whether one of these notaries made this signature in its own name; a relay drops those that did not. */
export function isSignedBy(
  { notary, signature }: NotarySignature,
  digest: Buffer,
  notaries: readonly Notary[],
): boolean {
  const publicKey = notaries.find(({ mspId }) => mspId === notary)?.publicKey;
  const key = publicKey === undefined ? undefined : agreedKeys.getOrCompute(publicKey, () => notaryKey(publicKey));
  return key !== undefined && verifySignature(key, digest, Buffer.from(signature, 'base64'));
}

/** Keys of committees and custodians only, which members have agreed on. */
const agreedKeys = new BoundedCache<KeyObject>({ entries: 256, characters: 65_536 });

/** Whether the key, as committees name it, made this signature. */
export function isSignedWith(publicKey: string, signature: string, digest: Buffer): boolean {
  const key = notaryKey(publicKey);
  return key !== undefined && verifySignature(key, digest, Buffer.from(signature, 'base64'));
}

function notaryKey(publicKey: string): KeyObject | undefined {
  return isNotaryKey(publicKey) ? readPublicKey(Buffer.from(publicKey, 'base64')) : undefined;
}

/**
 * Whether a committee or a lane may list this key: a P-256 SubjectPublicKeyInfo in base64, in its one spelling with an
 * uncompressed point. Parsers take others too, so one key could pass for two.
 */
export function isNotaryKey(publicKey: string): boolean {
  const bytes = Buffer.from(publicKey, 'base64');
  return bytes.toString('base64') === publicKey && curveOfPublicKey(bytes) === 'P-256';
}
