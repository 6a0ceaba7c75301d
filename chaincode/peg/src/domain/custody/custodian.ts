// SPDX-License-Identifier: Apache-2.0

import type { CustodyVerifier } from './custody-mode';
import { signersAmong } from './signers-among';
import { verifyBySignatures } from './verify-by-signatures';

/**
 * The signature of the one custodian that the lane appoints, and nothing else. A lie takes that one key.
 *
 * @see docs/spec/04-proof.md section 4.3; keeps PEG-13
 */
export const custodian: CustodyVerifier<'custodian'> = {
  reads: (certificate, custody) => signersAmong([custody.custodian], certificate),
  verify: (certificate, custody, view) =>
    verifyBySignatures(certificate, { notaries: [custody.custodian], threshold: 1 }, view),
};
