// SPDX-License-Identifier: Apache-2.0

import { verifyFederation } from '@gridpeg/protocol';
import type { CustodyVerifier } from './custody-mode';
import { signersAmong } from './signers-among';

/**
 * Endorsed proof and the committee's threshold, both. A lie takes the threshold of notaries *and* peers of as many
 * organizations as the proof policy asks for. What holds for one entry holds for all: the signatures are of the batch.
 *
 * @see docs/spec/04-proof.md section 4.3; keeps PEG-7, PEG-13
 */
export const federation: CustodyVerifier<'federation'> = {
  reads: (certificate, _, { committee }) => signersAmong(committee.notaries, certificate),
  verify: (certificate, _, { trust, suspended }) => ({
    batch: verifyFederation(certificate, trust, suspended),
    insufficient: new Map(),
  }),
};
