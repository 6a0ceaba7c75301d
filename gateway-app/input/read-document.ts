// SPDX-License-Identifier: Apache-2.0

import { checkNesting } from '@gridpeg/network';
import { readText } from './read-text';

/**
 * The text of a JSON or YAML file that the user named, before anything parses it.
 *
 * @throws CommandError as {@link readText}; NetworkError NESTING_TOO_DEEP
 */
export function readDocument(file: string): string {
  const text = readText(file);
  checkNesting(text, file);
  return text;
}
