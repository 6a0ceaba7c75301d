// SPDX-License-Identifier: Apache-2.0

import { custodySourceOf } from '../governance/build-configuration';
import { chainId, formatDuration, type NetworkState, type NetworkView } from '@gridpeg/network';
import { channelOf, type Configuration, type TrustRecord } from '@gridpeg/protocol';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { channelMembersIn } from '../audit';
import { ChainConnection, PegClient } from '../client';
import { configurationInForce } from '../governance/configure-chains';
import { type OrganizationProfile, type UsablePeer } from '../consortium/imported/connection-profile';
import { canonicalPem } from '../consortium/identity-certificate';
import { type WalletEntry } from '../consortium/imported/wallet-entry';

/** A channel to be read, by its chaincode on an organization's peers. */
export interface WantedChain {
  readonly channel: string;
  readonly chaincode: string;
  readonly peers: readonly UsablePeer[];
}

/** A chain as its own ledger describes it. */
export interface ReadChain extends WantedChain {
  readonly chainId: string;
  /** Undefined while its members have not put the first one in force. */
  readonly configuration: Configuration | undefined;
  /** Members of the chain by its configuration; of the channel, as long as there is none. */
  readonly members: ReadonlyArray<{ readonly mspId: string; readonly caCertificates: readonly string[] }>;
  readonly genesisBlock: Buffer;
}

/** Reads configuration and first block of each chain. @throws PegError */
export function readChains(
  { mspId }: OrganizationProfile,
  wanted: readonly WantedChain[],
  { certificate, privateKey }: Pick<WalletEntry, 'certificate' | 'privateKey'>,
): Promise<readonly ReadChain[]> {
  const identity = { mspId, certificate, privateKey };
  return Promise.all(
    wanted.map(async (chain) => {
      const peers = chain.peers.map((peer) => ({ mspId, ...peer }));
      const connection = ChainConnection.connect({
        ...{ channel: chain.channel, chaincodeName: chain.chaincode, peers, identity },
      });
      try {
        const configuration = await configurationInForce(new PegClient(connection));
        const genesisBlock = await firstBlock(connection);
        const members = configuration === undefined ? membersIn(genesisBlock) : ownRecord(configuration).organizations;
        const chainId = verifiedChainId(chain.channel, configuration, genesisBlock);
        return { ...chain, chainId, configuration, members, genesisBlock };
      } finally {
        connection.close();
      }
    }),
  );
}

/** The state of a network, and its files, as one organization sees it. */
export function networkViewOf(
  stateDir: string,
  profile: OrganizationProfile,
  authority: string,
  chains: readonly ReadChain[],
): NetworkView {
  const files = new Map<string, string | Buffer>();
  const placed = (path: string, content: string | Buffer): string => {
    files.set(path, content);
    return join(stateDir, path);
  };
  const folder = join('organizations', 'peerOrganizations', domainOf(profile));
  const peerState = (peer: UsablePeer): ChainState['peers'][number] => {
    const { name, endpoint, hostAlias, tlsCaCert } = peer;
    const tlsCaCertFile = placed(join(folder, 'peers', name, 'tls', 'ca.crt'), tlsCaCert);
    // Where its users and its nodes reach a peer may differ; an organization's profile says the one.
    return { organization: profile.mspId, name, endpoint, nodeEndpoint: endpoint, hostAlias, tlsCaCertFile };
  };
  const tlsAuthority = profile.peers[0]?.tlsCaCert ?? '';
  const file = join(folder, `connection-${profile.name.toLowerCase()}`);
  const organization = {
    mspId: profile.mspId,
    name: profile.name,
    domain: domainOf(profile),
    caCertFile: placed(join(folder, 'msp', 'cacerts', 'ca.pem'), authority),
    tlsCaCertFile: placed(join(folder, 'msp', 'tlscacerts', 'tlsca.pem'), tlsAuthority),
    users: [],
    connectionProfile: {
      json: placed(`${file}.json`, `${JSON.stringify(profile.document, undefined, 4)}\n`),
      yaml: placed(`${file}.yaml`, stringify(profile.document)),
    },
  };
  const chainStates = chains.map((chain) => ({
    name: chain.channel,
    channel: chain.channel,
    chainId: chain.chainId,
    members: chain.configuration?.members ?? chain.members.map(({ mspId }) => mspId),
    ordererOrganization: '',
    orderers: [],
    chaincode: { name: chain.chaincode, version: '', packageId: '', endorsement: '' },
    additionalChaincodes: [],
    peers: chain.peers.map(peerState),
    genesisBlockFile: placed(join('channel-artifacts', `${chain.channel}.block`), chain.genesisBlock),
  }));
  const state = {
    format: 1 as const,
    topology: 'imported',
    chains: chainStates,
    organizations: [organization],
    peg: pegOf(chains),
  };
  return { state, files };
}

