// SPDX-License-Identifier: Apache-2.0

import { type KeyObject } from 'node:crypto';
import { type Batch, type BatchOutline, outlineOf, outlineRootOf, type RecordedBatch } from '../records/batch';
import { BoundedCache } from '../codec/bounded-cache';
import { base64Codec, integer, list, record, type Codec, type Decoded, version1, version2 } from '../codec/codec';
import { compactProof, compactProofCodec, expandProof } from '../proof/compact-proof';
import { type Committee, type Custody, custodyCodec, trustHashOf, type TrustRecord } from '../records/configuration';
import { type EndorsedProof, endorsedProofCodec } from '../proof/endorsed-proof';
import { hashBytes } from '../codec/hash';
import { type MspId, mspIdCodec, packetIdCodec } from '../codec/identifiers';
import { Refused } from '../codec/refusal';
import { signMessage, verifySignature } from '../x509/signature';
import { curveOfPublicKey, readPublicKey } from '../x509';

/** One notary's word for a certificate digest. */
export interface NotarySignature {
  readonly notary: MspId;
  readonly signature: string;
}
export const notarySignatureCodec: Codec<NotarySignature> = record({ notary: mspIdCodec, signature: base64Codec });

/**
 * A batch of packets or receipts plus the evidence that the lane's custody mode asks for; docs/spec/04-proof.md section
 * 4.3.
 */
export interface Certificate {
  /** How it is written; both say the same. 2 is written as 1 when the proof has not the form of a compact one. */
  readonly version: 1 | 2;
  readonly custody: Custody;
  readonly proof: EndorsedProof;
  readonly epoch: number;
  readonly signatures: readonly NotarySignature[];
}
const signatureFields = {
  epoch: integer(0, 2 ** 31 - 1),
  signatures: list(notarySignatureCodec, 0, 32),
};
const plainCodec = record({ version: version1, custody: custodyCodec, proof: endorsedProofCodec, ...signatureFields });
const compactCodec = record({ version: version2, custody: custodyCodec, proof: compactProofCodec, ...signatureFields });
export const certificateCodec: Codec<Certificate> = {
  decode: (value, field) => {
    const compact = typeof value === 'object' && value !== null && 'version' in value && value.version === 2;
    if (!compact) return plainCodec.decode(value, field);
    const certificate = compactCodec.decode(value, field);
    return { ...certificate, proof: expandProof(certificate.proof, field === '' ? 'proof' : `${field}.proof`) };
  },
  encode: (certificate) => {
    const proof = certificate.version === 2 ? compactProof(certificate.proof) : undefined;
    return proof === undefined
      ? plainCodec.encode({ ...certificate, version: 1 })
      : compactCodec.encode({ ...certificate, version: 2, proof });
  },
};

/** A certificate of the mode `federation`, in the newest version. */
export function federationCertificate(
  proof: EndorsedProof,
  epoch: number,
  signatures: readonly NotarySignature[],
): Certificate {
  return { version: 2, custody: 'federation', proof, epoch, signatures };
}

export const proofFileCodec = record({ version: version1, packetId: packetIdCodec, certificate: certificateCodec });
/** A proof for whoever has only the trust record of the source chain; docs/spec/04-proof.md section 4.4. */
export type ProofFile = Decoded<typeof proofFileCodec>;

/** The 32 bytes that notaries sign. */
export function certificateDigest(batch: RecordedBatch, trust: TrustRecord): Buffer {
  return outlineDigest(outlineOf(batch), trustHashOf(trust), trust.committee.epoch);
}

