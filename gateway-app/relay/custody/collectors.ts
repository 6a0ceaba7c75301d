// SPDX-License-Identifier: Apache-2.0

import { type NotarySignature } from '@gridpeg/protocol';
import { PegError } from '../../client';
import { type EvidenceCollectors } from './evidence-collector';
import { type SignatureCollector } from './signature-collector';

/** The collectors of all custody modes, which have notaries and custodians sign. */
export function evidenceCollectors(signers: Pick<SignatureCollector, 'collect'>): EvidenceCollectors {
  return {
    federation: async ({ custody: { mode }, proof, batch, trust, suspended }) => {
      const { epoch } = trust.committee;
      const signatures = await signers.collect({ mode, proof, batch, trust, suspended, signers: trust.committee });
      return { version: 3, batch, evidence: { mode, proof, epoch, signatures } };
    },
    notary: async ({ custody: { mode }, proof, batch, trust, suspended }) => {
      const { epoch } = trust.committee;
      const signatures = await signers.collect({ mode, proof, batch, trust, suspended, signers: trust.committee });
      return { version: 3, batch, evidence: { mode, epoch, signatures } };
    },
    custodian: async ({ custody: { mode, custodian }, proof, batch, trust, suspended }) => {
      const { epoch } = trust.committee;
      const appointed = { notaries: [custodian], threshold: 1 };
      const signatures = await signers.collect({ mode, proof, batch, trust, suspended, signers: appointed });
      return { version: 3, batch, evidence: { mode, epoch, signature: only(signatures) } };
    },
  };
}

function only([signature]: readonly NotarySignature[]): NotarySignature {
  if (signature === undefined) throw new PegError({ code: 'SIGNATURES_TOO_FEW', details: { found: 0, required: 1 } });
  return signature;
}
