// SPDX-License-Identifier: Apache-2.0

import { mspOf, type Account, type MspId, type Refusal } from '@gridpeg/protocol';

/**
 * Why an account cannot hold value on a chain. Only accounts of member organizations could ever spend it.
 *
 * @param members - organizations of the chain on which the value is to lie
 * @returns undefined when the account can exist; only its organization knows whether it does
 * @see docs/spec/02-notes.md
 */
export function recipientRefusal(recipient: Account, members: readonly MspId[]): Refusal | undefined {
  return members.includes(mspOf(recipient)) ? undefined : { code: 'RECIPIENT_UNKNOWN', recipient };
}
