// SPDX-License-Identifier: Apache-2.0

import { type Batch, batchCodec, type BatchKind } from '../records/batch';
import {
  type Codec,
  converted,
  type Decoded,
  integer,
  join,
  list,
  modeVariant,
  oneOf,
  record,
  version1,
  version2,
  version3,
  versions,
} from '../codec/codec';
import {
  compactProof,
  compactProofCodec,
  divideProof,
  dividedProofCodec,
  expandProof,
  joinProof,
} from '../proof/compact-proof';
import { claimOf, type EndorsedProof, endorsedProofCodec } from '../proof/endorsed-proof';
import { type LaneId, packetIdCodec } from '../codec/identifiers';
import { type DigestForm, digestFor, firstDigest } from '../records/statement';
import { type SignedEvidence } from './certificate-digest';
import { type NotarySignature, notarySignatureCodec } from './notary-key';

/** An endorsed proof, and signatures of the committee. */
interface FederationEvidence {
  readonly mode: 'federation';
  readonly proof: EndorsedProof;
  readonly epoch: number;
  readonly signatures: readonly NotarySignature[];
}
/** Signatures of the committee, and no proof. */
interface NotaryEvidence {
  readonly mode: 'notary';
  readonly epoch: number;
  readonly signatures: readonly NotarySignature[];
}
/** The signature of the custodian that the lane appoints. */
interface CustodianEvidence {
  readonly mode: 'custodian';
  readonly epoch: number;
  readonly signature: NotarySignature;
}
/** What a custody mode asks for, to believe a batch; docs/spec/04-proof.md section 4.3. */
export type CustodyEvidence = FederationEvidence | NotaryEvidence | CustodianEvidence;

/** A certificate from before there were other modes than `federation`. */
export interface EarlierCertificate {
  /** How it is written; both say the same. 2 is written as 1 when the proof has not the form of a compact one. */
  readonly version: 1 | 2;
  readonly custody: 'federation';
  readonly proof: EndorsedProof;
  readonly epoch: number;
  readonly signatures: readonly NotarySignature[];
}
/** A batch of packets or receipts, and the evidence for it. */
export interface ModeCertificate {
  readonly version: 3;
  readonly batch: Batch;
  readonly evidence: CustodyEvidence;
}
/** What a destination takes, and what lies in its transactions for ever; docs/spec/04-proof.md section 4.3. */
export type Certificate = EarlierCertificate | ModeCertificate;

const epoch = integer(0, 2 ** 31 - 1);
const signatures = list(notarySignatureCodec, 0, 32);
const earlierFields = { epoch, signatures };
const custody = oneOf('federation');
const plainCodec = record({ version: version1, custody, proof: endorsedProofCodec, ...earlierFields });
const compactCodec = record({ version: version2, custody, proof: compactProofCodec, ...earlierFields });

type WrittenEvidence = Exclude<CustodyEvidence, FederationEvidence> | Decoded<typeof writtenFederationCodec>;
const writtenFederationCodec = record({ mode: oneOf('federation'), proof: dividedProofCodec, epoch, signatures });
const writtenEvidenceCodec = modeVariant<WrittenEvidence>({
  federation: writtenFederationCodec,
  notary: record({ mode: oneOf('notary'), epoch, signatures }),
  custodian: record({ mode: oneOf('custodian'), epoch, signature: notarySignatureCodec }),
});
const modeCodec = record({ version: version3, batch: batchCodec, evidence: writtenEvidenceCodec });

/** A certificate as it is written: in versions 2 and 3 the batch is not within the bytes of the proof. */
type Written = Decoded<typeof plainCodec> | Decoded<typeof compactCodec> | Decoded<typeof modeCodec>;
export const certificateCodec: Codec<Certificate> = converted(
  versions<Written>({ 1: plainCodec, 2: compactCodec, 3: modeCodec }),
  { decode: asRead, encode: asWritten },
);

function asRead(written: Written, field: string): Certificate {
  if (written.version === 1) return written;
  if (written.version === 2) return { ...written, proof: expandProof(written.proof, join(field, 'proof')) };
  const { batch, evidence, ...rest } = written;
  if (evidence.mode !== 'federation') return { ...rest, batch, evidence };
  const proof = joinProof(evidence.proof, batch, join(field, 'evidence.proof'));
  return { ...rest, batch, evidence: { ...evidence, proof } };
}

function asWritten(certificate: Certificate): Written {
  if (certificate.version === 3) {
    const { evidence } = certificate;
    if (evidence.mode !== 'federation') return { ...certificate, evidence };
    return { ...certificate, evidence: { ...evidence, proof: divideProof(evidence.proof) } };
  }
  const compact = certificate.version === 2 ? compactProof(certificate.proof) : undefined;
  return compact === undefined ? { ...certificate, version: 1 } : { ...certificate, version: 2, proof: compact };
}

/** A certificate as it was written before there were other modes than `federation`. */
export function earlierCertificate(
  proof: EndorsedProof,
  epoch: number,
  signatures: readonly NotarySignature[],
): EarlierCertificate {
  return { version: 2, custody: 'federation', proof, epoch, signatures };
}

/** The evidence of a certificate of any version. */
export function evidenceOf(certificate: Certificate): CustodyEvidence {
  if (certificate.version === 3) return certificate.evidence;
  const { custody: mode, proof, epoch, signatures } = certificate;
  return { mode, proof, epoch, signatures };
}

/** What a certificate says of those who signed its batch. */
export function signedEvidenceOf(certificate: Certificate): SignedEvidence {
  const evidence = evidenceOf(certificate);
  const signatures = evidence.mode === 'custodian' ? [evidence.signature] : evidence.signatures;
  return { epoch: evidence.epoch, signatures, form: digestFormOf(certificate) };
}

function digestFormOf(certificate: Certificate): DigestForm {
  return certificate.version === 3 ? digestFor(certificate.evidence.mode) : firstDigest;
}

/** The endorsed proof in a certificate; undefined in a mode without one. */
export function proofIn(certificate: Certificate): EndorsedProof | undefined {
  const evidence = evidenceOf(certificate);
  return evidence.mode === 'federation' ? evidence.proof : undefined;
}

/**
 * The lane and kind that a certificate *claims*, unverified: only good for finding the records to verify it with.
 *
 * @throws Refused PROOF_MALFORMED, PROOF_FOREIGN, REQUEST_MALFORMED
 */
export function claimIn(certificate: Certificate): { readonly kind: BatchKind; readonly laneId: LaneId } {
  return certificate.version === 3 ? certificate.batch : claimOf(certificate.proof);
}

export const proofFileCodec = record({ version: version1, packetId: packetIdCodec, certificate: certificateCodec });
/** A proof for whoever has only the trust record of the source chain; docs/spec/04-proof.md section 4.4. */
export type ProofFile = Decoded<typeof proofFileCodec>;
