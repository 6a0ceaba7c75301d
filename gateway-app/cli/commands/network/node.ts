// SPDX-License-Identifier: Apache-2.0

import { killNode, pauseNode, refillNode, resumeNode, startNode, stopNode } from '@gridpeg/network';
import { type Command } from 'commander';
import { type CommandContext } from '../../context/command-context';
import { examples, handled } from '../../context/command-line';
import { result } from '../../context/command-result';

const nodeActions = [
  ['kill', 'end a node at once, as a crash would', 'killed', killNode, 'see that three notaries are enough'],
  ['stop', 'end a node in its own time', 'stopped', stopNode, 'take it out of service'],
  ['start', 'start a node that is dead', 'started', startNode, 'as it ran before'],
  [
    'refill',
    'get the ledger of a peer or an orderer again from the others of its chain',
    'filled again',
    refillNode,
    'when it is damaged',
  ],
  ['pause', 'halt a node; it keeps its connections and answers nothing', 'paused', pauseNode, 'as if it hung'],
  ['resume', 'let a paused node go on', 'resumed', resumeNode, 'it goes on where it was'],
] as const;

/** `node` starts, stops and pauses one node. */
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
      .action(
        handled(async ({ stateDir }: CommandContext, _options: object, target: string) => {
          await action({ stateDir, node: target });
          return result({ node: target, is: done }, [`${target} is ${done}.`]);
        }),
      );
  }
}
