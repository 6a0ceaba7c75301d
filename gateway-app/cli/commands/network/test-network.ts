// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { deployTasks, takeDownTask } from '../../../setup/test-network';
import { type CommandContext } from '../../context/command-context';
import { examples, handled } from '../../context/command-line';
import { result, type CommandResult } from '../../context/command-result';
import { runTasks } from '../../output/run-tasks';

/** `test-network` puts the three chains on the test-network of Fabric's samples. */
export function addTestNetworkCommands(program: Command): void {
  const testNetwork = program
    .command('test-network')
    .description("the test-network of Fabric's samples, by its own network.sh")
    .addHelpText(
      'after',
      examples(['gridpeg test-network deploy ../fabric-samples/test-network', 'channels, chaincode, peg and notaries']),
    );
  testNetwork
    .command('deploy <folder>')
    .description('bring the test-network up if it is not, with three channels and their chaincode, and peg them')
    .option('--redeploy', 'deploy the chaincodes again, as they are now, under a new version')
    .option('--ca', 'bring the test-network up with Fabric CA instead of cryptogen')
    .addHelpText(
      'after',
      examples(
        ['gridpeg test-network deploy ../fabric-samples/test-network', 'does only what is not done yet'],
        ['gridpeg day', 'from then on every command works'],
      ),
    )
    .action(handled(runDeploy));
  testNetwork
    .command('down <folder>')
    .description('take down what `deploy` made: notaries, chaincode, and the test-network if it brought that up')
    .option('--with-network', 'the test-network as well, whoever brought it up')
    .addHelpText(
      'after',
      examples(['gridpeg test-network down ../fabric-samples/test-network', 'what you brought up goes on']),
    )
    .action(handled(runDown));
}

async function runDeploy(
  context: CommandContext,
  { redeploy = false, ca = false }: { readonly redeploy?: boolean; readonly ca?: boolean },
  folder: string,
): Promise<CommandResult> {
  await runTasks(deployTasks(context, folder, { redeploy, ca }), context);
  return result({ stateDir: context.stateDir, attached: folder }, [
    'The network is attached. Next: `gridpeg status`, `gridpeg day`, `gridpeg down`.',
  ]);
}

async function runDown(
  context: CommandContext,
  { withNetwork = false }: { readonly withNetwork?: boolean },
  folder: string,
): Promise<CommandResult> {
  await runTasks([takeDownTask(context, folder, withNetwork)], context);
  return result({ stateDir: context.stateDir, detached: folder }, [`What was made on ${folder} is gone.`]);
}
