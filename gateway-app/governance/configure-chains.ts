// SPDX-License-Identifier: Apache-2.0

import { type Configuration, type TrustRecord } from '@gridpeg/protocol';
import { readFileSync } from 'node:fs';
import { PegError, type PegClient } from '../client';
import { buildConfigurations, sameContent } from './build-configuration';
import { canonicalPem } from '../consortium/identity-certificate';
import { CommandError } from '../errors/command-error';
import { extendedBy, putInForce } from './extend-configuration';
import { GovernedChain } from './governed-chain';
import { notaryKey, publicKeyText } from '../committee/notary-keys';
import { type ChainState, type PeggedNetwork } from '../consortium/consortium';
import { requirePegged } from './require-peg-contracts';
import { waitForBlock } from '../consortium/wait-for-block';

/**
 * Gives every chain its first configuration, by the approvals of all its members' administrators. Chains that are at
 * work get the lanes to chains that were added to the topology, by a proposal that a majority approves. Does nothing
 * where nothing is missing.
 *
 * @param report - is called with a line for each chain that is done
 * @throws CommandError CONFIGURATION_DIFFERS when a chain was configured otherwise, CHAINCODE_UNSUITABLE; PegError
 */
export async function configureChains(
  network: PeggedNetwork,
  stateDir: string,
  report: (text: string) => void,
): Promise<void> {
  const { chains } = network.state;
  await requireAllPegged(network);
  const read = chains.map((chain) => configurationInForce(network.client(chain, network.reader(chain))));
  const present = new Map((await Promise.all(read)).map((found, index) => [chains[index]?.name, found]));
  const first = configurationsOf(network, stateDir);
  const next = configurationsOf(network, stateDir, trustInForce(chains, present));
  const each = async (
    some: readonly ChainState[],
    configure: (chain: ChainState) => Promise<string>,
  ): Promise<void> => {
    const outcomes = await Promise.allSettled(
      some.map(async (chain) => {
        report(`${chain.name} ${await configure(chain)}`);
      }),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  };
  const added = chains.filter(({ name }) => present.get(name) === undefined);
  // Added chains come last: as long as one has no configuration, the next call knows that the others may lack lanes to
  // it.
  await each(
    chains.filter((chain) => !added.includes(chain)),
    (chain) => {
      const inForce = configurationNamed(present, chain);
      const extended = extendedBy(inForce, configurationNamed(next, chain), added);
      return extended === undefined
        ? Promise.resolve(judged(chain, inForce, configurationNamed(first, chain)))
        : putInForce(new GovernedChain(network, chain), extended);
    },
  );
  await each(added, (chain) => configureFirst(network, chain, configurationNamed(next, chain)));
}

/** Each organization runs a chaincode service of its own, so each one's peer is asked. */
async function requireAllPegged(network: PeggedNetwork): Promise<void> {
  const asked = network.state.chains.flatMap((chain) =>
    network
      .holdersOf(chain.members)
      .map((holder) => requirePegged(chain.name, network.client(chain, holder).connection)),
  );
  await Promise.all(asked);
}

/** The configuration that topology, certificates and notary keys ask for, by name of the chain. */
export function configurationsOf(
  network: PeggedNetwork,
  stateDir: string,
  inForce?: ReadonlyMap<string, TrustRecord>,
): ReadonlyMap<string, Configuration> {
  const { state } = network;
  return buildConfigurations(
    {
      chains: state.chains.map(({ chaincode, ...chain }) => ({ ...chain, chaincodeName: chaincode.name })),
      caCertificates: new Map(
        state.organizations.map(({ mspId, caCertFile }) => [mspId, canonicalPem(readFileSync(caCertFile, 'utf8'))]),
      ),
      notaryKeys: new Map(
        state.peg.committee.notaries.map((mspId) => [mspId, publicKeyText(notaryKey(stateDir, mspId))]),
      ),
      peg: {
        ...state.peg,
        assets: state.peg.assets.map((asset) => ({
          ...asset,
          issuers: asset.issuers.map((issuer) => network.recipient(issuer)),
        })),
      },
    },
    inForce,
  );
}

type Configurations = ReadonlyMap<string | undefined, Configuration | undefined>;

function configurationNamed(configurations: Configurations, { name }: ChainState): Configuration {
  const configuration = configurations.get(name);
  if (configuration === undefined) throw new Error(`no configuration was made for ${name}`);
  return configuration;
}

/** The trust record of each chain that has a configuration, as that configuration has it. */
function trustInForce(chains: readonly ChainState[], present: Configurations): ReadonlyMap<string, TrustRecord> {
  return new Map(
    chains.flatMap(({ name, chainId }) => {
      const trust = present.get(name)?.chains.find((record) => record.chainId === chainId);
      return trust === undefined ? [] : [[name, trust] as const];
    }),
  );
}

async function configureFirst(
  network: PeggedNetwork,
  chain: ChainState,
  configuration: Configuration,
): Promise<string> {
  const { approvals } = await approveFirst(network, chain, configuration, chain.members);
  if (approvals === undefined) return 'configured';
  throw new Error(`chain ${chain.name} has ${approvals.toString()} approvals after all have approved`);
}

/**
 * Approves a first configuration for these organizations, by their administrators, and puts it in force if they are the
 * last.
 *
 * @returns how many have approved it, undefined when it is in force
 * @throws CommandError ACCOUNT_UNKNOWN before anything is approved; PegError
 */
export async function approveFirst(
  network: PeggedNetwork,
  chain: ChainState,
  configuration: Configuration,
  organizations: readonly string[],
): Promise<{ readonly approvals: number | undefined }> {
  const admins = organizations.map((mspId) => network.client(chain, network.administrator(mspId)));
  const [first] = admins;
  if (first === undefined) throw new Error(`nobody approves for ${chain.name}`);
  const approvals = await Promise.all(admins.map((admin) => admin.governance.approveConfiguration(configuration)));
  // A peer that has not got the last approval yet would count one too few, and refuse.
  await waitForBlock(admins, approvals);
  try {
    await first.governance.commitConfiguration(configuration);
    return { approvals: undefined };
  } catch (error) {
    if (!(error instanceof PegError) || error.code !== 'CONFIGURATION_NOT_APPROVED') throw error;
    return { approvals: Number(error.details['approvals'] ?? 0) };
  }
}

function judged({ name }: ChainState, present: Configuration, configuration: Configuration): string {
  if (sameContent(present, configuration)) return 'is configured';
  // From then on it is what its organizations decide, whatever the topology began with.
  if (present.sequence > configuration.sequence) return `is governed (configuration ${present.sequence.toString()})`;
  throw new CommandError(
    'CONFIGURATION_DIFFERS',
    `chain ${name} is configured otherwise than topology and notary keys say`,
    'Put the keys of the notaries back from a backup, or propose what the topology says ' +
      '(`gridpeg governance propose`).',
  );
}

/** Undefined before the first. @throws PegError */
export async function configurationInForce(client: PegClient): Promise<Configuration | undefined> {
  try {
    return await client.getConfiguration();
  } catch (error) {
    if (error instanceof PegError && error.code === 'CHAIN_NOT_CONFIGURED') return undefined;
    throw error;
  }
}
