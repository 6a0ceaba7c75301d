// SPDX-License-Identifier: Apache-2.0

import {
  attachedTo,
  chaincodePackages,
  isImported,
  networkStatus,
  type Check,
  type NodeStatus,
} from '@gridpeg/network';
import { readFileSync } from 'node:fs';
import {
  askChain,
  judgeChain,
  judgeConfigurations,
  judgeNotaries,
  type ChainFacts,
  type ChainToAsk,
  type ConfigurationFacts,
  type NotaryFacts,
  type PeerToAsk,
} from '.';
import { configurationsOf } from '../governance/configure-chains';
import { readAddresses } from '../committee/notary-addresses';
import { existingNotaryKey, publicKeyText } from '../committee/notary-keys';
import { askHealth, notaryNode, urlOf } from '../committee/notary-services';
import { connectionOptions, type ChainState, type PeggedNetwork } from '../consortium/consortium';

/**
 * The checks of ledgers and notaries of a network that is up, or was.
 *
 * @param slowness - what time limits are multiplied by, at least 1
 */
export async function ledgerChecks(
  network: PeggedNetwork,
  stateDir: string,
  slowness: number,
): Promise<readonly Check[]> {
  const nodes = await networkStatus({ stateDir });
  const { chains, peg } = network.state;
  // The question is asked once, and several checks judge the answer.
  const asked = askChains(network, stateDir, nodes, slowness);
  const wanted = existingConfigurations(network, stateDir);
  const configurations = Promise.all(asked).then((facts) =>
    facts.map(({ name, configuration }): ConfigurationFacts => {
      return { chain: name, onLedger: configuration, wanted: wanted?.get(name) };
    }),
  );
  configurations.catch(() => undefined);
  const committee = isImported(stateDir) ? [] : peg.committee.notaries;
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const notaries = Promise.all(committee.map((mspId) => notaryFacts(network, stateDir, mspId, byName, slowness)));
  return [
    ...asked.map((facts, index) => ({
      name: `chain ${chains[index]?.name ?? ''}`,
      run: async () => judgeChain(await facts),
    })),
    { name: 'peg configuration', run: async () => judgeConfigurations(await configurations) },
    { name: 'notaries', run: async () => judgeNotaries(await notaries, await configurations) },
  ];
}

/**
 * Asks the nodes of every chain what it takes to commit, all at the same time. Nodes that others run are asked whatever
 * they are; of its own gridpeg knows which run.
 */
export function askChains(
  network: PeggedNetwork,
  stateDir: string,
  nodes: readonly NodeStatus[],
  slowness: number,
): ReadonlyArray<Promise<ChainFacts>> {
  const isOurs = attachedTo(stateDir) === undefined && !isImported(stateDir);
  const ours = { nodes: new Map(nodes.map((node) => [node.name, node])), packages: chaincodePackages({ stateDir }) };
  return network.state.chains.map((chain) => askChain(chainToAsk(network, chain, isOurs ? ours : undefined), slowness));
}

/**
 * @param ours - what is known of the nodes that gridpeg runs; undefined when others run them, who are asked whatever
 * they are
 */
function chainToAsk(
  network: PeggedNetwork,
  chain: ChainState,
  ours: { readonly nodes: ReadonlyMap<string, NodeStatus>; readonly packages: ReadonlyMap<string, string> } | undefined,
): ChainToAsk {
  const { name, channel, members, chaincode } = chain;
  const isRunning = (node: string): boolean => ours === undefined || ours.nodes.get(node)?.state === 'running';
  return {
    ...{ name, channel, members, chaincodeName: chaincode.name, isOurs: ours !== undefined },
    peers: chain.peers.flatMap((peer): readonly PeerToAsk[] => {
      const holder = network.findHolder(`${peer.organization}/Admin`) ?? network.holder(peer.organization);
      const { identity, peers } = connectionOptions(chain, holder);
      const endpoint = peers.find(({ hostAlias }) => hostAlias === peer.hostAlias);
      if (endpoint === undefined) return [];
      const service = `${chaincode.name}@${name}.${holder.organization.domain}`;
      return [
        {
          ...endpoint,
          ...{ name: peer.name, identity, isRunning: isRunning(peer.name) },
          service: { name: service, isRunning: isRunning(service), packageId: ours?.packages.get(service) },
        },
      ];
    }),
  };
}

async function notaryFacts(
  network: PeggedNetwork,
  stateDir: string,
  mspId: string,
  nodes: ReadonlyMap<string, NodeStatus>,
  slowness: number,
): Promise<NotaryFacts> {
  const node = notaryNode(network, mspId);
  const state = nodes.get(node)?.state ?? 'never started';
  const url = urlOf(readAddresses(stateDir), mspId);
  const key = existingNotaryKey(stateDir, mspId);
  const health = state === 'running' ? await askHealth(network, mspId, url, slowness) : undefined;
  return {
    ...{ mspId, node, state },
    answers: health !== undefined,
    signingError: health?.signing.lastError,
    fullLanes: (health?.lanes ?? [])
      .filter(({ lastError }) => lastError.includes('WINDOW_FULL'))
      .map(({ laneId }) => laneId),
    publicKey: key === undefined ? undefined : publicKeyText(key),
  };
}

/** What the chains should be configured as; nothing when a key or certificate that it takes is not there. */
function existingConfigurations(
  network: PeggedNetwork,
  stateDir: string,
): ReturnType<typeof configurationsOf> | undefined {
  const { organizations, peg } = network.state;
  const isWhole =
    peg.committee.notaries.every((mspId) => existingNotaryKey(stateDir, mspId) !== undefined) &&
    organizations.every(({ caCertFile }) => readable(caCertFile));
  if (!isWhole) return undefined;
  return configurationsOf(network, stateDir);
}

function readable(file: string): boolean {
  try {
    return readFileSync(file).length > 0;
  } catch {
    return false;
  }
}
