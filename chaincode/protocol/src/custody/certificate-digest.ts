// SPDX-License-Identifier: Apache-2.0

import { type KeyObject } from 'node:crypto';
import { hashBytes } from '../codec/hash';
import { Refused } from '../codec/refusal';
import { type BatchOutline, outlineOf, outlineRootOf, type RecordedBatch } from '../records/batch';
import { trustHashOf, type TrustRecord } from '../records/configuration';
import { type DigestForm, firstDigest } from '../records/statement';
import { signMessage } from '../x509/signature';
import { type NotarySignature, type Signers, verifyThreshold } from './notary-key';

/** The 32 bytes that notaries sign; docs/spec/01-encoding.md section 1.4. */
export function certificateDigest(batch: RecordedBatch, trust: TrustRecord, form: DigestForm = firstDigest): Buffer {
  return outlineDigest(outlineOf(batch), trustHashOf(trust), trust.committee.epoch, form);
}

/** The same without the entries' contents and the trust record's: what evidence shows. */
export function outlineDigest(
  outline: BatchOutline,
  sourceConfiguration: string,
  epoch: number,
  form: DigestForm,
): Buffer {
  const fields = [
    ...[outline.sourceChainId, outline.destinationChainId, outline.laneId, outline.kind, outlineRootOf(outline)],
    ...[outline.entryHashes.length, sourceConfiguration, epoch],
  ];
  return form.digestVersion === 1
    ? hashBytes('gridpeg/v1/certificate', ...fields)
    : hashBytes('gridpeg/v2/certificate', form.mode, ...fields);
}

/** Signs a batch that the signer has verified with {@link verifyEndorsedProof} under the same trust record. */
export function signBatch(
  batch: RecordedBatch,
  trust: TrustRecord,
  notary: NotarySignature['notary'],
  key: KeyObject,
  form: DigestForm = firstDigest,
): NotarySignature {
  return { notary, signature: signMessage(key, certificateDigest(batch, trust, form)).toString('base64') };
}

/** What a certificate says of those who signed its batch. */
export interface SignedEvidence {
  readonly epoch: number;
  readonly signatures: readonly NotarySignature[];
  readonly form: DigestForm;
}

/**
 * Checks that enough of the signers signed this batch under this very trust record.
 *
 * @param suspended - public keys whose signatures do not count; the threshold stays
 * @throws Refused EPOCH_STALE, NOTARY_STRANGER, NOTARY_REPEATED, NOTARIES_TOO_FEW, SIGNATURE_INVALID
 */
export function verifySigned(
  batch: RecordedBatch,
  { epoch, signatures, form }: SignedEvidence,
  signers: Signers,
  trust: TrustRecord,
  suspended: ReadonlySet<string>,
): void {
  if (epoch !== trust.committee.epoch) throw new Refused({ code: 'EPOCH_STALE', epoch });
  verifyThreshold(signatures, () => certificateDigest(batch, trust, form), signers, suspended);
}
