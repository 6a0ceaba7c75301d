// SPDX-License-Identifier: Apache-2.0

import { escrowIdOf, type Account, type EscrowNote } from '@gridpeg/protocol';
import {
  accountNamed,
  alice,
  away,
  bob,
  charging,
  city,
  configurationOf,
  energy,
  home,
  laneBetween,
  packetBatchOf,
  packetWith,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import { noChanges } from '../changes';
import { receive, type ReceiveView } from './receive';
import type { Transaction } from '../transaction';

const [out, back] = [laneBetween(city, charging), laneBetween(charging, city)];
const { members } = configurationOf(city);
const now = { txId: txIdNamed('now'), timeMs: 1_700_000_000_000n, caller: bob, members };
const [abroad, atHome]: readonly [Transaction, Transaction] = [
  { ...now, chainId: charging },
  { ...now, chainId: city },
];
const locked: EscrowNote = {
  ...{ version: 1, id: escrowIdOf(txIdNamed('lock'), 0), laneId: out.id, asset: energy, label: home, quantity: 100n },
};
const none = new Map<never, never>();
const nothing = { arrivalLanes: none, laneStatuses: none, receipts: none, insufficient: none, usages: [] };
const minting: ReceiveView = { ...nothing, lane: out, escrow: [] };
const releasing: ReceiveView = { ...nothing, lane: back, escrow: [locked] };
const toCity = { sourceChainId: charging, destinationChainId: city, sender: bob, label: away };

describe('T31: a recipient of no member of this chain is refused, and so refunded', () => {
  const refused = {
    ...noChanges,
    receipts: [expect.objectContaining({ outcome: 'refused', code: 'RECIPIENT_UNKNOWN' })],
  };
  const strangers = ['FooMSP/nobody', 'chargingmsp/bob', 'ChargingMSP2/bob'].map(accountNamed);

  test.each(strangers)('%s', (recipient) => {
    expect(receive(packetBatchOf(packetWith({ recipient })), minting, abroad).changes).toEqual(refused);
    const release = packetBatchOf(packetWith({ ...toCity, recipient }));
    expect(receive(release, releasing, atHome).changes).toEqual(refused);
  });
  test('when the organization has left since it was sent', () => {
    const left = { ...abroad, members: members.filter((member) => !bob.startsWith(`${member}/`)) };
    expect(receive(packetBatchOf(packetWith()), minting, left).changes).toEqual(refused);
  });
  test('but what is retired ends, whoever had it', () => {
    const ended = (sender: Account): unknown =>
      receive(
        packetBatchOf(packetWith({ ...toCity, kind: 'retirement', sender, recipient: sender })),
        releasing,
        atHome,
      ).results;
    for (const sender of [alice, ...strangers]) expect(ended(sender)).toMatchObject([{ result: 'received' }]);
  });
});
