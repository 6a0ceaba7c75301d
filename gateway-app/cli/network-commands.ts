// SPDX-License-Identifier: Apache-2.0

import {
  killNode,
  nodeLogs,
  pauseNode,
  restartNode,
  resumeNode,
  startNode,
  stopNode,
  takeDown,
  type DriverName,
} from '@gridpeg/network';
import { type Command } from 'commander';
import { existsSync } from 'node:fs';
import { pegTasks } from './bring-peg-up';
import { contextOf, driverOption, examples } from './command-line';
import { networkProgress } from './network-progress';
import { networkReport, printReport } from './network-report';
import { parseCount } from './parse-option';
import { runTasks } from './run-tasks';

/** `up`, `down`, `status`, `logs` and `node`: the network as its operators see it. */
export function addNetworkCommands(program: Command): void {
  program
    .command('up')
    .description('bring the network, its peg configuration and its notaries up; does only what is not done yet')
    .option('--topology <name|file>', 'a topology that comes with gridpeg, or a file', 'dev')
    .addOption(driverOption())
    .addHelpText(
      'after',
      examples(
        ['gridpeg up', 'three chains of four organizations, and four notaries'],
        ['gridpeg up --driver docker', 'the same in containers'],
      ),
    )
    .action(async (options: { topology: string; driver?: DriverName }, command: Command) => {
      const context = contextOf(command);
      await runTasks(pegTasks(context, options.topology, options.driver), context);
      context.print('The network is up. Next: `gridpeg status`, `gridpeg day`, `gridpeg down`.');
    });

  program
    .command('down')
    .description('end everything that `up` started, and remove its folder')
    .action(async (_options: unknown, command: Command) => {
      const context = contextOf(command);
      const present = existsSync(context.stateDir);
      await runTasks(
        [
          {
            title: 'Take the network down',
            run: (tell) =>
              takeDown({ stateDir: context.stateDir, onProgress: networkProgress(context.interactive, tell) }),
          },
        ],
        context,
      );
      context.print(present ? 'Everything is down.' : `There was no network in ${context.stateDir}.`);
    });

  program
    .command('status')
    .description('nodes, chains and notaries; exit status 0 only if all of them are well')
    .option('--json', 'print one JSON document')
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
      const { stateDir, print } = contextOf(command);
      const lines = parseCount(options.lines, '--lines', 1, 1_000_000);
      const interrupted = new AbortController();
      process.once('SIGINT', () => {
        interrupted.abort();
      });
      const follow = options.follow === true ? { follow: interrupted.signal } : {};
      for await (const piece of nodeLogs({ stateDir, node, lines, ...follow })) print(piece);
    });

  addNodeCommands(program);
}

const nodeActions = [
  ['kill', 'end a node at once, as a crash would', 'killed', killNode],
  ['stop', 'end a node in its own time', 'stopped', stopNode],
  ['start', 'start a node that is dead', 'started', startNode],
  ['restart', 'stop a node and start it', 'started', restartNode],
  ['pause', 'halt a node; it keeps its connections and answers nothing', 'paused', pauseNode],
  ['resume', 'let a paused node go on', 'resumed', resumeNode],
] as const;

function addNodeCommands(program: Command): void {
  const node = program
    .command('node')
    .description('do something to one node, as named by `gridpeg status`')
    .addHelpText(
      'after',
      examples(['gridpeg node kill notary.grid.example.com', 'see that three notaries are enough']),
    );
  for (const [name, description, done, action] of nodeActions) {
    node
      .command(`${name} <node>`)
      .description(description)
      .action(async (target: string, _options: unknown, command: Command) => {
        const { stateDir, print } = contextOf(command);
        await action({ stateDir, node: target });
        print(`${target} is ${done}.`);
      });
  }
}
