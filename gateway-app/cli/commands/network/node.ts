// SPDX-License-Identifier: Apache-2.0

import { killNode, pauseNode, refillNode, restartNode, resumeNode, startNode, stopNode } from '@gridpeg/network';
import { type Command } from 'commander';
import { answer } from '../../context/command-context';
import { contextOf, examples } from '../../context/command-line';

const nodeActions = [
  ['kill', 'end a node at once, as a crash would', 'killed', killNode, 'see that three notaries are enough'],
  ['stop', 'end a node in its own time', 'stopped', stopNode, 'take it out of service'],
  ['start', 'start a node that is dead', 'started', startNode, 'as it ran before'],
  ['restart', 'stop a node and start it', 'started', restartNode, 'it connects anew to everything'],
  [
    'refill',
    'get the ledger of a peer, or of an orderer under SmartBFT, again from the others of its chain',
    'filled again',
    refillNode,
    'when it is damaged',
  ],
  ['pause', 'halt a node; it keeps its connections and answers nothing', 'paused', pauseNode, 'as if it hung'],
  ['resume', 'let a paused node go on', 'resumed', resumeNode, 'it goes on where it was'],
] as const;

/** `node`: what can be done to one node. */
export function addNodeCommands(program: Command): void {
  const example = 'notary.grid.example.com';
  const node = program
    .command('node')
    .description('do something to one node, as named by `gridpeg status`')
    .addHelpText('after', examples([`gridpeg node kill ${example}`, 'see that three notaries are enough']));
  for (const [name, description, done, action, does] of nodeActions) {
    node
      .command(`${name} <node>`)
      .description(description)
      .addHelpText('after', examples([`gridpeg node ${name} ${example}`, does]))
      .action(async (target: string, _options: unknown, command: Command) => {
        const context = contextOf(command);
        await action({ stateDir: context.stateDir, node: target });
        answer(context, { node: target, is: done }, [`${target} is ${done}.`]);
      });
  }
}
