// SPDX-License-Identifier: Apache-2.0

import { type BlockProof } from '../../spv/block-proof';
import { type ConsensusKind } from './block-writer';
import { headerForgeries } from './header-corpus';
import { dataForgeries, type ForgedProof, placeForgeries } from './place-corpus';
import { blockProof, lastBlock, linkedStep, rulesOf, scenario } from './scenario';
import { stepForgeries } from './step-corpus';
import { transactionForgeries, validityForgeries } from './transaction-corpus';

/** A block proof that is forged or changed in one thing, and the code of its refusal. */
export interface BlockProofForgery extends ForgedProof {
  readonly name: string;
  readonly code: string;
}

/** Every kind of them under a consensus protocol. */
export function blockProofCorpus(kind: ConsensusKind): readonly BlockProofForgery[] {
  const chain = scenario(kind);
  const rules = rulesOf(chain);
  const anchors = headerForgeries(kind).map(({ name, code, forge }) => {
    return { name: `an anchor with ${name}`, code, proof: blockProof(chain, { anchor: [forge(chain)] }), rules };
  });
  const steps = stepForgeries(kind).map(({ name, code, forge }) => {
    return { name: `steps with ${name}`, code, proof: blockProof(chain, { steps: forge(chain) }), rules };
  });
  const others = { ...placeForgeries, ...dataForgeries, ...transactionForgeries, ...validityForgeries };
  const rest = Object.entries(others).map(([name, [code, forge]]) => ({ name, code, ...forge(chain) }));
  return [...anchors, ...steps, ...rest];
}

/** Genuine proofs of one packet, by how their blocks are tied to the followed chain. */
export function genuineBlockProofs(kind: ConsensusKind): Readonly<Record<string, ForgedProof>> {
  const chain = scenario(kind);
  const rules = rulesOf(chain);
  const proof = (changes: Partial<BlockProof>): ForgedProof => ({ proof: blockProof(chain, changes), rules });
  return {
    'by a later header that is signed': proof({}),
    'by steps to the last header': proof({ steps: [linkedStep(chain, lastBlock)], anchor: [] }),
    'by a header below the one followed': proof({ steps: [linkedStep(chain, lastBlock)] }),
  };
}
