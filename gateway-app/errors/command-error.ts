// SPDX-License-Identifier: Apache-2.0

import { GridpegError } from '@gridpeg/protocol';
import { type commandExplanations } from './command-explanations';

/** Codes of the command itself. The network, the peg and the sample day have codes of their own. */
type CommandErrorCode = keyof typeof commandExplanations;

/** Why a command could not do what it was asked for. */
export class CommandError extends GridpegError<CommandErrorCode> {
  override readonly name = 'CommandError';

  /**
   * @param summary - what happened and why, without a full stop
   * @param remedy - what to do about it, in whole sentences
   */
  constructor(code: CommandErrorCode, summary: string, remedy: string) {
    super({ code, summary, remedy });
  }
}
