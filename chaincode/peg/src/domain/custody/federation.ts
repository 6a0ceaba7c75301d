// SPDX-License-Identifier: Apache-2.0

import { verifyEndorsedProof, verifyQuorum } from '@gridpeg/protocol';
import type { CustodyMode } from './custody-mode';

/**
 * Endorsed proof and the committee's threshold, both. A lie takes the threshold of notaries *and* peers of as many
 * organizations as the proof policy asks for. What holds for one entry holds for all: the signatures are of the batch.
 *
 * @see docs/spec/04-proof.md section 4.3; keeps PEG-7, PEG-13
 */
export const federation: CustodyMode = {
  reads: ({ signatures }, { committee }) => {
    const signers = new Set(signatures.map(({ notary }) => notary));
    return { notaries: committee.notaries.filter(({ mspId }) => signers.has(mspId)) };
  },
  verify: ({ proof, epoch, signatures }, { trust, suspended }) => {
    const { batch } = verifyEndorsedProof(proof, trust);
    verifyQuorum(batch, epoch, signatures, trust, suspended);
    return { batch, insufficient: new Map() };
  },
};
