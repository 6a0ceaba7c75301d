// SPDX-License-Identifier: Apache-2.0

import { importIdentity, importNetwork, refreshImported, requireImported } from '@gridpeg/network';
import { type GridpegError } from '@gridpeg/protocol';
import { CommandError } from '../errors/command-error';
import { PeggedNetwork } from '../consortium/consortium';
import { readOrganizationProfile, type OrganizationProfile } from '../consortium/imported/connection-profile';
import { requireAuthorities } from '../consortium/imported/peer-authority';
import { checkWalletEntry, readSigner } from '../consortium/imported/wallet-entry';
import { judgeEntries, readWalletEntry, reportRefused, walletLabels } from '../consortium/imported/wallet-folder';
import { userIdentity } from '../consortium/network-connection';
import { networkViewOf, readChains, type ReadChain, type WantedChain } from './profile-view';

/** What an imported network consists of. */
export interface ImportedNetwork {
  readonly chains: readonly ReadChain[];
  /** Accounts whose keys are here now. */
  readonly accounts: readonly string[];
  /** Identities that will not do, and why. */
  readonly refused: readonly GridpegError[];
}

/**
 * Makes a network's folder from an organization's connection profile and wallet, and from the ledgers.
 *
 * @param file - the connection profile
 * @param wanted - `labels`: identities of the wallet, all if there are none; `chains`: as channel or channel=chaincode,
 *   those of the profile if there are none
 * @throws CommandError, PegError, NetworkError before anything is made
 */
export async function importProfile(
  stateDir: string,
  file: string,
  wanted: { readonly wallet: string; readonly labels: readonly string[]; readonly chains: readonly string[] },
): Promise<ImportedNetwork> {
  const profile = readOrganizationProfile(file);
  // Entries of other organizations are none of this import, and what cannot sign is left out before anybody is asked.
  const read = judgeEntries(walletLabels(wanted.wallet, wanted.labels), (label) => {
    const entry = readWalletEntry(wanted.wallet, label);
    if (entry.mspId === profile.mspId) readSigner(entry);
    return entry;
  });
  const entries = read.accepted.filter(({ mspId }) => mspId === profile.mspId);
  const [reader] = entries;
  if (reader === undefined) {
    reportRefused(read.refused);
    const remedy = 'Name the wallet of an application of that organization.';
    throw new CommandError('IDENTITY_UNKNOWN', `${wanted.wallet} holds no identity of ${profile.mspId}`, remedy);
  }
  await requireAuthorities(profile.peers, file);
  const chains = await readChains(profile, wantedChains(profile, wanted.chains, file), reader);
  const authorities = authoritiesOf(chains, profile);
  const { accepted, refused } = judgeEntries(entries, (entry) => checkWalletEntry(entry, authorities, new Date()));
  if (accepted.length === 0) reportRefused(refused);
  await importNetwork(stateDir, (folder) => networkViewOf(folder, profile, authorities[0] ?? '', chains));
  const { state } = PeggedNetwork.read(stateDir);
  for (const organization of state.organizations)
    for (const entry of accepted) importIdentity(stateDir, organization, entry);
  return { chains, accounts: accepted.map(({ account }) => account), refused: [...read.refused, ...refused] };
}

/**
 * Reads again what the ledgers of an imported network say; nothing is lost.
 *
 * @param added - channels that were not imported yet, as channel or channel=chaincode
 * @throws CommandError, PegError, NetworkError
 */
export async function refreshProfile(stateDir: string, added: readonly string[]): Promise<readonly ReadChain[]> {
  requireImported(stateDir);
  return PeggedNetwork.with(stateDir, async (network) => {
    const [organization] = network.state.organizations;
    if (organization === undefined) throw new Error('an imported network is that of an organization');
    const file = organization.connectionProfile.json;
    const profile = readOrganizationProfile(file);
    const { user } = network.holder(organization.mspId);
    await requireAuthorities(profile.peers, file);
    const known = network.state.chains.map(({ channel, chaincode }) => `${channel}=${chaincode.name}`);
    const more = added.filter((text) => !known.some((other) => other.split('=')[0] === text.split('=')[0]));
    const wanted = wantedChains(profile, [...known, ...more], file);
    const read = await readChains(profile, wanted, userIdentity(organization.mspId, user));
    const [authority = ''] = authoritiesOf(read, profile);
    await refreshImported(stateDir, (folder) => networkViewOf(folder, profile, authority, read));
    return read;
  });
}

/** @throws CommandError PROFILE_WITHOUT_CHANNELS */
function wantedChains(profile: OrganizationProfile, named: readonly string[], file: string): readonly WantedChain[] {
  if (named.length === 0 && profile.channels.length === 0) {
    const remedy = 'Name each channel of the peg with --chain.';
    throw new CommandError('PROFILE_WITHOUT_CHANNELS', `${file} names no channels`, remedy);
  }
  const wanted = named.length === 0 ? profile.channels.map(({ name }) => name) : named;
  return wanted.map((text) => {
    const [channel = '', chaincode = channel] = text.split('=', 2);
    const peers = profile.channels.find(({ name }) => name === channel)?.peers ?? profile.peers;
    return { channel, chaincode, peers };
  });
}

/** The organization's CA certificates, as the ledgers know them. @throws CommandError ORGANIZATION_UNKNOWN */
function authoritiesOf(
  chains: Awaited<ReturnType<typeof readChains>>,
  { mspId }: OrganizationProfile,
): readonly string[] {
  const known = chains.flatMap(({ members }) => members);
  const certificates = known.filter((organization) => organization.mspId === mspId);
  if (certificates.length > 0) return [...new Set(certificates.flatMap(({ caCertificates }) => caCertificates))];
  const names = [...new Set(known.map((organization) => organization.mspId))].join(', ');
  throw new CommandError('ORGANIZATION_UNKNOWN', `the chains have no member ${mspId}`, `Name a profile of ${names}.`);
}