type ChainState = NetworkState['chains'][number];

/** Nothing where no chain has a configuration yet: what is to be agreed on is in nobody's ledger. */
function pegOf(chains: readonly ReadChain[]): NetworkState['peg'] {
  const configurations = chains.flatMap(({ configuration }) => configuration ?? []);
  const lanes = new Map(configurations.flatMap((each) => each.lanes.map((lane) => [lane.id, lane])));
  const assets = new Map(configurations.flatMap((each) => each.assets.map((asset) => [asset.id, asset])));
  const [first] = configurations;
  const { threshold, notaries } = first === undefined ? { threshold: 0, notaries: [] } : ownRecord(first).committee;
  return {
    governance: {
      delay: formatDuration(first?.delayMs ?? 0n),
      urgentDelay: formatDuration(first?.urgentDelayMs ?? 0n),
    },
    assets: [...assets.values()].map(({ id, unit, issuers, window: { lengthMs, quantity, shards } }) => ({
      ...{ id, unit, issuers },
      window: { length: formatDuration(lengthMs), quantity: quantity.toString(), shards },
    })),
    lanes: [...lanes.values()].map((lane) => ({
      id: lane.id,
      source: channelOf(lane.sourceChainId),
      destination: channelOf(lane.destinationChainId),
      custody: custodySourceOf(lane.custody),
      assets: lane.assets,
      maximumQuantity: lane.maximumQuantity.toString(),
    })),
    committee: { threshold, notaries: notaries.map(({ mspId }) => mspId) },
    proofPolicy: Object.fromEntries(
      configurations.map((each) => [channelOf(each.chainId), { organizations: ownRecord(each).minimumOrganizations }]),
    ),
  };
}

function ownRecord({ chains, chainId: id }: Configuration): TrustRecord {
  const own = chains.find((record) => record.chainId === id);
  if (own === undefined) throw new Error(`chain ${id} has no record of itself`);
  return own;
}

function membersIn(genesisBlock: Buffer): ReadChain['members'] {
  return [...channelMembersIn(genesisBlock)].map(([mspId, certificates]) => {
    return { mspId, caCertificates: certificates.map(canonicalPem) };
  });
}

async function firstBlock(connection: ChainConnection): Promise<Buffer> {
  for await (const block of connection.blocks(0n, 1n)) return Buffer.from(block.serializeBinary());
  throw new Error('a chain has a first block');
}

/** The configuration names the chain; its first block proves it. */
function verifiedChainId(channel: string, configuration: Configuration | undefined, genesisBlock: Buffer): string {
  const id = chainId(channel, genesisBlock);
  const configured = configuration?.chainId ?? id;
  if (id !== configured) throw new Error(`the ledger of ${id} is configured as ${configured}`);
  return id;
}

/** The part of a peer's host name that all of an organization share. */
function domainOf({ peers, mspId }: OrganizationProfile): string {
  const host = peers[0]?.hostAlias ?? '';
  return host.includes('.') ? host.slice(host.indexOf('.') + 1) : mspId.toLowerCase();
}
