// SPDX-License-Identifier: Apache-2.0

import { signedEvidenceOf, type Certificate, type Notary } from '@gridpeg/protocol';
import type { CustodyReads } from './custody-mode';

/** Those of the notaries that the certificate says signed it: only their standing is read. */
export function signersAmong(notaries: readonly Notary[], certificate: Certificate): CustodyReads {
  const signers = new Set(signedEvidenceOf(certificate).signatures.map(({ notary }) => notary));
  return { notaries: notaries.filter(({ mspId }) => signers.has(mspId)) };
}
