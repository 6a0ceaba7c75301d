// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { importProfile, refreshProfile } from '../../setup/import-profile';
import { type ReadChain } from '../../setup/profile-view';
import { collect, examples, handled } from '../context/command-line';
import { type CommandContext } from '../context/command-context';
import { result, type CommandResult } from '../context/command-result';
import { partlyDone } from '../output/partly-done';

interface ProfileOptions {
  readonly wallet: string;
  readonly label: readonly string[];
  readonly chain: readonly string[];
}

/** `profile import` describes a network that others run, from what an application has to connect to it. */
export function addProfileCommand(program: Command): void {
  const profile = program
    .command('profile')
    .description('connection profiles of applications on fabric-network 2')
    .addHelpText('after', examples(['gridpeg --state org1 profile refresh', 'reads the ledgers again']));
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
    .action(handled(runRefresh));

  profile
    .command('import <file>')
    .description("make a network's folder from an organization's connection profile and wallet, and from the ledgers")
    .requiredOption('--wallet <folder>', "the application's file-system wallet")
    .option('--label <label>', 'only this identity of the wallet; may be given several times', collect, [])
    .option(
      '--chain <channel[=chaincode]>',
      'a channel of the peg, and its chaincode if that is named otherwise; ' +
        'may be given several times (default: the channels of the profile)',
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
        ['gridpeg --state org1 note list', 'everything but starting and stopping nodes works from here on'],
        ['gridpeg --state org1 down', 'forgets the network; it runs on'],
      ),
    )
    .action(handled(runImport));
}

async function runImport(
  context: CommandContext,
  { wallet, label, chain }: ProfileOptions,
  file: string,
): Promise<CommandResult> {
  const wanted = { wallet, labels: label, chains: chain };
  const { chains, accounts, refused } = await importProfile(context.stateDir, file, wanted);
  const lines = [...chainLines(chains), ...accounts.map((account) => `keys of account ${account}`)];
  return partlyDone(context, result({ chains: chainsDocument(chains), accounts }, lines), refused);
}

async function runRefresh(
  { stateDir }: CommandContext,
  { chain }: { readonly chain: readonly string[] },
): Promise<CommandResult> {
  const chains = await refreshProfile(stateDir, chain);
  return result({ chains: chainsDocument(chains) }, chainLines(chains));
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
