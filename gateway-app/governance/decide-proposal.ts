// SPDX-License-Identifier: Apache-2.0

import { type TxId } from '@gridpeg/protocol';
import { type PeggedNetwork } from '../consortium/consortium';
import { isProposalInForce, saysEnded } from './already-in-force';
import { findProposal, GovernedChain } from './governed-chain';

/** What was done with a proposal, and on which chain. */
export interface Decided {
  readonly chain: string;
  readonly proposalId: TxId;
  readonly result: 'approved' | 'withdrawn' | 'in force' | 'already in force';
}

/**
 * Consents to a proposal for organizations, by their administrators.
 *
 * @throws CommandError PROPOSAL_UNKNOWN; PegError
 */
export async function approveProposal(
  network: PeggedNetwork,
  proposalId: TxId,
  organizations: readonly string[],
): Promise<Decided> {
  const { governed, proposal } = await findProposal(network, proposalId);
  for (const organization of organizations) await governed.approve(organization, proposal);
  return { chain: governed.chain.name, proposalId, result: 'approved' };
}

/** Takes an organization's consent back. @throws CommandError PROPOSAL_UNKNOWN; PegError */
export async function withdrawProposal(
  network: PeggedNetwork,
  proposalId: TxId,
  organization: string,
): Promise<Decided> {
  const { governed, proposal } = await findProposal(network, proposalId);
  await governed.withdraw(organization, proposal);
  return { chain: governed.chain.name, proposalId, result: 'withdrawn' };
}

/**
 * Puts a proposal in force. Whoever is not the first to do so gets the answer that it is in force, which is the aim.
 *
 * @throws CommandError PROPOSAL_UNKNOWN; PegError
 */
export async function executeProposal(network: PeggedNetwork, proposalId: TxId): Promise<Decided> {
  try {
    const { governed, proposal } = await findProposal(network, proposalId);
    await governed.execute(proposal);
    return { chain: governed.chain.name, proposalId, result: 'in force' };
  } catch (error) {
    if (!saysEnded(error)) throw error;
    for (const { name } of network.state.chains) {
      const { reader } = new GovernedChain(network, network.chain(name));
      if (await isProposalInForce(reader, proposalId)) return { chain: name, proposalId, result: 'already in force' };
    }
    throw error;
  }
}
