// SPDX-License-Identifier: Apache-2.0

import { notaryUserOf } from '@gridpeg/network';
import { readCertificate, roleOf } from '@gridpeg/protocol';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NotaryConfig } from '../notary';
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
  /** by which addresses it reaches peers: as users of this machine do, or as nodes among themselves */
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
  const { chains, peg } = network.state;
  const notaries =
    settings.notaries === undefined
      ? knownAddresses(stateDir, peg.committee.notaries)
      : Object.entries(settings.notaries).map(([other, url]) => ({ mspId: other, url }));
  const own = notaries.find((notary) => notary.mspId === mspId)?.url ?? 'https://127.0.0.1:0';
  const identity = identityOf(network, settings);
  if (signingKey === undefined) notaryKey(stateDir, mspId);
  return {
    ...{ mspId, identity, environment, notaries },
    signingKey: signingKey ?? join(notaryFolder(stateDir, mspId), 'signing-key.pem'),
    signerAuthorities: signerAuthority === undefined ? [] : [readText(signerAuthority)],
    dataDir: settings.dataDir ?? join(notaryFolder(stateDir, mspId), 'data'),
    listen: hostAndPort(settings.listen ?? own),
    relay: settings.relay ?? true,
    chains: chains
      .filter(({ members }) => members.includes(mspId))
      .map((chain) => ({
        ...{ name: chain.name, chainId: chain.chainId },
        ...chainConnectionOptions(chain, identity, reached),
      })),
  };
}

/** @throws CommandError ORGANIZATION_UNKNOWN when no key is here, NOTARY_IDENTITY_MISSING when none of a client */
function identityOf({ state }: PeggedNetwork, settings: NotarySettings): NotaryConfig['identity'] {
  const { organization: mspId, certificate, privateKey } = settings;
  const known = state.peg.committee.notaries.join(', ');
  const organization = state.organizations.find((candidate) => candidate.mspId === mspId);
  const unknown = `no notary's keys of "${mspId}" here. Name one of ${known}.`;
  if (organization === undefined) throw new CommandError('ORGANIZATION_UNKNOWN', unknown);
  if (certificate !== undefined && privateKey !== undefined)
    return { mspId, certificate: readText(certificate), privateKey: readText(privateKey) };
  // Other notaries listen to clients only, so of imported identities the first that is one acts for the notary.
  const user = notaryUserOf(organization.users) ?? organization.users.find(isClient);
  if (user !== undefined) return userIdentity(mspId, user);
  if (organization.users.length === 0) throw new CommandError('ORGANIZATION_UNKNOWN', unknown);
  const remedy = 'Import an identity of a client (`gridpeg wallet import`).';
  throw new CommandError('NOTARY_IDENTITY_MISSING', `no key of a client of ${mspId} is here. ${remedy}`);
}

function isClient({ certFile }: { readonly certFile: string }): boolean {
  return roleOf(readCertificate(readFileSync(certFile, 'utf8'))) === 'client';
}

function knownAddresses(stateDir: string, mspIds: readonly string[]): NotaryConfig['notaries'] {
  const addresses = readAddresses(stateDir);
  return mspIds.filter((mspId) => mspId in addresses).map((mspId) => ({ mspId, url: urlOf(addresses, mspId) }));
}
