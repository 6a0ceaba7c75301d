// SPDX-License-Identifier: Apache-2.0

import { type GridpegError } from '@gridpeg/protocol';
import { reportRefused } from '../../consortium/imported/wallet-folder';
import { type CommandContext } from '../context/command-context';
import { type CommandResult } from '../context/command-result';

/**
 * The result of a command that did what it could: if something was refused, what was done is reported first, and the
 * refusal ends the command.
 *
 * @throws GridpegError the first refusal, the others in it
 */
export function partlyDone(
  context: CommandContext,
  done: CommandResult,
  refused: readonly GridpegError[],
): CommandResult {
  if (refused.length > 0) context.report(done.document, done.lines);
  reportRefused(refused);
  return done;
}
