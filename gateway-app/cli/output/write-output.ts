// SPDX-License-Identifier: Apache-2.0

import { writeFileSync } from 'node:fs';
import { JsonText, result, type CommandResult } from '../context/command-result';

/**
 * Hands out a file: its text is the result, or goes where `--output` says, and the result tells that.
 *
 * @param text - JSON; whoever reads it may take no other spelling
 * @param about - what the text is: for programs, and in words
 */
export function handOut(
  text: string,
  output: string | undefined,
  about: { readonly facts: object; readonly told: (file: string) => string },
): CommandResult {
  if (output === undefined) return result(new JsonText(text), [text]);
  writeFileSync(output, `${text}\n`);
  return result({ file: output, ...about.facts }, [`${output}: ${about.told(output)}`]);
}
