// SPDX-License-Identifier: Apache-2.0

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CommandError } from './command-error';
import { readText } from './read-text';

/** Shorter ones are guessed, whatever a guess costs. */
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
 * @param isNew - ask twice, since nobody could tell a slip later
 * @throws CommandError USAGE without a terminal, or when both are not the same or too short
 */
export async function askPassphrase(isNew: boolean): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new CommandError(
      'USAGE',
      'there is no terminal to ask for the passphrase. Name its file with --passphrase-file.',
    );
  }
  const first = await askHidden('Passphrase: ');
  if (!isNew) return first;
  longEnough(first, 'the passphrase');
  if ((await askHidden('The same again: ')) === first) return first;
  throw new CommandError('USAGE', 'the two passphrases are not the same. Try again.');
}

function longEnough(passphrase: string, what: string): string {
  if (passphrase.length >= shortest) return passphrase;
  throw new CommandError('USAGE', `${what} has fewer than ${shortest.toString()} characters. Take a longer one.`);
}

async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
