// SPDX-License-Identifier: Apache-2.0

import { createPublicKey, type KeyObject } from 'node:crypto';
import { type Batch, batchRootOf } from './batch';
import { base64Shape, integer, list, record, type Shape, version1 } from './codec';
import { type Custody, custodyShape, trustHashOf, type TrustRecord } from './configuration';
import { type EndorsedProof, endorsedProofShape } from './endorsed-proof';
import { hashBytes } from './hash';
import { type MspId, mspIdShape } from './identifiers';
import { Memory } from './memory';
import { Refused } from './refusal';
import { isP256, signMessage, verifySignature } from './signature';

/** One notary's word for a certificate digest. */
export interface NotarySignature {
  readonly notary: MspId;
  readonly signature: string;
}
const notarySignatureShape: Shape<NotarySignature> = record({ notary: mspIdShape, signature: base64Shape });

/** A batch of packets or receipts plus the evidence that the lane's custody mode asks for; docs/spec/04-proof.md section 4.3. */
export interface Certificate {
  readonly version: 1;
  readonly custody: Custody;
  readonly proof: EndorsedProof;
  readonly epoch: number;
  readonly signatures: readonly NotarySignature[];
}
export const certificateShape: Shape<Certificate> = record({
  version: version1,
  custody: custodyShape,
  proof: endorsedProofShape,
  epoch: integer(0, 2 ** 31 - 1),
  signatures: list(notarySignatureShape, 0, 32),
});

/** The 32 bytes that notaries sign. */
export function certificateDigest(batch: Batch, trust: TrustRecord): Buffer {
  return hashBytes(
    'gridpeg/v1/certificate',
    batch.sourceChainId,
    batch.destinationChainId,
    batch.laneId,
    batch.kind,
    batchRootOf(batch),
    batch.entries.length,
    trustHashOf(trust),
    trust.committee.epoch,
  );
}

/** Signs a batch that the signer has verified with {@link verifyEndorsedProof} under the same trust record. */
export function signBatch(
  batch: Batch,
  trust: TrustRecord,
  notary: NotarySignature['notary'],
  key: KeyObject,
): NotarySignature {
  return { notary, signature: signMessage(key, certificateDigest(batch, trust)).toString('base64') };
}

/**
 * Checks that enough notaries of the committee signed this batch.
 *
 * @throws Refused EPOCH_STALE, NOTARY_STRANGER, NOTARY_REPEATED, NOTARIES_TOO_FEW, SIGNATURE_INVALID
 */
export function verifyQuorum(
  batch: Batch,
  epoch: number,
  signatures: readonly NotarySignature[],
  trust: TrustRecord,
): void {
  const { committee } = trust;
  if (epoch !== committee.epoch) throw new Refused({ code: 'EPOCH_STALE', epoch });
  const names = signatures.map(({ notary }) => notary);
  const stranger = names.find((name) => !committee.notaries.some(({ mspId }) => mspId === name));
  if (stranger !== undefined) throw new Refused({ code: 'NOTARY_STRANGER', notary: stranger });
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new Refused({ code: 'NOTARY_REPEATED', notary: repeated });
  if (names.length < committee.threshold) {
    throw new Refused({ code: 'NOTARIES_TOO_FEW', found: names.length, required: committee.threshold });
  }
  const digest = certificateDigest(batch, trust);
  for (const signature of signatures) {
    if (!isSignedBy(signature, digest, trust))
      throw new Refused({ code: 'SIGNATURE_INVALID', signer: signature.notary });
  }
}

/** Whether one notary of the committee made this signature; a relay drops those that did not. */
export function isSignedBy({ notary, signature }: NotarySignature, digest: Buffer, trust: TrustRecord): boolean {
  const publicKey = trust.committee.notaries.find(({ mspId }) => mspId === notary)?.publicKey;
  return publicKey !== undefined && verifySignature(notaryKey(publicKey), digest, Buffer.from(signature, 'base64'));
}

/** Whether a committee may list this key: a P-256 SubjectPublicKeyInfo in base64. */
export function isNotaryKey(publicKey: string): boolean {
  try {
    return isP256(notaryKey(publicKey));
  } catch {
    return false;
  }
}

const keys = new Memory<KeyObject>(256);

function notaryKey(publicKey: string): KeyObject {
  return keys.recall(publicKey, () =>
    createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' }),
  );
}