/** The same without the entries' contents and the trust record's: what evidence shows. */
export function outlineDigest(outline: BatchOutline, sourceConfiguration: string, epoch: number): Buffer {
  return hashBytes(
    'gridpeg/v1/certificate',
    outline.sourceChainId,
    outline.destinationChainId,
    outline.laneId,
    outline.kind,
    outlineRootOf(outline),
    outline.entryHashes.length,
    sourceConfiguration,
    epoch,
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
 * @param suspended - public keys whose signatures do not count (docs/spec/08-governance.md section 8.5), by the ledger
 * of who asks; the threshold stays
 * @throws Refused EPOCH_STALE, NOTARY_STRANGER, NOTARY_REPEATED, NOTARIES_TOO_FEW, SIGNATURE_INVALID
 */
export function verifyQuorum(
  batch: RecordedBatch,
  epoch: number,
  signatures: readonly NotarySignature[],
  trust: TrustRecord,
  suspended: ReadonlySet<string> = new Set(),
): void {
  if (epoch !== trust.committee.epoch) throw new Refused({ code: 'EPOCH_STALE', epoch });
  verifyThreshold(signatures, () => certificateDigest(batch, trust), trust.committee, suspended);
}

/**
 * Checks that as many notaries as the threshold, each once, signed a digest.
 *
 * @param digest - made only once the cheap checks have passed
 * @throws Refused NOTARY_STRANGER, NOTARY_REPEATED, NOTARIES_TOO_FEW, SIGNATURE_INVALID
 */
export function verifyThreshold(
  signatures: readonly NotarySignature[],
  digest: () => Buffer,
  committee: Committee,
  suspended: ReadonlySet<string>,
): void {
  const names = signatures.map(({ notary }) => notary);
  const stranger = names.find((name) => !committee.notaries.some(({ mspId }) => mspId === name));
  if (stranger !== undefined) throw new Refused({ code: 'NOTARY_STRANGER', notary: stranger });
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new Refused({ code: 'NOTARY_REPEATED', notary: repeated });
  const out = new Set(committee.notaries.filter(({ publicKey }) => suspended.has(publicKey)).map(({ mspId }) => mspId));
  const counted = signatures.filter(({ notary }) => !out.has(notary));
  if (counted.length < committee.threshold) {
    throw new Refused({ code: 'NOTARIES_TOO_FEW', found: counted.length, required: committee.threshold });
  }
  const bytes = digest();
  for (const signature of counted) {
    if (!isSignedBy(signature, bytes, { committee })) {
      throw new Refused({ code: 'SIGNATURE_INVALID', signer: signature.notary });
    }
  }
}

/** Whether one notary of the committee made this signature; a relay drops those that did not. */
export function isSignedBy(
  { notary, signature }: NotarySignature,
  digest: Buffer,
  { committee }: Pick<TrustRecord, 'committee'>,
): boolean {
  const publicKey = committee.notaries.find(({ mspId }) => mspId === notary)?.publicKey;
  const key = publicKey === undefined ? undefined : committeeKeys.getOrCompute(publicKey, () => notaryKey(publicKey));
  return key !== undefined && verifySignature(key, digest, Buffer.from(signature, 'base64'));
}

/** Keys of committees only, which members have agreed on. */
const committeeKeys = new BoundedCache<KeyObject>({ entries: 256, characters: 65_536 });

/** Whether the key, as committees name it, made this signature. */
export function isSignedWith(publicKey: string, signature: string, digest: Buffer): boolean {
  const key = notaryKey(publicKey);
  return key !== undefined && verifySignature(key, digest, Buffer.from(signature, 'base64'));
}

function notaryKey(publicKey: string): KeyObject | undefined {
  return isNotaryKey(publicKey) ? readPublicKey(Buffer.from(publicKey, 'base64')) : undefined;
}

/**
 * Whether a committee may list this key: a P-256 SubjectPublicKeyInfo in base64, in its one spelling with an
 * uncompressed point. Parsers take others too, so one key could pass for two.
 */
export function isNotaryKey(publicKey: string): boolean {
  const bytes = Buffer.from(publicKey, 'base64');
  return bytes.toString('base64') === publicKey && curveOfPublicKey(bytes) === 'P-256';
}
