// SPDX-License-Identifier: Apache-2.0

import { type Batch, encodeBatch } from '../records/batch';
import { type TrustRecord } from '../records/configuration';
import { verifyEndorsedProof } from '../proof/endorsed-proof';
import { Refused } from '../codec/refusal';
import { type Certificate, evidenceOf, proofIn, signedEvidenceOf } from './certificate';
import { verifySigned } from './certificate-digest';

/**
 * Verifies a certificate of the mode `federation`, in any version: peers of enough organizations of the source read
 * this batch from committed state, and enough notaries of its committee signed it.
 *
 * @param trust - the verifier's own record of the source chain
 * @param suspended - public keys whose signatures do not count
 * @throws Refused CUSTODY_MISMATCH for another mode, and the codes of docs/spec/04-proof.md sections 4.2 and 4.3
 */
export function verifyFederation(certificate: Certificate, trust: TrustRecord, suspended: ReadonlySet<string>): Batch {
  const proof = proofIn(certificate);
  if (proof === undefined) throw new Refused({ code: 'CUSTODY_MISMATCH', custody: evidenceOf(certificate).mode });
  const { batch } = verifyEndorsedProof(proof, trust);
  if (certificate.version === 3 && encodeBatch(certificate.batch) !== encodeBatch(batch)) {
    throw new Refused({ code: 'PROOF_FOREIGN', field: 'batch' });
  }
  verifySigned(batch, signedEvidenceOf(certificate), trust.committee, trust, suspended);
  return batch;
}
