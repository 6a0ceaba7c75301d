// SPDX-License-Identifier: Apache-2.0

import { mendState } from '@gridpeg/network';
import { type Command } from 'commander';
import { attachTasks } from '../../../setup/bring-peg-up';
import { type CommandContext } from '../../context/command-context';
import { examples, handled } from '../../context/command-line';
import { result, type CommandResult } from '../../context/command-result';
import { runTasks } from '../../output/run-tasks';

/** `attach` brings up everything of the peg but the Fabric network, which somebody else runs. */
export function addAttachCommand(program: Command): void {
  program
    .command('attach <test-network>')
    .description("peg the channels of a network that the Fabric samples' network.sh runs, and start the notaries")
    .option('--topology <name|file>', 'a topology that comes with gridpeg, or a file', 'test-network')
    .addHelpText(
      'after',
      examples(
        ['gridpeg test-network deploy fabric-samples/test-network', 'channels, chaincode and this, in one'],
        ['gridpeg attach fabric-samples/test-network', 'when the channels and chaincodes are there already'],
        ['gridpeg down', 'ends the notaries; the test-network goes on'],
      ),
    )
    .action(handled(runAttach));
}

async function runAttach(
  context: CommandContext,
  { topology }: { readonly topology: string },
  folder: string,
): Promise<CommandResult> {
  const { stateDir } = context;
  for (const line of await mendState({ stateDir })) context.printMessage(line);
  await runTasks(attachTasks(context, folder, topology), context);
  return result({ stateDir, attached: folder }, [
    'The network is attached. Next: `gridpeg status`, `gridpeg day`, `gridpeg down`.',
  ]);
}
