// SPDX-License-Identifier: Apache-2.0

import { importIdentity, importNetwork, refreshImported, requireImported } from '@gridpeg/network';
import { type Command } from 'commander';
import { toJson } from '../context/command-context';
import { CommandError } from '../../errors/command-error';
import { collect, contextOf, examples } from '../context/command-line';
import { readOrganizationProfile, type OrganizationProfile } from '../../consortium/imported/connection-profile';
import { requireAuthorities } from '../../consortium/imported/peer-authority';
import { PeggedNetwork } from '../../consortium/consortium';
import { networkViewOf, readChains, type ReadChain, type WantedChain } from '../../setup/profile-view';
import { userIdentity } from '../../consortium/network-connection';
import { checkWalletEntry, readSigner } from '../../consortium/imported/wallet-entry';
import { judgeEntries, readWalletEntry, reportRefused, walletLabels } from '../../consortium/imported/wallet-folder';

interface ProfileOptions {
  readonly wallet: string;
  readonly label: readonly string[];
  readonly chain: readonly string[];
}

/** `profile import`: a network that others run, from what an application has to connect to it. */
export function addProfileCommand(program: Command): void {
  const profile = program.command('profile').description('connection profiles of applications on fabric-network 2');
  profile
    .command('refresh')
    .description(
      'read again what the ledgers of an imported network say: configurations, lanes, members; nothing is lost',
    )
    .option(
      '--chain <channel[=chaincode]>',
      'a channel of the peg that was not imported yet; may be given several times',
      collect,
      [],
    )
    .addHelpText(
      'after',
      examples(['gridpeg --state org1 profile refresh', 'after the first configuration, or one with other lanes']),
    )
    .action(runRefresh);

  profile
    .command('import <file>')
    .description("make a network's folder from an organization's connection profile and wallet, and from the ledgers")
    .requiredOption('--wallet <folder>', "the application's file-system wallet")
    .option('--label <label>', 'only this identity of the wallet; may be given several times', collect, [])
    .option(
      '--chain <channel[=chaincode]>',
      'a channel of the peg, and its chaincode if that is named otherwise; may be given several times (default: the channels of the profile)',
      collect,
      [],
    )
    .addHelpText(
      'after',
      examples(
        [
          'gridpeg --state org1 profile import connection-org1.json --wallet ./wallet --chain city --chain charging',
          'reads chain ids, lanes, assets and authorities from the ledgers themselves',
        ],
        ['gridpeg --state org1 notes', 'everything but starting and stopping nodes works from here on'],
        ['gridpeg --state org1 down', 'forgets the network; it runs on'],
      ),
    )
    .action(runImport);
}

async function runImport(file: string, options: ProfileOptions, command: Command): Promise<void> {
  const { stateDir, json, print } = contextOf(command);
  const profile = readOrganizationProfile(file);
  // Entries of other organizations are none of this import, and what cannot sign is left out before anybody is asked.
  const read = judgeEntries(walletLabels(options.wallet, options.label), (label) => {
    const entry = readWalletEntry(options.wallet, label);
    if (entry.mspId === profile.mspId) readSigner(entry);
    return entry;
  });
  const entries = read.accepted.filter(({ mspId }) => mspId === profile.mspId);
  const [reader] = entries;
  if (reader === undefined) {
    reportRefused(read.refused);
    const remedy = 'Name the wallet of an application of that organization.';
    throw new CommandError('IDENTITY_UNKNOWN', `${options.wallet} holds no identity of ${profile.mspId}. ${remedy}`);
  }
  await requireAuthorities(profile.peers, file);
  const chains = await readChains(profile, wantedChains(profile, options.chain, file), reader);
  const authorities = authoritiesOf(chains, profile);
  const { accepted, refused } = judgeEntries(entries, (entry) => checkWalletEntry(entry, authorities, new Date()));
  if (accepted.length === 0) reportRefused(refused);
  await importNetwork(stateDir, (folder) => networkViewOf(folder, profile, authorities[0] ?? '', chains));
  const { state } = PeggedNetwork.read(stateDir);
  const accounts = accepted.map(({ account }) => account);
  for (const organization of state.organizations)
    for (const entry of accepted) importIdentity(stateDir, organization, entry);
  if (json) print(toJson({ chains: chainsDocument(chains), accounts }));
  else
    for (const line of [...chainLines(chains), ...accounts.map((account) => `keys of account ${account}`)]) print(line);
  reportRefused([...read.refused, ...refused]);
}

async function runRefresh(options: { readonly chain: readonly string[] }, command: Command): Promise<void> {
  const { stateDir, json, print } = contextOf(command);
  requireImported(stateDir);
  const chains = await PeggedNetwork.with(stateDir, async (network) => {
    const [organization] = network.state.organizations;
    if (organization === undefined) throw new Error('an imported network is that of an organization');
    const file = organization.connectionProfile.json;
    const profile = readOrganizationProfile(file);
    const { user } = network.holder(organization.mspId);
    await requireAuthorities(profile.peers, file);
    const known = network.state.chains.map(({ channel, chaincode }) => `${channel}=${chaincode.name}`);
    const added = options.chain.filter((text) => !known.some((other) => other.split('=')[0] === text.split('=')[0]));
    const wanted = wantedChains(profile, [...known, ...added], file);
    const read = await readChains(profile, wanted, userIdentity(organization.mspId, user));
    const [authority = ''] = authoritiesOf(read, profile);
    await refreshImported(stateDir, (folder) => networkViewOf(folder, profile, authority, read));
    return read;
  });
  if (json) print(toJson({ chains: chainsDocument(chains) }));
  else for (const line of chainLines(chains)) print(line);
}

function chainsDocument(chains: readonly ReadChain[]): readonly object[] {
  return chains.map(({ channel, chainId, configuration }) => {
    return { name: channel, chainId, configured: configuration !== undefined };
  });
}

function chainLines(chains: readonly ReadChain[]): readonly string[] {
  return [
    ...chains.map(({ channel, chainId }) => `${channel} is chain ${chainId}`),
    ...chains.flatMap(({ channel, configuration }) =>
      configuration === undefined
        ? [
            `${channel} has no configuration yet: approve the first with "gridpeg governance approve-first"; ` +
              'run "gridpeg profile refresh" when it is in force',
          ]
        : [],
    ),
  ];
}

/** @throws CommandError PROFILE_WITHOUT_CHANNELS */
function wantedChains(profile: OrganizationProfile, named: readonly string[], file: string): readonly WantedChain[] {
  if (named.length === 0 && profile.channels.length === 0) {
    const remedy = 'Name each channel of the peg with --chain.';
    throw new CommandError('PROFILE_WITHOUT_CHANNELS', `${file} names no channels. ${remedy}`);
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
  throw new CommandError('ORGANIZATION_UNKNOWN', `the chains have no member ${mspId}. Name a profile of ${names}.`);
}
