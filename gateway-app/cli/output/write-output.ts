// SPDX-License-Identifier: Apache-2.0

import { writeFileSync } from 'node:fs';
import { answer, type CommandContext } from '../context/command-context';

/**
 * Hands out a file: its text is the result, or goes where `--output` says, and the result tells that.
 *
 * @param about - what the text is: for programs, and in words
 */
export function handOut(
  context: CommandContext,
  text: string,
  output: string | undefined,
  about: { readonly facts: object; readonly told: (file: string) => string },
): void {
  if (output === undefined) {
    context.print(text);
    return;
  }
  writeFileSync(output, `${text}\n`);
  answer(context, { file: output, ...about.facts }, [`${output}: ${about.told(output)}`]);
}
