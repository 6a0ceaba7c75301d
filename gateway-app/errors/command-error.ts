// SPDX-License-Identifier: Apache-2.0

import { type commandExplanations } from './command-explanations';

/** Codes of the command itself; those of the network, the peg and the day come with their own errors. */
type CommandErrorCode = keyof typeof commandExplanations;

/** Ends a command. `message` is one line: what happened, why, and what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly code: CommandErrorCode,
    message: string,
  ) {
    super(message);
  }
}
