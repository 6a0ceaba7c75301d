// SPDX-License-Identifier: Apache-2.0

import { commandFiles } from '@gridpeg/network';
import { type Command } from 'commander';
import { delimiter, dirname } from 'node:path';
import { toJson } from '../../context/command-context';
import { CommandError } from '../../../errors/command-error';
import { contextOf, examples } from '../../context/command-line';
import { PeggedNetwork, type ChainState, type Holder, type OrganizationState } from '../../../consortium/consortium';
import { shellQuote } from '../../output/shell-quote';

interface EnvironmentOptions {
  readonly chain?: string;
  readonly user?: string;
}

type Variables = Readonly<Record<string, string>>;

/** `env`: what a shell has to know to use Fabric's commands, and the samples' clients, on this network. */
export function addEnvironmentCommand(program: Command): void {
  program
    .command('env <organization>')
    .description("exports for Fabric's `peer` command and for the Fabric samples' gateway clients")
    .option('--chain <name>', "which chain's peer (default: the first that the organization is a member of)")
    .option('--user <name>', 'as whom (default: Admin for `peer`, the operator for gateway clients)')
    .addHelpText(
      'after',
      examples(
        ['eval "$(gridpeg env Grid)"', 'from now on, `peer` in this shell is the administrator of GridMSP'],
        ['peer channel getinfo -c "$CHANNEL_NAME"', 'asks its peer'],
        [
          'peer chaincode query -C "$CHANNEL_NAME" -n "$CHAINCODE_NAME" -c \'{"Args":["peg:getConfiguration","{}"]}\'',
          'calls the chaincode',
        ],
        ['eval "$(gridpeg env ChargingMSP --chain charging --user User1)"', 'another chain, another user'],
      ),
    )
    .action((organization: string, options: EnvironmentOptions, command: Command) => {
      const { stateDir, json, interactive, environment, print } = contextOf(command);
      const { variables, programDirs } = environmentOf(stateDir, organization, options);
      if (json) {
        const path = [...programDirs, environment['PATH'] ?? ''].join(delimiter);
        print(toJson({ ...variables, PATH: path }));
        return;
      }
      for (const [name, value] of Object.entries(variables)) print(`export ${name}=${shellQuote(value)}`);
      if (programDirs.length > 0) print(`export PATH=${shellQuote(programDirs.join(delimiter))}${delimiter}"$PATH"`);
      if (interactive) print(`# To use it: eval "$(gridpeg env ${shellQuote(organization)})"`);
    });
}

function environmentOf(
  stateDir: string,
  name: string,
  options: EnvironmentOptions,
): { readonly variables: Variables; readonly programDirs: readonly string[] } {
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
    // Fabric's commands tell what they did at this level; their transport would fill the screen.
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
  throw new CommandError('CHAIN_FOREIGN', `${organization.mspId} has no peer on ${name ?? 'any chain'}. ${remedy}.`);
}

function peerOf({ peers }: ChainState, { mspId }: OrganizationState): ChainState['peers'][number] | undefined {
  return peers.find((peer) => peer.organization === mspId);
}
