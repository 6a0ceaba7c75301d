// SPDX-License-Identifier: Apache-2.0

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CommandError } from '../../errors/command-error';
import { readText } from '../../input/read-text';

/** Shorter passphrases can be guessed, however expensive a guess is. */
const shortest = 12;

/**
 * Reads a passphrase from the first line of a file. Never from an argument or the environment, which others can read.
 *
 * @throws CommandError USAGE when it is too short, and what `readText` throws
 */
export function passphraseIn(file: string): string {
  const [line = ''] = readText(file).split(/\r?\n/, 1);
  return longEnough(line, `the first line of ${file}`);
}

/**
 * Asks for a passphrase on a terminal, which does not show it.
 *
 * @param isNew - ask twice, because nobody could notice a typing error later
 * @throws CommandError USAGE without a terminal, or when both are not the same or too short; NOT_CONFIRMED
 */
export async function askPassphrase(isNew: boolean): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new CommandError(
      'USAGE',
      'there is no terminal to ask for the passphrase',
      'Name its file with --passphrase-file.',
    );
  }
  const hidden = hiddenTerminal();
  try {
    const first = await hidden.ask('Passphrase: ');
    if (!isNew) return first;
    longEnough(first, 'the passphrase');
    if ((await hidden.ask('The same again: ')) === first) return first;
  } finally {
    hidden.close();
  }
  throw new CommandError('USAGE', 'the two passphrases are not the same', 'Try again.');
}

function longEnough(passphrase: string, what: string): string {
  if (passphrase.length >= shortest) return passphrase;
  throw new CommandError('USAGE', `${what} has fewer than ${shortest.toString()} characters`, 'Take a longer one.');
}

interface HiddenTerminal {
  /** @throws CommandError NOT_CONFIRMED when nothing is answered: by Ctrl+C, Ctrl+D, or where the input ends */
  readonly ask: (question: string) => Promise<string>;
  readonly close: () => void;
}

/** A terminal that neither shows nor keeps an answer, and loses no line that comes before its question. */
function hiddenTerminal(): HiddenTerminal {
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 });
  const lines = terminal[Symbol.asyncIterator]();
  return {
    ask: async (question) => {
      process.stderr.write(question);
      const line = await lines.next();
      process.stderr.write('\n');
      if (line.done === true) {
        throw new CommandError('NOT_CONFIRMED', 'no passphrase was given, so nothing was done', 'Run it again.');
      }
      return line.value;
    },
    close: () => {
      terminal.close();
    },
  };
}
