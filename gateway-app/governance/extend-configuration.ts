// SPDX-License-Identifier: Apache-2.0

import {
  configurationCodec,
  encode,
  storedConfigurationCodec,
  type Configuration,
  type ProposalStatus,
} from '@gridpeg/protocol';
import { type ChainState } from '../consortium/consortium';
import { CommandError } from '../errors/command-error';
import { type GovernedChain } from './governed-chain';

/**
 * What is in force with the lanes to added chains, and how to trust those; undefined when it has them or needs none.
 */
export function extendedBy(
  present: Configuration,
  wanted: Configuration,
  added: readonly ChainState[],
): Configuration | undefined {
  const isAdded = (chainId: string): boolean => added.some((chain) => chain.chainId === chainId);
  const lanes = wanted.lanes.filter(
    (lane) =>
      (isAdded(lane.sourceChainId) || isAdded(lane.destinationChainId)) &&
      !present.lanes.some(({ id }) => id === lane.id),
  );
  if (lanes.length === 0) return undefined;
  const chains = wanted.chains.filter(
    ({ chainId }) => isAdded(chainId) && !present.chains.some((chain) => chain.chainId === chainId),
  );
  return {
    ...present,
    sequence: present.sequence + 1,
    chains: [...present.chains, ...chains],
    lanes: [...present.lanes, ...lanes],
  };
}

/** Proposes a change, approves it for a majority and executes it. A change that only adds is not delayed. */
export async function putInForce(governed: GovernedChain, configuration: Configuration): Promise<string> {
  const { status, missing } = await proposed(governed, configuration);
  for (const organization of missing) await governed.approve(organization, status.proposal);
  await governed.execute(status.proposal);
  return `extended (configuration ${configuration.sequence.toString()})`;
}

/** The proposal of a change, which an interrupted call may have left, and the organizations that must still consent. */
async function proposed(
  governed: GovernedChain,
  configuration: Configuration,
): Promise<{ readonly status: ProposalStatus; readonly missing: readonly string[] }> {
  const isWanted = ({ proposal: { action } }: ProposalStatus): boolean =>
    action.kind === 'configure' && encode(storedConfigurationCodec, action.configuration) === encoded;
  const encoded = encode(configurationCodec, configuration);
  const open = await governed.proposals();
  const status = open.find(isWanted);
  if (status !== undefined) {
    const without = configuration.members.filter(
      (member) => !status.consents.some(({ organization }) => organization === member),
    );
    return { status, missing: without.slice(0, Math.max(0, status.required - status.consents.length)) };
  }
  // A proposal of its own takes the place of the one that an organization has open.
  const proposer = configuration.members.find(
    (member) => !open.some(({ proposal }) => proposal.organization === member),
  );
  if (proposer === undefined) {
    throw new CommandError(
      'CONFIGURATION_DIFFERS',
      `chain ${governed.chain.name} lacks lanes of the topology, and each of its organizations has a proposal open`,
      'See `gridpeg governance show`: execute or withdraw one.',
    );
  }
  await governed.propose(proposer, { kind: 'configure', configuration });
  return proposed(governed, configuration);
}
