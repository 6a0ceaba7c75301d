// SPDX-License-Identifier: Apache-2.0

import { type Account, type SendOutput } from '@gridpeg/protocol';

/** A packet that gives value to somebody on the lane's other end. */
export function transfer(recipient: Account, quantity: bigint, memo: string): SendOutput {
  return { kind: 'transfer', recipient, quantity, memo };
}

/** A packet that says at home that value was consumed. */
export function retirement(account: Account, quantity: bigint, memo: string): SendOutput {
  return { kind: 'retirement', recipient: account, quantity, memo };
}
