// SPDX-License-Identifier: Apache-2.0

import { type Removal } from '@gridpeg/network';
import { createInterface } from 'node:readline/promises';
import { CommandError } from '../../errors/command-error';
import { type CommandContext } from '../context/command-context';

/** What taking a network down removes, as a sentence. */
export function describeRemoval({ stateDir, processes, chains, notaries }: Removal): string {
  const ledgers = chains.length === 0 ? '' : `, the ledgers of ${chains.join(', ')} and all keys`;
  if (chains.length > 0 || notaries.length === 0)
    return `This ends ${count(processes)} and removes ${stateDir}${ledgers}. A snapshot would keep them.`;
  // Nothing makes a snapshot of a network that others run.
  const own = `with the key and the signing history of the notary of ${notaries.join(', ')}: keep a copy of both`;
  return `This ends ${count(processes)} and removes ${stateDir}, ${own}. The network itself runs on.`;
}

/** What taking a network down has removed, as a sentence. */
export function describeRemoved({ stateDir, isFolder }: Removal, ended: number): string {
  if (isFolder) return `Everything is down: ${count(ended)} ended, ${stateDir} removed.`;
  if (ended > 0) return `There was no folder ${stateDir}; ${count(ended)} of its network ended.`;
  return `There was no network in ${stateDir}.`;
}

/**
 * Asks on a terminal whether to continue. Anything but yes ends the command before it does anything.
 *
 * @throws CommandError NOT_CONFIRMED
 */
export async function confirm({ json }: Pick<CommandContext, 'json'>, what: string): Promise<void> {
  if (json || !process.stdin.isTTY || !process.stderr.isTTY) return;
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  const answered = terminal.question(`${what}\nGo on? [y/N] `);
  // The end of the input does not count as a yes.
  const closed = new Promise<string>((resolve) => {
    terminal.once('close', () => {
      resolve('');
    });
  });
  const text = await Promise.race([answered, closed]);
  terminal.close();
  if (/^y(es)?$/i.test(text.trim())) return;
  throw new CommandError('NOT_CONFIRMED', 'nothing was removed', 'Answer with y, or say --yes.');
}

function count(processes: number): string {
  return `${processes.toString()} ${processes === 1 ? 'process' : 'processes'}`;
}
