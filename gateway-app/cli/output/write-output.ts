// SPDX-License-Identifier: Apache-2.0

import { writeFileSync } from 'node:fs';
import { JsonText, result, type CommandResult } from '../context/command-result';

/**
 * Returns a text as the result of a command, or writes it to the file of `--output` and returns where it is.
 *
 * @param text - JSON; whoever reads it may take no other spelling
 * @param about - what the text is: for programs, and in words
 */
export function writeOutput(
  text: string,
  output: string | undefined,
  about: { readonly facts: object; readonly message: (file: string) => string },
): CommandResult {
  if (output === undefined) return result(new JsonText(text), [text]);
  writeFileSync(output, `${text}\n`);
  return result({ file: output, ...about.facts }, [`${output}: ${about.message(output)}`]);
}
