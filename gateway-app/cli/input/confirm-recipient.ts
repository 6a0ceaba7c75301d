// SPDX-License-Identifier: Apache-2.0

import { createInterface } from 'node:readline/promises';
import { type Recipient } from '../../transfers/recipient-on';
import { type CommandContext } from '../context/command-context';

/** Options of commands that give value to an account. */
export interface RecipientOptions {
  readonly recipient: string;
  readonly unknownRecipient?: boolean;
}

/** The recipient that the options name; an unknown one takes the option, or a yes on a terminal. */
export function recipientIn(
  { interactive }: Pick<CommandContext, 'interactive'>,
  { recipient, unknownRecipient = false }: RecipientOptions,
): Recipient {
  return {
    name: recipient,
    confirm: (account) => unknownRecipient || (interactive && process.stdin.isTTY && askOnTerminal(account)),
  };
}

async function askOnTerminal(account: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const risk = `Nobody here knows ${account}. If it does not exist, nobody can ever spend the value.`;
  try {
    return /^y(es)?$/i.test(await terminal.question(`${risk} Go on? [y/N] `));
  } finally {
    terminal.close();
  }
}
