// SPDX-License-Identifier: Apache-2.0

import { peer } from '@hyperledger/fabric-protos';
import { grid } from '@gridpeg/protocol/testing';
import { MemoryStub } from '../testing/memory-stub';
import { getStates, rememberCapabilities, writeStates, type ChaincodeMessage, type Write } from './state-messages';

const { ChaincodeMessage: Message, GetStateMultiple, GetStateMultipleResult, WriteBatchState, WriteRecord } = peer;

/** A stub whose peer understands what fabric-protos 0.3 understands, and does with it what Fabric's peer does. */
class BatchingStub extends MemoryStub {
  readonly channel_id = 'city';
  readonly handler = { _askPeerAndListen: (message: ChaincodeMessage) => this.#answer(message) };
  /** Keys in each message of several keys. */
  readonly batches: number[] = [];
  failing = false;

  constructor(offer: Parameters<typeof ready>[0]) {
    super('city', grid.client);
    rememberCapabilities(this.handler, ready(offer));
  }

  async #answer(message: ChaincodeMessage): Promise<Uint8Array> {
    if (!(message instanceof Message)) throw new Error('another class than the shim sends');
    expect([message.getChannelId(), message.getTxid()]).toEqual(['city', this.txId]);
    if (this.failing) throw new Error('the peer says no');
    if (message.getType() === Message.Type.GET_STATE_MULTIPLE) {
      const keys = GetStateMultiple.deserializeBinary(message.getPayload_asU8()).getKeysList();
      const result = new GetStateMultipleResult();
      for (const key of keys) result.addValues(await this.getState(key));
      return this.#batch(keys.length, result.serializeBinary());
    }
    expect(message.getType()).toBe(Message.Type.WRITE_BATCH_STATE);
    const records = WriteBatchState.deserializeBinary(message.getPayload_asU8()).getRecList();
    for (const record of records) await this.#write(record);
    return this.#batch(records.length, Buffer.alloc(0));
  }

  async #write(record: peer.WriteRecord): Promise<void> {
    expect([record.getCollection(), record.getMetadata()]).toEqual(['', undefined]);
    if (record.getType() === WriteRecord.Type.DEL_STATE) await this.deleteState(record.getKey());
    else {
      expect(record.getType()).toBe(WriteRecord.Type.PUT_STATE);
      await this.putState(record.getKey(), record.getValue_asU8());
    }
  }

  #batch(size: number, answer: Uint8Array): Uint8Array {
    this.batches.push(size);
    return answer;
  }
}

function ready(offer: { reads?: number; writes?: number }): ChaincodeMessage {
  const parameters = new peer.ChaincodeAdditionalParams();
  parameters.setUseGetMultipleKeys(offer.reads !== undefined);
  parameters.setMaxSizeGetMultipleKeys(offer.reads ?? 1000);
  parameters.setUseWriteBatch(offer.writes !== undefined);
  parameters.setMaxSizeWriteBatch(offer.writes ?? 1000);
  const message = new Message();
  message.setType(Message.Type.READY);
  message.setPayload(parameters.serializeBinary());
  return message;
}

const keyOf = (number: number): string => `\u0000note\u0000é\u{10ffff}${number.toString()}\u0000`;
const count = 7;
const keys = Array.from({ length: count }, (_, index) => keyOf(index));
const writes: readonly Write[] = [
  ...keys.map((key, index) => ({ key, value: Buffer.from(`{"n":${index.toString()}}`) })),
  { key: keyOf(2) },
  { key: keyOf(3) },
  { key: keyOf(3), value: Buffer.from('last') },
];

/** Writes, commits and reads back; the same whatever the peer offers. */
async function outcome(stub: MemoryStub): Promise<object> {
  await writeStates(stub, writes);
  stub.commit();
  const found = await getStates(stub, [...keys, keyOf(0), keyOf(99)]);
  const text = [...found].map(([key, value]) => [key, Buffer.from(value).toString()]);
  return { found: text, reads: [...stub.reads], state: [...stub.state] };
}

test.each([
  ['all at once', { reads: 1000, writes: 1000 }, [10, 8]],
  ['in parts of what the peer takes', { reads: 3, writes: 4 }, [4, 4, 2, 3, 3, 2]],
  ['the rest of one key by itself', { reads: 7, writes: 9 }, [9, 7]],
  ['reads only', { reads: 1000 }, [8]],
  ['writes only', { writes: 1000 }, [10]],
  ['one key a message', { reads: 1, writes: 1 }, []],
  ['neither (useWriteBatch, useGetMultipleKeys: false)', {}, []],
])('%s: same keys, same values', async (_, offer, batches) => {
  const stub = new BatchingStub(offer);
  expect(await outcome(stub)).toEqual(await outcome(new MemoryStub('city', grid.client)));
  expect(stub.batches).toEqual(batches);
});

test('a peer before Fabric 3.1 sends READY without a payload', async () => {
  const stub = new BatchingStub({ reads: 1000, writes: 1000 });
  rememberCapabilities(stub.handler, new Message());
  await outcome(stub);
  expect(stub.batches).toEqual([]);
});

test("the peer's errors are thrown", async () => {
  const stub = new BatchingStub({ reads: 1000, writes: 1000 });
  stub.failing = true;
  await expect(getStates(stub, keys)).rejects.toThrow('the peer says no');
  await expect(writeStates(stub, writes)).rejects.toThrow('the peer says no');
});
