// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { explanations, isPegErrorCode } from '../client';
import { CommandError } from './command-error';
import { contextOf, examples } from './command-line';

/** `explain`: what a code means. */
export function addExplainCommand(program: Command): void {
  program
    .command('explain <code>')
    .description('what a code of the peg means, and what to do')
    .addHelpText('after', examples(['gridpeg explain DEADLINE_PASSED', 'why a transfer came back']))
    .action((code: string, _options: unknown, command: Command) => {
      const { print } = contextOf(command);
      const name = code.toUpperCase();
      if (!isPegErrorCode(name)) {
        throw new CommandError(
          'CODE_UNKNOWN',
          `${code.slice(0, 100)} is no code of the peg. Its message says what to do.`,
        );
      }
      const { what, todo } = explanations[name];
      print(`${name}: ${what}. ${todo}`);
    });
}
