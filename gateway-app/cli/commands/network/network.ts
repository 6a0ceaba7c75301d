// SPDX-License-Identifier: Apache-2.0

import { nodeLogs, restartNodes, takeDown, plannedRemoval, type DriverName } from '@gridpeg/network';
import { type Command } from 'commander';
import { pegTasks, wantedTopology } from '../../../setup/bring-peg-up';
import { type CommandContext } from '../../context/command-context';
import { driverOption, examples, handled, topologyOption } from '../../context/command-line';
import { reported, result, type CommandResult } from '../../context/command-result';
import { abortOnSignals } from '../../context/interrupt';
import { confirm, describeRemoval, describeRemoved } from '../../input/confirm-down';
import { addNodeCommands } from './node';
import { networkProgress } from '../../../setup/network-progress';
import { networkReport } from '../../../doctor/network-report';
import { reportLines } from '../../output/network-report';
import { parseCount } from '../../../input/parse-option';
import { PeggedNetwork } from '../../../consortium/consortium';
import { runTask, runTasks } from '../../output/run-tasks';

/** `up`, `down`, `restart`, `status`, `logs` and `node` are the commands for operators of the network. */
export function addNetworkCommands(program: Command): void {
  program
    .command('up')
    .description('bring the network, its peg configuration and its notaries up; does only what is not done yet')
    .addOption(topologyOption())
    .addOption(driverOption())
    .addHelpText(
      'after',
      examples(
        ['gridpeg up', 'three chains of four organizations, and four notaries'],
        [
          'gridpeg up --topology my.yaml',
          'a topology of your own; more chains in it are added to a network that is up',
        ],
        ['gridpeg up --driver docker', 'the same in containers'],
      ),
    )
    .action(handled(runUp));

  program
    .command('down')
    .description('end everything that `up` started, and remove its folder with all ledgers and keys')
    .option('-y, --yes', 'do not ask; without a terminal it never asks')
    .addHelpText('after', examples(['gridpeg down', 'no process, port or file of the network is left']))
    .action(handled(runDown));

  program
    .command('restart [node...]')
    .description('stop nodes and start them as they ran before: all of them, or those named; ledgers and keys stay')
    .addHelpText(
      'after',
      examples(
        ['gridpeg restart', 'the whole network'],
        ['gridpeg restart peer0.grid.example.com notary.grid.example.com', 'two nodes'],
      ),
    )
    .action(handled(runRestart));

  program
    .command('status')
    .description('nodes, chains and notaries; exit status 0 only if all of them are well')
    .addHelpText('after', examples(['gridpeg status --json', 'the same for programs']))
    .action(handled(runStatus));

  program
    .command('logs <node>')
    .description('the last lines that a node wrote')
    .option('-n, --lines <count>', 'how many', '100')
    .option('-f, --follow', 'go on until interrupted')
    .addHelpText('after', examples(['gridpeg logs notary.grid.example.com -f', 'what one notary does']))
    .action(handled(runLogs));

  addNodeCommands(program);
}

async function runUp(
  context: CommandContext,
  options: { readonly topology?: string; readonly driver?: DriverName },
): Promise<CommandResult> {
  const { stateDir } = context;
  const wanted = await wantedTopology(context, options.topology);
  await runTasks(pegTasks(context, wanted, options.driver), context);
  const { topology, chains } = PeggedNetwork.read(stateDir).state;
  return result({ stateDir, topology, chains: chains.map(({ name, chainId }) => ({ name, chainId })) }, [
    'The network is up. Next: `gridpeg status`, `gridpeg day`, `gridpeg down`.',
  ]);
}

async function runDown(context: CommandContext, options: { readonly yes?: true }): Promise<CommandResult> {
  const { stateDir } = context;
  const found = plannedRemoval(context);
  if (options.yes !== true && found.isFolder) await confirm(context, describeRemoval(found));
  const down = (report: (text: string) => void): Promise<number> =>
    takeDown({ stateDir, onProgress: networkProgress(context.interactive, report) });
  const ended = await runTask('Take the network down', down, context);
  return result({ stateDir, removed: found.isFolder, endedProcesses: ended }, [describeRemoved(found, ended)]);
}

async function runRestart(context: CommandContext, _options: object, nodes: readonly string[]): Promise<CommandResult> {
  const { stateDir } = context;
  const named = nodes.length === 0 ? undefined : nodes;
  const restart = (report: (text: string) => void): Promise<readonly string[]> =>
    restartNodes({ stateDir, nodes: named, onProgress: networkProgress(context.interactive, report) });
  const title = named === undefined ? 'Restart all nodes' : `Restart ${named.join(', ')}`;
  const restarted = await runTask(title, restart, context);
  return result({ restarted }, [`${restarted.length.toString()} nodes run again. \`gridpeg status\` shows them.`]);
}

async function runStatus({ stateDir }: CommandContext): Promise<CommandResult> {
  const report = await networkReport(stateDir);
  return result(report, reportLines(report), report.well ? 0 : 1);
}

async function runLogs(
  { stateDir, json, report }: CommandContext,
  options: { readonly lines: string; readonly follow?: true },
  node: string,
): Promise<CommandResult> {
  const lines = parseCount(options.lines, '--lines', 1, 1_000_000);
  const follow = options.follow === true ? { follow: abortOnSignals('SIGINT') } : {};
  for await (const piece of nodeLogs({ stateDir, node, lines, ...follow })) {
    if (!json) report(undefined, [piece]);
    else for (const line of piece.split('\n')) report({ node, line }, []);
  }
  return reported();
}
