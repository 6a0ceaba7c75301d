// SPDX-License-Identifier: Apache-2.0

import { type Configuration } from '@gridpeg/protocol';
import { readFileSync } from 'node:fs';
import { PegError, type PegClient } from '../client';
import { buildConfigurations, sameContent } from './build-configuration';
import { CommandError } from './command-error';
import { notaryKey, publicKeyText } from './notary-keys';
import { type ChainState, type PeggedNetwork } from './pegged-network';
import { untilPeersHave } from './until-peers-have';

/**
 * Gives every chain its first configuration, by the approvals of all its members' administrators; does nothing where it is
 * in force already.
 *
 * @param tell - told of each chain that is done
 * @throws CommandError CONFIGURATION_DIFFERS when a chain was configured otherwise; PegError
 */
export async function configureChains(
  network: PeggedNetwork,
  stateDir: string,
  tell: (text: string) => void,
): Promise<void> {
  const configurations = configurationsOf(network, stateDir);
  const outcomes = await Promise.allSettled(
    network.state.chains.map(async (chain) => {
      const configuration = configurations.get(chain.name);
      if (configuration === undefined) throw new Error(`no configuration was made for ${chain.name}`);
      tell(`${chain.name} ${await configureChain(network, chain, configuration)}`);
    }),
  );
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** The configuration that topology, certificates and notary keys ask for, by name of the chain. */
export function configurationsOf({ state }: PeggedNetwork, stateDir: string): ReadonlyMap<string, Configuration> {
  return buildConfigurations({
    chains: state.chains.map(({ chaincode, ...chain }) => ({ ...chain, chaincodeName: chaincode.name })),
    caCertificates: new Map(
      state.organizations.map(({ mspId, caCertFile }) => [mspId, readFileSync(caCertFile, 'utf8')]),
    ),
    notaryKeys: new Map(
      state.peg.committee.notaries.map((mspId) => [mspId, publicKeyText(notaryKey(stateDir, mspId))]),
    ),
    peg: state.peg,
  });
}

async function configureChain(
  network: PeggedNetwork,
  chain: ChainState,
  configuration: Configuration,
): Promise<string> {
  const admins = chain.members.map((mspId) => network.client(chain, network.holder(`${mspId}/Admin`)));
  const [first] = admins;
  if (first === undefined) throw new Error(`chain ${chain.name} has no members`);
  const present = await configurationInForce(first);
  if (present !== undefined) {
    if (sameContent(present, configuration)) return 'is configured';
    // From then on it is what its organizations decide, whatever the topology began with.
    if (present.sequence > configuration.sequence) return `is governed (configuration ${present.sequence.toString()})`;
    throw new CommandError(
      'CONFIGURATION_DIFFERS',
      `chain ${chain.name} is configured otherwise than topology and notary keys say. ` +
        'Restore the keys in the state folder, or take the network down and up.',
    );
  }
  const approvals = await Promise.all(admins.map((admin) => admin.governance.approveConfiguration(configuration)));
  // A peer that has not got the last approval yet would count one too few, and refuse.
  await untilPeersHave(admins, approvals);
  await first.governance.commitConfiguration(configuration);
  return 'configured';
}

async function configurationInForce(client: PegClient): Promise<Configuration | undefined> {
  try {
    return await client.getConfiguration();
  } catch (error) {
    if (error instanceof PegError && error.code === 'CHAIN_NOT_CONFIGURED') return undefined;
    throw error;
  }
}
