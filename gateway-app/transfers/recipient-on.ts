// SPDX-License-Identifier: Apache-2.0

import { mspOf, type Account } from '@gridpeg/protocol';
import { PegError } from '../client';
import { CommandError } from '../errors/command-error';
import { type ChainState, type PeggedNetwork } from '../consortium/consortium';

/** Who is to get value. */
export interface Recipient {
  /** A user whose keys are here, as ChargingMSP/User1, or an account in full. */
  readonly name: string;
  /** Asks whether an account is right of which nothing is known here. */
  readonly confirm: (account: Account) => boolean | Promise<boolean>;
}

/**
 * The account that is to get value on a chain: a user whose keys are here, or another account of one of the chain's
 * members. Nobody here knows whether that one exists, so it must be confirmed.
 *
 * @throws PegError RECIPIENT_UNKNOWN when its organization is no member of the chain; CommandError ACCOUNT_UNKNOWN,
 *   RECIPIENT_UNCONFIRMED
 */
export async function recipientOn(
  network: Pick<PeggedNetwork, 'findHolder' | 'recipient'>,
  chain: Pick<ChainState, 'members'>,
  { name, confirm }: Recipient,
): Promise<Account> {
  const known = network.findHolder(name)?.account;
  const account = known ?? network.recipient(name);
  if (!chain.members.includes(mspOf(account))) {
    throw new PegError({
      code: 'RECIPIENT_UNKNOWN',
      details: { recipient: account, members: chain.members.join(', ') },
    });
  }
  if (known !== undefined || (await confirm(account))) return account;
  throw new CommandError(
    'RECIPIENT_UNCONFIRMED',
    `no user ${account} is known here, and nobody could ever spend what an account gets that does not exist`,
    'Correct the name, or give --unknown-recipient if it is right.',
  );
}
