// SPDX-License-Identifier: Apache-2.0

import { chainRecordShape } from '@gridpeg/protocol';
import { grid } from '@gridpeg/protocol/testing';
import { MemoryStub } from './testing/memory-stub';
import { takeOffer } from './ledger/state-messages';
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
  takeOffer(stub.handler, new Message());
  const store = new StateStore(stub);
  const names = ['a', 'b'];
  const read = store.each(names, (name) => store.get(chainRecordShape, 'trust', name));
  await expect(read).rejects.toThrow('the peer did not say what trust it has');
});
