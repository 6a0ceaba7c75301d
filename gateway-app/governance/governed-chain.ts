// SPDX-License-Identifier: Apache-2.0

import {
  mspIdCodec,
  type Action,
  type AnyEvidence,
  type EvidenceResponse,
  type MspId,
  type ProposalStatus,
  type Rotation,
  type TxId,
} from '@gridpeg/protocol';
import { type Committed, type GovernanceClient, type PegClient } from '../client';
import { CommandError } from '../errors/command-error';
import { type ChainState, type PeggedNetwork } from '../consortium/consortium';
import { waitForBlock } from '../consortium/wait-for-block';

/** One chain as its organizations govern it; each step ends when every peer has it that keys are here for. */
export class GovernedChain {
  readonly chain: ChainState;
  readonly #network: PeggedNetwork;

  constructor(network: PeggedNetwork, chain: ChainState) {
    this.#network = network;
    this.chain = chain;
  }

  /** Anybody of the chain: enough to read, and to execute. */
  get reader(): PegClient {
    return this.#network.client(this.chain, this.#network.reader(this.chain));
  }

  /** Open proposals of the members in force. */
  async proposals(): Promise<readonly ProposalStatus[]> {
    const { members } = await this.reader.getConfiguration();
    const found = await Promise.all(members.map((member) => this.reader.governance.proposal(member)));
    return found.filter((status) => status !== undefined);
  }

  async propose(organization: string, action: Action): Promise<TxId> {
    const { answer } = await this.#everywhere(this.#admin(organization).propose(action));
    return answer.proposalId;
  }

  async approve(organization: string, proposal: ProposalStatus['proposal']): Promise<void> {
    await this.#everywhere(this.#admin(organization).approve(named(proposal)));
  }

  async withdraw(organization: string, proposal: ProposalStatus['proposal']): Promise<void> {
    await this.#everywhere(this.#admin(organization).withdraw(named(proposal)));
  }

  async execute(proposal: ProposalStatus['proposal']): Promise<void> {
    await this.#everywhere(this.reader.governance.execute(named(proposal)));
  }

  /** @returns `done`, or `already-done` where the next committee is in force */
  async rotate(rotation: Rotation): Promise<string> {
    return (await this.#everywhere(this.reader.governance.rotate(rotation))).answer.result;
  }

  /**
   * @throws PegError NOTARY_STRANGER where the key was never a notary's, CHAIN_UNTRUSTED where the source is not known
   */
  async submitEvidence(evidence: AnyEvidence): Promise<EvidenceResponse> {
    return (await this.#everywhere(this.reader.governance.submitEvidence(evidence))).answer;
  }

  /** @throws CommandError CHAIN_FOREIGN, ACCOUNT_UNKNOWN */
  #admin(organization: string): GovernanceClient {
    const { members, name } = this.chain;
    if (!members.includes(organization)) {
      const known = members.join(', ');
      throw new CommandError(
        'CHAIN_FOREIGN',
        `${organization} is no member of ${name} (${known})`,
        'Name one that is.',
      );
    }
    return this.#network.client(this.chain, this.#network.administrator(organization)).governance;
  }

  async #everywhere<T>(step: Promise<Committed<T>>): Promise<Committed<T>> {
    const committed = await step;
    // Only of organizations whose keys are here: it is committed, whatever can be seen of the others.
    const readers = this.#network.holdersOf(this.chain.members);
    await waitForBlock(
      readers.map((reader) => this.#network.client(this.chain, reader)),
      [committed],
    );
    return committed;
  }
}

/** A proposal by its id, and the chain that it is made on. @throws CommandError PROPOSAL_UNKNOWN */
export async function findProposal(
  network: PeggedNetwork,
  id: string,
): Promise<{ readonly governed: GovernedChain; readonly proposal: ProposalStatus['proposal'] }> {
  for (const chain of network.state.chains) {
    const governed = new GovernedChain(network, chain);
    const found = (await governed.proposals()).find(({ proposal }) => proposal.id === id);
    if (found !== undefined) return { governed, proposal: found.proposal };
  }
  throw new CommandError(
    'PROPOSAL_UNKNOWN',
    `no chain has an open proposal ${id.slice(0, 64)}`,
    'See `gridpeg governance show`.',
  );
}

function named({ organization, id }: ProposalStatus['proposal']): { organization: MspId; proposalId: TxId } {
  return { organization: mspIdCodec.decode(organization, 'organization'), proposalId: id };
}
