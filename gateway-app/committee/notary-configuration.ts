// SPDX-License-Identifier: Apache-2.0

import { notaryUserOf } from '@gridpeg/network';
import { readCertificate, roleOf } from '@gridpeg/protocol';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireAlive, type NotaryConfig } from '../notary';
import { CommandError } from '../errors/command-error';
import { readText } from '../input/read-text';
import { chainConnectionOptions, userIdentity } from '../consortium/network-connection';
import { PeggedNetwork } from '../consortium/consortium';
import { notaryFolder, notaryKey } from './notary-keys';
import { hostAndPort, readAddresses } from './notary-addresses';
import { urlOf } from './notary-services';
import { type NotarySettings } from './notary-settings';

/** What the process gives a notary besides its settings. */
interface NotarySurroundings {
  readonly stateDir: string;
  readonly environment: NonNullable<NotaryConfig['environment']>;
  /** Which addresses of peers it uses: those for users of this machine, or those that nodes use among themselves. */
  readonly reached: 'endpoint' | 'nodeEndpoint';
}

/**
 * Puts together what a notary needs: its settings, and what the network's folder and the files that they name hold now.
 * Makes the signing key if none is named and there is none.
 *
 * @throws CommandError ORGANIZATION_UNKNOWN, NOTARY_IDENTITY_MISSING, NOTARY_KEY_UNREADABLE, FILE_UNREADABLE
 * @throws NetworkError as {@link PeggedNetwork.read}
 */
export function notaryConfiguration(settings: NotarySettings, surroundings: NotarySurroundings): NotaryConfig {
  const { stateDir, environment, reached } = surroundings;
  const network = PeggedNetwork.read(stateDir);
  const { organization: mspId, signingKey, signerAuthority } = settings;
  const notaries = addressesOf(network, settings, stateDir);
  const identity = identityOf(network, settings);
  if (signingKey === undefined) notaryKey(stateDir, mspId);
  return {
    ...{ mspId, identity, environment, notaries },
    signingKey: signingKey ?? join(notaryFolder(stateDir, mspId), 'signing-key.pem'),
    signerAuthorities: signerAuthority === undefined ? [] : [readText(signerAuthority)],
    dataDir: settings.dataDir ?? join(notaryFolder(stateDir, mspId), 'data'),
    listen: listenOf(settings, notaries),
    relay: settings.relay ?? true,
    chains: network.state.chains
      .filter(({ members }) => members.includes(mspId))
      .map((chain) => ({
        ...{ name: chain.name, chainId: chain.chainId },
        ...chainConnectionOptions(chain, identity, reached),
      })),
  };
}

/**
 * Finds out whether a notary with these settings serves requests on this machine.
 *
 * @returns where it was asked
 * @throws CommandError NOTARY_NOT_ALIVE
 */
export async function requireNotaryAlive(
  settings: NotarySettings,
  stateDir: string,
  timeoutMs: number,
): Promise<{ readonly url: string }> {
  const { organization: mspId } = settings;
  const network = PeggedNetwork.read(stateDir);
  const { host, port } = listenOf(settings, addressesOf(network, settings, stateDir));
  // A notary that listens at every interface is asked at the loopback interface.
  const reached = host.replace(/^0\.0\.0\.0$/, '127.0.0.1').replace(/^::$/, '::1');
  const url = `https://${reached.includes(':') ? `[${reached}]` : reached}:${port.toString()}`;
  try {
    await requireAlive(url, network.authoritiesOf(mspId), timeoutMs);
    return { url };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const remedy = 'Start it (`gridpeg notary run`), or see its log.';
    throw new CommandError('NOTARY_NOT_ALIVE', `no notary of ${mspId} answers at ${url}: ${detail}`, remedy);
  }
}

function addressesOf(
  { state }: PeggedNetwork,
  { notaries }: NotarySettings,
  stateDir: string,
): NotaryConfig['notaries'] {
  if (notaries !== undefined) return Object.entries(notaries).map(([mspId, url]) => ({ mspId, url }));
  const addresses = readAddresses(stateDir);
  const known = state.peg.committee.notaries.filter((mspId) => mspId in addresses);
  return known.map((mspId) => ({ mspId, url: urlOf(addresses, mspId) }));
}

/** The address on which it listens: `listen` if it is set, otherwise its own address. */
function listenOf(
  { organization, listen }: NotarySettings,
  notaries: NotaryConfig['notaries'],
): NotaryConfig['listen'] {
  const own = notaries.find(({ mspId }) => mspId === organization)?.url;
  return hostAndPort(listen ?? own ?? 'https://127.0.0.1:0');
}

/** @throws CommandError ORGANIZATION_UNKNOWN when no key is here, NOTARY_IDENTITY_MISSING when none of a client */
function identityOf({ state }: PeggedNetwork, settings: NotarySettings): NotaryConfig['identity'] {
  const { organization: mspId, certificate, privateKey } = settings;
  const known = state.peg.committee.notaries.join(', ');
  const organization = state.organizations.find((candidate) => candidate.mspId === mspId);
  const unknown = new CommandError(
    'ORGANIZATION_UNKNOWN',
    `no notary's keys of "${mspId}" here`,
    `Name one of ${known}.`,
  );
  if (organization === undefined) throw unknown;
  if (certificate !== undefined && privateKey !== undefined)
    return { mspId, certificate: readText(certificate), privateKey: readText(privateKey) };
  // Other notaries listen to clients only, so of imported identities the first that is one acts for the notary.
  const user = notaryUserOf(organization.users) ?? organization.users.find(isClient);
  if (user !== undefined) return userIdentity(mspId, user);
  if (organization.users.length === 0) throw unknown;
  const remedy = 'Import an identity of a client (`gridpeg wallet import`).';
  throw new CommandError('NOTARY_IDENTITY_MISSING', `no key of a client of ${mspId} is here`, remedy);
}

function isClient({ certFile }: { readonly certFile: string }): boolean {
  return roleOf(readCertificate(readFileSync(certFile, 'utf8'))) === 'client';
}
