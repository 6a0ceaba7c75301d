// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { exportWallet, importWallet, removeImported } from '../../consortium/imported/network-wallet';
import { collect, examples, handled } from '../context/command-line';
import { type CommandContext } from '../context/command-context';
import { result, type CommandResult } from '../context/command-result';
import { partlyDone } from '../output/partly-done';

/** `wallet import`, `export` and `remove` deal with identities of applications that use `fabric-network` 2. */
export function addWalletCommands(program: Command): void {
  const wallet = program
    .command('wallet')
    .description('file-system wallets of applications on fabric-network 2')
    .addHelpText('after', examples(['gridpeg wallet import ./wallet', 'all that can sign for this network']));

  wallet
    .command('import <folder>')
    .description('take the identities of a wallet into the network: every command then knows them as MSP/label')
    .option('--label <label>', 'only this one; may be given several times', collect, [])
    .option('--profile <file>', "also check that the application's connection profile is of this network")
    .addHelpText(
      'after',
      examples(
        [
          'gridpeg wallet import ./wallet --profile connection-org1.json',
          'all that can sign for this network, and why the others cannot',
        ],
        ['gridpeg send --as Org1MSP/appUser ...', 'acts as the identity that the wallet called appUser'],
      ),
    )
    .action(handled(runImport));

  wallet
    .command('export <folder>')
    .description('write the users of the network as a wallet, with their keys')
    .option('--user <account>', 'only this one, as ChargingMSP/User1; may be given several times', collect, [])
    .addHelpText(
      'after',
      examples(['gridpeg wallet export ./wallet --user ChargingMSP/User1', 'makes User1@charging.example.com.id']),
    )
    .action(handled(runExport));

  wallet
    .command('remove <account>')
    .description('forget an imported identity; the wallet it came from stays as it is')
    .addHelpText('after', examples(['gridpeg wallet remove Org1MSP/appUser', 'its holdings stay on the ledgers']))
    .action(handled(runRemove));
}

interface ImportOptions {
  readonly label: readonly string[];
  readonly profile?: string;
}

function runImport(context: CommandContext, { label, profile }: ImportOptions, folder: string): CommandResult {
  const { accepted, refused } = importWallet(context.stateDir, folder, { labels: label, profile });
  const lines = accepted.map(
    ({ name, account, validUntil }) =>
      `${name} is account ${account}, valid until ${validUntil.toISOString().slice(0, 10)}`,
  );
  return partlyDone(context, result(accepted, lines), refused);
}

function runExport(
  { stateDir }: CommandContext,
  { user }: { readonly user: readonly string[] },
  folder: string,
): CommandResult {
  const files = exportWallet(stateDir, folder, user);
  return result(files, files);
}

function runRemove({ stateDir }: CommandContext, _options: object, account: string): CommandResult {
  const removed = removeImported(stateDir, account);
  return result({ removed }, [`Removed ${removed}.`]);
}
