// SPDX-License-Identifier: Apache-2.0

import type { CustodyVerifier } from './custody-mode';
import { signersAmong } from './signers-among';
import { verifyBySignatures } from './verify-by-signatures';

/**
 * The committee's threshold, and no endorsed proof. A lie takes the threshold of notaries and no peer: the mode is
 * there to be compared with `federation`.
 *
 * @see docs/spec/04-proof.md section 4.3; keeps PEG-13
 */
export const notary: CustodyVerifier<'notary'> = {
  reads: (certificate, _, { committee }) => signersAmong(committee.notaries, certificate),
  verify: (certificate, _, view) => verifyBySignatures(certificate, view.trust.committee, view),
};
