// SPDX-License-Identifier: Apache-2.0

import { verifyEndorsedProof, verifyQuorum } from '@gridpeg/protocol';
import type { CustodyMode } from './custody-mode';

/**
 * Endorsed proof and the committee's threshold, both. Whoever wants to lie needs the threshold of notaries *and* peers of the proof policy's organizations.
 *
 * @see docs/spec/04-proof.md section 4.3; keeps PEG-7, PEG-13
 */
export const federation: CustodyMode = {
  verify: (certificate, trust, suspended) => {
    const { batch } = verifyEndorsedProof(certificate.proof, trust);
    verifyQuorum(batch, certificate.epoch, certificate.signatures, trust, suspended);
    return batch;
  },
};
