// SPDX-License-Identifier: Apache-2.0

import { importIdentity, importNetwork } from '@gridpeg/network';
import { type Command } from 'commander';
import { toJson } from './command-context';
import { CommandError } from './command-error';
import { collect, contextOf, examples } from './command-line';
import { readOrganizationProfile, type OrganizationProfile } from './connection-profile';
import { requireAuthorities } from './peer-authority';
import { PeggedNetwork } from './pegged-network';
import { networkViewOf, readChains, type WantedChain } from './profile-view';
import { checkWalletEntry, readSigner } from './wallet-entry';
import { judgeEntries, readWalletEntry, reportRefused, walletLabels } from './wallet-folder';

interface ProfileOptions {
  readonly wallet: string;
  readonly label: readonly string[];
  readonly chain: readonly string[];
}

/** `profile import`: a network that others run, from what an application has to connect to it. */
export function addProfileCommand(program: Command): void {
  program
    .command('profile')
    .description('connection profiles of applications on fabric-network 2')
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
  for (const organization of state.organizations)
    for (const entry of accepted) importIdentity(stateDir, organization, entry);
  const accounts = accepted.map(({ account }) => account);
  if (json) {
    const configured = new Set<string>(chains.flatMap(({ configuration }) => configuration?.chainId ?? []));
    print(
      toJson({
        chains: state.chains.map(({ name, chainId }) => ({ name, chainId, configured: configured.has(chainId) })),
        accounts,
      }),
    );
  } else {
    for (const { name, chainId } of state.chains) print(`${name} is chain ${chainId}`);
    for (const { channel } of chains.filter(({ configuration }) => configuration === undefined))
      print(
        `${channel} has no configuration yet: approve the first with "gridpeg governance approve-first"; import again when it is in force`,
      );
    for (const account of accounts) print(`keys of account ${account}`);
  }
  reportRefused([...read.refused, ...refused]);
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
