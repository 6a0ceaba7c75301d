// SPDX-License-Identifier: Apache-2.0

import { notaryUserOf } from '@gridpeg/network';
import { readCertificate, roleOf } from '@gridpeg/protocol';
import { type Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { runNotary } from '../../../daemon/run-notary';
import { type NotaryConfig } from '../../../notary';
import { CommandError } from '../../../errors/command-error';
import { type CommandContext } from '../../context/command-context';
import { examples, handled, notaryOption } from '../../context/command-line';
import { reported, type CommandResult } from '../../context/command-result';
import { notaryFolder, notaryKey } from '../../../committee/notary-keys';
import { parseAddress, readAddresses } from '../../../committee/notary-addresses';
import { addNotaryStatus } from './notary-status';
import { urlOf } from '../../../committee/notary-services';
import { rotatingLog } from '../../output/rotating-log';
import { readText } from '../../../input/read-text';
import { onStrayRejection } from '../../context/stray-rejections';
import { userIdentity } from '../../../consortium/network-connection';
import { connectionOptions, PeggedNetwork } from '../../../consortium/consortium';

interface NotaryOptions {
  readonly organization: string;
  readonly notary: readonly string[];
  readonly relay: boolean;
  readonly inNetwork?: boolean;
  readonly signingKey?: string;
  readonly signerAuthority?: string;
}

/** `notary status` and `notary run`: one organization's notary in the foreground; `up` starts one for each as a service. */
export function addNotaryCommand(program: Command): void {
  const notary = program.command('notary').description('the daemon that signs for one organization');
  addNotaryStatus(notary);
  notary
    .command('run')
    .description('run a notary until interrupted; it relays as well')
    .requiredOption('--organization <MSP id>', 'whose notary it is')
    .addOption(notaryOption())
    .option('--no-relay', 'sign only')
    .option('--in-network', 'reach peers by the addresses that nodes have among themselves, as a node does')
    .option(
      '--signing-key <location>',
      "where the committee's key lies: a PEM file, a PKCS#11 URI or the https URL of a signer (default: as `gridpeg up` made it)",
    )
    .option('--signer-authority <file>', 'CA certificate of that signer, PEM')
    .addHelpText(
      'after',
      examples(['gridpeg notary run --organization GridMSP', 'instead of the one that `up` started']),
    )
    .action(handled(runDaemon));
}

async function runDaemon({ stateDir, environment }: CommandContext, options: NotaryOptions): Promise<CommandResult> {
  const config = notaryConfig(PeggedNetwork.read(stateDir), stateDir, options, environment);
  const log = pino(
    {
      name: 'notary',
      level: environment['GRIDPEG_LOG_LEVEL'] ?? 'info',
      base: { organization: config.mspId },
    },
    rotatingLog(process.stdout.fd) ?? pino.destination(process.stdout.fd),
  );
  onStrayRejection((reason) => {
    log.error({ err: reason }, 'unexpected');
  });
  const running = await runNotary({ config, log });
  await new Promise<void>((interrupted) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  });
  await running.stop();
  return reported();
}

function notaryConfig(
  network: PeggedNetwork,
  stateDir: string,
  options: NotaryOptions,
  environment: CommandContext['environment'],
): NotaryConfig {
  const { organization: mspId } = options;
  const { chains, peg } = network.state;
  const user = userOfNotary(network, mspId);
  const notaries =
    options.notary.length > 0 ? options.notary.map(parseAddress) : knownAddresses(stateDir, peg.committee.notaries);
  const own = new URL(notaries.find((notary) => notary.mspId === mspId)?.url ?? 'https://127.0.0.1:0');
  const holder = network.holder(`${mspId}/${user.name}`);
  if (options.signingKey === undefined) notaryKey(stateDir, mspId);
  return {
    mspId,
    identity: userIdentity(holder.organization.mspId, holder.user),
    signingKey: options.signingKey ?? join(notaryFolder(stateDir, mspId), 'signing-key.pem'),
    signerAuthorities: options.signerAuthority === undefined ? [] : [readText(options.signerAuthority)],
    environment,
    dataDir: join(notaryFolder(stateDir, mspId), 'data'),
    listen: { host: own.hostname, port: Number(own.port) },
    notaries,
    relay: options.relay,
    chains: chains
      .filter(({ members }) => members.includes(mspId))
      .map((chain) => ({
        name: chain.name,
        chainId: chain.chainId,
        ...connectionOptions(chain, holder, options.inNetwork === true ? 'nodeEndpoint' : 'endpoint'),
      })),
  };
}

/** @throws CommandError ORGANIZATION_UNKNOWN when no key is here, NOTARY_IDENTITY_MISSING when none of a client */
function userOfNotary({ state }: PeggedNetwork, mspId: string): { readonly name: string } {
  const users = state.organizations.find((candidate) => candidate.mspId === mspId)?.users ?? [];
  // Other notaries listen to clients only, so of imported identities the first that is one acts for the notary.
  const user = notaryUserOf(users) ?? users.find(isClient);
  if (user !== undefined) return user;
  if (users.length > 0) {
    const remedy = 'Import an identity of a client (`gridpeg wallet import`).';
    throw new CommandError('NOTARY_IDENTITY_MISSING', `no key of a client of ${mspId} is here. ${remedy}`);
  }
  const known = state.peg.committee.notaries.join(', ');
  throw new CommandError('ORGANIZATION_UNKNOWN', `no notary's keys of "${mspId}" here. Name one of ${known}.`);
}

function isClient({ certFile }: { readonly certFile: string }): boolean {
  return roleOf(readCertificate(readFileSync(certFile, 'utf8'))) === 'client';
}

function knownAddresses(stateDir: string, mspIds: readonly string[]): NotaryConfig['notaries'] {
  const addresses = readAddresses(stateDir);
  return mspIds.filter((mspId) => mspId in addresses).map((mspId) => ({ mspId, url: urlOf(addresses, mspId) }));
}
