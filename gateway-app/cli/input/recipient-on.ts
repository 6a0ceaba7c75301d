// SPDX-License-Identifier: Apache-2.0

import { mspOf, type Account } from '@gridpeg/protocol';
import { createInterface } from 'node:readline/promises';
import { PegError } from '../../client';
import { type CommandContext } from '../context/command-context';
import { CommandError } from '../../errors/command-error';
import { type ChainState, type PeggedNetwork } from '../../consortium/consortium';

/** Options of commands that give value to an account. */
export interface RecipientOptions {
  readonly recipient: string;
  readonly unknownRecipient?: boolean;
}

/**
 * The account that is to get value on a chain: a user whose keys are here, or another account of one of the chain's
 * members, written in full. Of that one nobody here knows whether it exists, so it takes the option, or a yes on a
 * terminal.
 *
 * @throws PegError RECIPIENT_UNKNOWN when its organization is no member of the chain; CommandError ACCOUNT_UNKNOWN,
 *   RECIPIENT_UNCONFIRMED
 */
export async function recipientOn(
  context: Pick<CommandContext, 'interactive'>,
  chain: Pick<ChainState, 'members'>,
  network: Pick<PeggedNetwork, 'findHolder' | 'recipient'>,
  { recipient: text, unknownRecipient = false }: RecipientOptions,
  ask: (question: string) => Promise<string> = askOnTerminal,
): Promise<Account> {
  const known = network.findHolder(text)?.account;
  const account = known ?? network.recipient(text);
  if (!chain.members.includes(mspOf(account))) {
    throw new PegError({ code: 'RECIPIENT_UNKNOWN', data: { recipient: account, members: chain.members.join(', ') } });
  }
  if (known !== undefined || unknownRecipient || (await isConfirmed(context, account, ask))) return account;
  throw new CommandError(
    'RECIPIENT_UNCONFIRMED',
    `no user ${account} is known here, and nobody could ever spend what an account gets that does not exist. ` +
      'Correct the name, or give --unknown-recipient if it is right.',
  );
}

async function isConfirmed(
  { interactive }: Pick<CommandContext, 'interactive'>,
  account: Account,
  ask: (question: string) => Promise<string>,
): Promise<boolean> {
  if (!interactive || !process.stdin.isTTY) return false;
  const question = `Nobody here knows ${account}. If it does not exist, nobody can ever spend the value. Go on? [y/N] `;
  return /^y(es)?$/i.test(await ask(question));
}

async function askOnTerminal(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}
