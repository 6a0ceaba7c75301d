// SPDX-License-Identifier: Apache-2.0

import { readCollections, upgradeChaincode } from '@gridpeg/network';
import { type Command } from 'commander';
import { type CommandContext } from '../../context/command-context';
import { examples, handled } from '../../context/command-line';
import { result, type CommandResult } from '../../context/command-result';
import { networkProgress } from '../../../setup/network-progress';
import { requirePegContracts } from '../../../governance/require-peg-contracts';
import { runTask } from '../../output/run-tasks';

/** The options of the command. */
interface UpgradeParameters {
  readonly chaincodeVersion?: string;
  readonly path?: string;
  readonly collectionsConfig?: string;
}

/** `upgrade` puts a new version of the chaincode of one chain in force. */
export function addUpgradeCommand(program: Command): void {
  program
    .command('upgrade <chain>')
    .description(
      "put a new version of one chain's chaincode in force, through Fabric's life cycle; " +
        'what is on its ledger stays, ' +
        'other chains are not touched, and nothing is done if nothing has changed',
    )
    .option('--chaincode-version <version>', 'of the new definition (default: its sequence, as 2.0)')
    .option(
      '--collections-config <file>',
      'private data collections, as JSON in the form of Fabric (default: as before)',
    )
    .option('--path <folder>', 'package of the new chaincode, built (default: the one it has)')
    .addHelpText(
      'after',
      examples(
        ['npm run build && gridpeg upgrade microgrid', 'the code that was changed, on one side chain alone'],
        ['gridpeg upgrade microgrid --collections-config collections.json', 'with private data collections'],
        ['gridpeg upgrade microgrid --path ../microgrid-2 --chaincode-version 2.1', 'code from elsewhere'],
      ),
    )
    .action(handled(runUpgrade));
}

async function runUpgrade(
  context: CommandContext,
  { chaincodeVersion: version, path, collectionsConfig }: UpgradeParameters,
  chain: string,
): Promise<CommandResult> {
  const { stateDir } = context;
  const collections = collectionsConfig === undefined ? undefined : readCollections(collectionsConfig);
  const run = async (report: (text: string) => void): Promise<Awaited<ReturnType<typeof upgradeChaincode>>> => {
    const onProgress = networkProgress(context.interactive, report);
    const requireUsable = (metadata: string | undefined): void => {
      requirePegContracts(chain, metadata);
    };
    return upgradeChaincode({ stateDir, chain, version, path, collections, requireUsable, onProgress });
  };
  const upgraded = await runTask(`Upgrade ${chain}`, run, context);
  const what = `${upgraded.name} on ${chain}`;
  const definition = `version ${upgraded.version}, sequence ${upgraded.sequence.toString()}`;
  return result({ chain, ...upgraded }, [
    upgraded.changed ? `${what} is now ${definition}.` : `Nothing has changed: ${what} is ${definition}.`,
  ]);
}
