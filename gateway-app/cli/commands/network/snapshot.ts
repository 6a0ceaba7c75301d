// SPDX-License-Identifier: Apache-2.0

import { isSealed, restoreSnapshot, takeSnapshot } from '@gridpeg/network';
import { type Command } from 'commander';
import { resolve } from 'node:path';
import { repositoryDir } from '../../../consortium/installation';
import { type CommandContext } from '../../context/command-context';
import { collect, examples, handled } from '../../context/command-line';
import { result, type CommandResult } from '../../context/command-result';
import { importSigningHistory } from '../../../committee/import-signing-history';
import { networkProgress } from '../../../setup/network-progress';
import { askPassphrase, passphraseIn } from '../../input/passphrase';
import { runTask } from '../../output/run-tasks';

interface PassphraseOptions {
  readonly passphraseFile?: string;
  readonly passphrase?: true;
}

interface RestoreCommandOptions extends PassphraseOptions {
  readonly force?: boolean;
  readonly chaincode: readonly string[];
}

async function newPassphrase({ passphraseFile, passphrase }: PassphraseOptions): Promise<string | undefined> {
  if (passphraseFile !== undefined) return passphraseIn(passphraseFile);
  return passphrase === true ? askPassphrase(true) : undefined;
}

async function passphraseOf(file: string, { passphraseFile }: PassphraseOptions): Promise<string | undefined> {
  if (!(await isSealed(file))) return undefined;
  return passphraseFile === undefined ? askPassphrase(false) : passphraseIn(passphraseFile);
}

/** `snapshot` and `restore` turn the whole network, with all ledgers and keys, into one file and back. */
export function addSnapshotCommands(program: Command): void {
  program
    .command('snapshot <file|folder>')
    .description('stop all nodes, archive the whole network with all private keys, start them again')
    .option(
      '--passphrase-file <file>',
      'encrypt and authenticate it with the passphrase in the first line of this file',
    )
    .option('--passphrase', 'the same, asking for the passphrase on the terminal')
    .addHelpText(
      'after',
      examples(
        ['gridpeg snapshot before-upgrade.tar.gz', 'a new file, for its owner only: all private keys are in it'],
        ['gridpeg snapshot /backups', 'a new file in that folder, named after topology and time'],
        ['gridpeg snapshot --passphrase /backups', 'the same, of no use to whoever does not know the passphrase'],
      ),
    )
    .action(handled(runSnapshot));

  program
    .command('restore <file>')
    .description('put a network back as it was when a snapshot was taken, with its keys; `up` starts it')
    .option('--passphrase-file <file>', 'of a sealed snapshot; without it, it is asked for on the terminal')
    .option('--force', 'end and remove the network that is there')
    .option('--chaincode <folder>', 'run chaincode of this folder too; can be repeated', collect, [])
    .addHelpText(
      'after',
      examples(
        ['gridpeg restore before-upgrade.tar.gz && gridpeg up', 'where there is no network now'],
        ['gridpeg restore --force before-upgrade.tar.gz', 'instead of the network that is there'],
        ['gridpeg --state elsewhere restore before-upgrade.tar.gz', 'in another folder; ports stay those it had'],
      ),
    )
    .action(handled(runRestore));
}

async function runSnapshot(context: CommandContext, given: PassphraseOptions, to: string): Promise<CommandResult> {
  const { stateDir } = context;
  const passphrase = await newPassphrase(given);
  const take = (report: (text: string) => void): ReturnType<typeof takeSnapshot> =>
    takeSnapshot({ stateDir, to, passphrase, onProgress: networkProgress(context.interactive, report) });
  const snapshot = await runTask('Snapshot', take, context);
  const size = `${(snapshot.bytes / 1_048_576).toFixed(1)} MB`;
  return result(snapshot, [
    snapshot.sealed
      ? `${snapshot.file} holds the network (${size}), sealed. Keep the passphrase: nothing opens it without.`
      : `${snapshot.file} holds the network (${size}). Keep it secret: all private keys are in it, not encrypted.`,
  ]);
}

async function runRestore(context: CommandContext, given: RestoreCommandOptions, file: string): Promise<CommandResult> {
  const { stateDir } = context;
  const passphrase = await passphraseOf(file, given);
  if (passphrase === undefined) {
    context.printMessage('This snapshot is not sealed: whoever could write the file could have changed what is in it.');
  }
  const restore = (report: (text: string) => void): ReturnType<typeof restoreSnapshot> =>
    restoreSnapshot({
      ...{ stateDir, file, passphrase, replace: given.force === true, repositoryDir },
      chaincodeDirs: given.chaincode.map((folder) => resolve(folder)),
      searchPath: context.environment['PATH'] ?? '',
      beforeReplacing: importSigningHistory,
      onProgress: networkProgress(context.interactive, report),
    });
  const { topology, takenAt, chainIds } = await runTask('Restore', restore, context);
  return result({ stateDir, topology, takenAt, chainIds }, [
    `The network is as it was at ${takenAt}. Next: \`gridpeg up\`.`,
  ]);
}
