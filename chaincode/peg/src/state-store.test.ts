// SPDX-License-Identifier: Apache-2.0

import {
  chainRecordCodec,
  laneStatusCodec,
  limits,
  replacementCodec,
  rateLimitUsageCodec,
  type MspId,
  type Codec,
} from '@gridpeg/protocol';
import { away, charging, city, energy, grid, laneIdBetween, txIdNamed } from '@gridpeg/protocol/testing';
import { MemoryStub } from './testing/memory-stub';
import { rememberCapabilities } from './shim/state-messages';
import { StateStore } from './ledger/state-store';

/** A peer that answers reads of several keys without values, as Fabric's does when its database fails. */
class SilentStub extends MemoryStub {
  readonly channel_id = 'city';
  readonly handler = { _askPeerAndListen: () => Promise.resolve(new Uint8Array()) };
}

class Message {
  getType = (): number => 4;
  getPayload_asU8 = (): Uint8Array => Uint8Array.of(0x08, 1, 0x10, 9, 0x18, 1, 0x20, 9);
  setType = (): void => undefined;
  setPayload = (): void => undefined;
  setTxid = (): void => undefined;
  setChannelId = (): void => undefined;
}

test('what the peer does not answer is not taken for absent', async () => {
  const stub = new SilentStub('city', grid.client);
  rememberCapabilities(stub.handler, new Message());
  const store = new StateStore(stub);
  const names = ['a', 'b'];
  const read = store.each(names, (name) => store.get(chainRecordCodec, 'trust', name));
  await expect(read).rejects.toThrow('the peer did not say what trust it has');
});

describe('T08: a record that its own codec would not read back is not stored', () => {
  const [laneId, txId] = [laneIdBetween(city, charging), txIdNamed('store')];
  const [last, beyond] = [2 ** 31 - 1, 2 ** 31];
  type Put = (store: StateStore) => Promise<void>;
  const put =
    <T>(codec: Codec<T>, value: NoInfer<T>): Put =>
    (store) =>
      store.put('key', codec, value);
  const standingAt = (sequence: number): Put =>
    put(laneStatusCodec, { version: 1, laneId, sequence, state: 'paused', txId });
  const replacedAt = (sequence: number): Put => put(replacementCodec, { version: 1, chainId: city, sequence, txId });
  const usageOf = (used: bigint): Put =>
    put(rateLimitUsageCodec, { version: 2, laneId, asset: energy, label: away, shard: 0, startMs: 0n, used });
  const chainOf = (member: string): Put =>
    put(chainRecordCodec, { version: 2, chainId: city, sequence: 1, members: [grid.mspId, member as MspId] });

  test.each<[string, Put, Put]>([
    ['a sequence with no next', standingAt(last), standingAt(beyond)],
    ['a sequence of nothing', replacedAt(1), replacedAt(0)],
    ['a quantity beyond all', usageOf(limits.quantity), usageOf(limits.quantity + 1n)],
    ['a name that is none', chainOf('NewMSP'), chainOf('New MSP')],
  ])('with %s', async (_, readable, unreadable) => {
    const stub = new MemoryStub('city', grid.client);
    const store = new StateStore(stub);
    await expect(unreadable(store)).rejects.toThrow('what would be stored under "key" cannot be read back');
    expect(stub.writes.size).toBe(0);
    await readable(store);
    expect([...stub.writes.keys()]).toEqual(['key']);
  });
});
