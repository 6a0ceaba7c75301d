// SPDX-License-Identifier: Apache-2.0

import { Lexer, Parser } from 'yaml';
import { NetworkError } from './network-error';

/** Topologies nest 7 levels of the parser's, configurations 8. */
const maximumDepth = 64;
const maximumLength = 4 * 1_048_576;

/**
 * Refuses YAML, and so JSON, whose parts lie in each other deeper than any file that anybody needs. Building a document
 * takes many times longer with each level, minutes for some hundred; this reads token by token, and stops at the bound.
 *
 * @param file - the name to show in errors
 * @throws NetworkError NESTING_TOO_DEEP
 */
export function checkNesting(text: string, file: string): void {
  const remedy = 'Name a file of the kind that is asked for.';
  if (text.length > maximumLength) {
    throw new NetworkError('NESTING_TOO_DEEP', `${file} has more than ${String(maximumLength)} characters`, remedy);
  }
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    // The tokens come out once a document is whole; what counts is what is open meanwhile.
    Array.from(parser.next(lexeme));
    if (parser.stack.length > maximumDepth) {
      throw new NetworkError(
        'NESTING_TOO_DEEP',
        `${file} has parts nested more than ${String(maximumDepth)} deep`,
        remedy,
      );
    }
  }
}
