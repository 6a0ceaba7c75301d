// SPDX-License-Identifier: Apache-2.0

import {
  checkSource,
  Refused,
  signedEvidenceOf,
  verifySigned,
  type Certificate,
  type Signers,
} from '@gridpeg/protocol';
import type { CustodyVerdict, CustodyView } from './custody-mode';

/**
 * Believes the batch of a certificate by signatures alone. What holds for one entry holds for all: the signatures are
 * of the batch.
 *
 * @throws Refused CUSTODY_MISMATCH, PROOF_FOREIGN, EPOCH_STALE, NOTARY_STRANGER, NOTARY_REPEATED, NOTARIES_TOO_FEW,
 * SIGNATURE_INVALID
 */
export function verifyBySignatures(
  certificate: Certificate,
  signers: Signers,
  { trust, suspended }: CustodyView,
): CustodyVerdict {
  // Earlier versions have no batch beside the proof; they are of another mode.
  if (certificate.version !== 3) throw new Refused({ code: 'CUSTODY_MISMATCH', custody: certificate.custody });
  const { batch } = certificate;
  checkSource(batch, trust);
  verifySigned(batch, signedEvidenceOf(certificate), signers, trust, suspended);
  return { batch, insufficient: new Map() };
}
