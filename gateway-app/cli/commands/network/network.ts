// SPDX-License-Identifier: Apache-2.0

import { nodeLogs, restartNodes, takeDown, takings, type DriverName } from '@gridpeg/network';
import { type Command } from 'commander';
import { pegTasks, wantedTopology } from '../../../setup/bring-peg-up';
import { answer } from '../../context/command-context';
import { contextOf, driverOption, examples, topologyOption } from '../../context/command-line';
import { confirm, whatGoes, whatWent } from '../../input/confirm-down';
import { addNodeCommands } from './node';
import { networkProgress } from '../../../setup/network-progress';
import { networkReport, printReport } from '../../output/network-report';
import { parseCount } from '../../../input/parse-option';
import { PeggedNetwork } from '../../../consortium/consortium';
import { runTasks } from '../../output/run-tasks';

/** `up`, `down`, `restart`, `status`, `logs` and `node`: the network as its operators see it. */
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
    .action(async (options: { topology?: string; driver?: DriverName }, command: Command) => {
      const context = contextOf(command);
      const wanted = await wantedTopology(context, options.topology);
      await runTasks(pegTasks(context, wanted, options.driver), context);
      const { topology, chains } = PeggedNetwork.read(context.stateDir).state;
      const document = {
        stateDir: context.stateDir,
        topology,
        chains: chains.map(({ name, chainId }) => ({ name, chainId })),
      };
      answer(context, document, ['The network is up. Next: `gridpeg status`, `gridpeg day`, `gridpeg down`.']);
    });

  program
    .command('down')
    .description('end everything that `up` started, and remove its folder with all ledgers and keys')
    .option('-y, --yes', 'do not ask; without a terminal it never asks')
    .addHelpText('after', examples(['gridpeg down', 'no process, port or file of the network is left']))
    .action(async (options: { yes?: true }, command: Command) => {
      const context = contextOf(command);
      const found = takings(context);
      if (options.yes !== true && found.isFolder) await confirm(context, whatGoes(found));
      let ended = 0;
      await runTasks(
        [
          {
            title: 'Take the network down',
            run: async (tell) => {
              const onProgress = networkProgress(context.interactive, tell);
              ended = await takeDown({ stateDir: context.stateDir, onProgress });
            },
          },
        ],
        context,
      );
      const document = { stateDir: context.stateDir, removed: found.isFolder, endedProcesses: ended };
      answer(context, document, [whatWent(found, ended)]);
    });

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
    .action(async (nodes: readonly string[], _options: unknown, command: Command) => {
      const context = contextOf(command);
      const { stateDir, interactive } = context;
      const named = nodes.length === 0 ? undefined : nodes;
      let restarted: readonly string[] = [];
      const run = async (tell: (text: string) => void): Promise<void> => {
        restarted = await restartNodes({ stateDir, nodes: named, onProgress: networkProgress(interactive, tell) });
      };
      await runTasks(
        [{ title: named === undefined ? 'Restart all nodes' : `Restart ${named.join(', ')}`, run }],
        context,
      );
      const told = `${restarted.length.toString()} nodes run again. \`gridpeg status\` shows them.`;
      answer(context, { restarted }, [told]);
    });

  program
    .command('status')
    .description('nodes, chains and notaries; exit status 0 only if all of them are well')
    .addHelpText('after', examples(['gridpeg status --json', 'the same for programs']))
    .action(async (_options: unknown, command: Command) => {
      const context = contextOf(command);
      const report = await networkReport(context.stateDir);
      printReport(report, context);
      if (!report.well) process.exitCode = 1;
    });

  program
    .command('logs <node>')
    .description('the last lines that a node wrote')
    .option('-n, --lines <count>', 'how many', '100')
    .option('-f, --follow', 'go on until interrupted')
    .addHelpText('after', examples(['gridpeg logs notary.grid.example.com -f', 'what one notary does']))
    .action(async (node: string, options: { lines: string; follow?: boolean }, command: Command) => {
      const { stateDir, json, print } = contextOf(command);
      const lines = parseCount(options.lines, '--lines', 1, 1_000_000);
      const interrupted = new AbortController();
      process.once('SIGINT', () => {
        interrupted.abort();
      });
      const follow = options.follow === true ? { follow: interrupted.signal } : {};
      for await (const piece of nodeLogs({ stateDir, node, lines, ...follow })) {
        if (!json) print(piece);
        else for (const line of piece.split('\n')) print(JSON.stringify({ node, line }));
      }
    });

  addNodeCommands(program);
}
