// SPDX-License-Identifier: Apache-2.0

import { accountCodec, type Account } from '@gridpeg/protocol';
import { CommandError } from '../errors/command-error';
import { type Holder } from '../consortium/consortium';
import { recipientOn } from './recipient-on';

const known = accountCodec.decode('ChargingMSP/User1@charging.example.com', '');
const grid = accountCodec.decode('GridMSP/Admin@grid.example.com', '');
const holders: Readonly<Record<string, Account>> = {
  'ChargingMSP/User1': known,
  [known]: known,
  'GridMSP/Admin': grid,
  [grid]: grid,
};
const network = {
  findHolder: (text: string) => (holders[text] === undefined ? undefined : ({ account: holders[text] } as Holder)),
  recipient: (text: string): Account => {
    if (text.includes('@')) return accountCodec.decode(text, '--recipient');
    throw new CommandError('ACCOUNT_UNKNOWN', text, 'Name another one.');
  },
};
const chain = { members: ['MicrogridMSP', 'ChargingMSP', 'RegulatorMSP'] };
const recipient = (name: string, isConfirmed = false): Promise<Account> =>
  recipientOn(network, chain, { name, confirm: () => isConfirmed });

describe('T31: the recipient of value', () => {
  test.each(['ChargingMSP/User1', known])('is %s, whose keys are here', async (text) => {
    expect(await recipient(text)).toBe(known);
  });
  test.each(['FooMSP/nobody@nowhere', 'chargingmsp/User1@charging.example.com', 'GridMSP/Admin', grid])(
    'is never %s, of no member of the chain, whatever is confirmed',
    async (text) => {
      for (const isConfirmed of [false, true]) {
        await expect(recipient(text, isConfirmed)).rejects.toMatchObject({ code: 'RECIPIENT_UNKNOWN' });
      }
    },
  );
  test('must be confirmed when its organization is a member and nobody here knows the name', async () => {
    const text = 'ChargingMSP/User1@charging.exmaple.com';
    await expect(recipient(text)).rejects.toMatchObject({ code: 'RECIPIENT_UNCONFIRMED' });
    expect(await recipient(text, true)).toBe(text);
  });
  test('is no user without a domain who is not here', async () => {
    await expect(recipient('ChargingMSP/User9', true)).rejects.toMatchObject({ code: 'ACCOUNT_UNKNOWN' });
  });
});
