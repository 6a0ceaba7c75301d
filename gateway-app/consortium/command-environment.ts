// SPDX-License-Identifier: Apache-2.0

import { commandFiles } from '@gridpeg/network';
import { dirname } from 'node:path';
import { CommandError } from '../errors/command-error';
import { PeggedNetwork, type ChainState, type Holder, type OrganizationState } from './consortium';

/** Variables for Fabric's commands and clients, and the folders in which the commands lie. */
export interface CommandEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  readonly programDirs: readonly string[];
}

/**
 * What a shell has to know to use Fabric's commands, and the samples' clients, on a network.
 *
 * @param name - MSP id or name of the organization
 * @param options - `chain`: whose peer, the first that the organization serves if undefined; `user`: as whom
 * @throws CommandError ORGANIZATION_UNKNOWN, CHAIN_UNKNOWN, CHAIN_FOREIGN, ACCOUNT_UNKNOWN
 */
export function commandEnvironment(
  stateDir: string,
  name: string,
  options: { readonly chain?: string; readonly user?: string },
): CommandEnvironment {
  const network = PeggedNetwork.read(stateDir);
  const organization = network.organization(name);
  const chain = chainOf(network, organization, options.chain);
  const peer = peerOf(chain, organization);
  if (peer === undefined) throw new Error(`${organization.mspId} has no peer on ${chain.name}`);
  const holder = (user: string): Holder => network.holder(`${organization.mspId}/${options.user ?? user}`);
  const client = holder('').user;
  const caller = organization.users.some(({ name: user }) => user === 'Admin') ? holder('Admin').user : client;
  const files = commandFiles(stateDir, peer.name);
  const [orderer] = chain.orderers;
  const variables = {
    // Whoever imported a network that others run has a configuration of Fabric's commands, and knows the orderers.
    ...(files === undefined ? {} : { FABRIC_CFG_PATH: files.configDir }),
    ...(orderer === undefined ? {} : { ORDERER_CA: orderer.tlsCaCertFile, ORDERER_ADDRESS: orderer.endpoint }),
    // At this level Fabric's commands say what they did; messages of their transport would fill the screen.
    FABRIC_LOGGING_SPEC: 'info:grpc=warning',
    CORE_PEER_TLS_ENABLED: 'true',
    CORE_PEER_LOCALMSPID: organization.mspId,
    CORE_PEER_TLS_ROOTCERT_FILE: peer.tlsCaCertFile,
    CORE_PEER_MSPCONFIGPATH: caller.mspDir,
    CORE_PEER_ADDRESS: peer.endpoint,
    CHANNEL_NAME: chain.channel,
    CHAINCODE_NAME: chain.chaincode.name,
    MSP_ID: organization.mspId,
    CRYPTO_PATH: dirname(organization.connectionProfile.json),
    KEY_DIRECTORY_PATH: dirname(client.keyFile),
    CERT_DIRECTORY_PATH: dirname(client.certFile),
    TLS_CERT_PATH: peer.tlsCaCertFile,
    PEER_ENDPOINT: peer.endpoint,
    PEER_HOST_ALIAS: peer.hostAlias,
  };
  return { variables, programDirs: files?.programDirs ?? [] };
}

function chainOf(network: PeggedNetwork, organization: OrganizationState, name: string | undefined): ChainState {
  const served = network.state.chains.filter((chain) => peerOf(chain, organization) !== undefined);
  const [first] = served;
  const chain = name === undefined ? first : network.chain(name);
  if (chain !== undefined && served.includes(chain)) return chain;
  const names = served.map((candidate) => candidate.name).join(', ');
  const remedy = names === '' ? 'Name another organization' : `Name one of ${names} with --chain`;
  throw new CommandError('CHAIN_FOREIGN', `${organization.mspId} has no peer on ${name ?? 'any chain'}`, `${remedy}.`);
}

function peerOf({ peers }: ChainState, { mspId }: OrganizationState): ChainState['peers'][number] | undefined {
  return peers.find((peer) => peer.organization === mspId);
}
