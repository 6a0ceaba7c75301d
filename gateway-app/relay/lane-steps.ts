// SPDX-License-Identifier: Apache-2.0

import { certificateRequestCodec, encode, type Batch, type Lane, type Packet, type PacketId } from '@gridpeg/protocol';
import { type Relayed } from '../client';
import { needOfPackets, needOfRefunds, type EscrowNeed } from '../notary/chains/choose-escrow';
import { type Step } from './core/next-step';
import { type ChainView } from '../notary/chains/chain-view';
import { type ProofSource } from './proof-source';
import { collectEvidence, type EvidenceCollectors } from './custody/evidence-collector';

/** One end of a lane: the chain, and the source of proofs of its records. */
interface LaneEnd {
  readonly chain: ChainView;
  readonly proofs: ProofSource;
}

/** What the steps of one lane work with. */
export interface LaneStepsParts {
  readonly lane: Lane;
  readonly source: LaneEnd;
  readonly destination: LaneEnd;
  /** Collectors by custody mode. */
  readonly collectors: EvidenceCollectors;
}

/** The result of a step. */
export interface StepDone extends Relayed {
  readonly entries: number;
  /** Size of the certificate in bytes. */
  readonly certificateBytes: number;
}

/**
 * Performs one step: it has peers endorse a proof, collects the evidence for a certificate, chooses escrow notes, and
 * submits one transaction. A step can be repeated without harm, because the chaincode answers `already-done`.
 */
export class LaneSteps {
  readonly #parts: LaneStepsParts;

  constructor(parts: LaneStepsParts) {
    this.#parts = parts;
  }

  /** @throws PegError */
  async perform(step: Step): Promise<StepDone> {
    const { lane, source, destination, collectors } = this.#parts;
    const delivers = step.do === 'deliver';
    const [from, to] = delivers ? [source, destination] : [destination, source];
    const trust = to.chain.trustOf(from.chain.chainId);
    const { custody } = to.chain.laneOf(lane.id);
    const kind = delivers ? 'packets' : 'receipts';
    const { proof, batch } = await from.proofs.prove(kind, { laneId: lane.id, txIds: step.txIds }, trust);
    // While the notaries sign, the relay finds out which escrow the batch needs.
    const [certificate, need] = await Promise.all([
      collectEvidence(collectors, { proof, batch, custody, trust, suspended: to.chain.suspended }),
      this.#needOf(batch),
    ]);
    const relayed = await to.chain.withEscrow(need, (escrowIds) =>
      to.chain.client.relay(delivers ? 'receive' : 'settle', { certificate, escrowIds }),
    );
    const certificateBytes = encode(certificateRequestCodec, { certificate, escrowIds: [] }).length;
    return { ...relayed, entries: batch.entries.length, certificateBytes };
  }

  async #needOf(batch: Batch): Promise<EscrowNeed> {
    const { lane } = this.#parts;
    if (batch.kind === 'packets') return needOfPackets(batch.entries, lane);
    const refused = batch.entries.filter(({ outcome }) => outcome === 'refused');
    return needOfRefunds(await this.#toRefund(refused.map(({ packetId }) => packetId)), lane);
  }

  async #toRefund(packetIds: readonly PacketId[]): Promise<readonly Packet[]> {
    const { client } = this.#parts.source.chain;
    const transfers = await Promise.all(packetIds.map((packetId) => client.getTransfer(packetId)));
    return transfers.filter(({ state }) => state === 'in-flight').map(({ packet }) => packet);
  }
}
