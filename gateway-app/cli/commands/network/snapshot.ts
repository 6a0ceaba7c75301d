// SPDX-License-Identifier: Apache-2.0

import { isSealed, restoreSnapshot, takeSnapshot } from '@gridpeg/network';
import { type Command } from 'commander';
import { resolve } from 'node:path';
import { repositoryDir } from '../../../consortium/installation';
import { answer } from '../../context/command-context';
import { collect, contextOf, examples } from '../../context/command-line';
import { carrySignedPackets } from '../../../committee/import-signing-history';
import { networkProgress } from '../../../setup/network-progress';
import { askPassphrase, passphraseIn } from '../../input/passphrase';
import { runTasks } from '../../output/run-tasks';

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

/** `snapshot` and `restore`: the whole network, with all ledgers and keys, as one file. */
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
    .action(async (to: string, given: PassphraseOptions, command: Command) => {
      const context = contextOf(command);
      const passphrase = await newPassphrase(given);
      const taken: Array<Awaited<ReturnType<typeof takeSnapshot>>> = [];
      const run = async (tell: (text: string) => void): Promise<void> => {
        const onProgress = networkProgress(context.interactive, tell);
        taken.push(await takeSnapshot({ stateDir: context.stateDir, to, passphrase, onProgress }));
      };
      await runTasks([{ title: 'Snapshot', run }], context);
      for (const snapshot of taken) {
        const size = `${(snapshot.bytes / 1_048_576).toFixed(1)} MB`;
        answer(context, snapshot, [
          snapshot.sealed
            ? `${snapshot.file} holds the network (${size}), sealed. Keep the passphrase: nothing opens it without.`
            : `${snapshot.file} holds the network (${size}). Keep it secret: all private keys are in it, not encrypted.`,
        ]);
      }
    });

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
    .action(async (file: string, given: RestoreCommandOptions, command: Command) => {
      const context = contextOf(command);
      const { stateDir } = context;
      const passphrase = await passphraseOf(file, given);
      if (passphrase === undefined) {
        context.tell('This snapshot is not sealed: whoever could write the file could have changed what is in it.');
      }
      const restored: Array<Awaited<ReturnType<typeof restoreSnapshot>>> = [];
      const run = async (tell: (text: string) => void): Promise<void> => {
        const onProgress = networkProgress(context.interactive, tell);
        const options = {
          ...{ stateDir, file, passphrase, replace: given.force === true, repositoryDir, onProgress },
          chaincodeDirs: given.chaincode.map((folder) => resolve(folder)),
          searchPath: context.environment['PATH'] ?? '',
          beforeReplacing: carrySignedPackets,
        };
        restored.push(await restoreSnapshot(options));
      };
      await runTasks([{ title: 'Restore', run }], context);
      for (const { topology, takenAt, chainIds } of restored) {
        answer(context, { stateDir, topology, takenAt, chainIds }, [
          `The network is as it was at ${takenAt}. Next: \`gridpeg up\`.`,
        ]);
      }
    });
}
