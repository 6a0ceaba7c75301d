// SPDX-License-Identifier: Apache-2.0

import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { ChaincodeResponse, ChaincodeStub } from 'fabric-shim';
import { ChaincodeMessageHandler } from 'fabric-shim/lib/handler.js';
import { getStates, writeStates } from './state-messages';
import { readPeerCapabilities } from './peer-capabilities';

interface Message {
  getType(): number;
  setType(type: number): void;
  setPayload(payload: Uint8Array): void;
  setTxid(txId: string): void;
  setChannelId(channelId: string): void;
}
// The shim's own version, which must be the only one in the process.
const { peer } = createRequire(require.resolve('fabric-shim'))('@hyperledger/fabric-protos') as {
  peer: { ChaincodeMessage: new () => Message };
};

const [registered, ready, transaction, completed, error, response] = [2, 4, 5, 6, 7, 13];

function message(type: number, payload: Uint8Array = new Uint8Array()): Message {
  const made = new peer.ChaincodeMessage();
  made.setType(type);
  made.setPayload(payload);
  made.setTxid('tx');
  made.setChannelId('city');
  return made;
}

/** A peer's end of the stream: answers every message about state, and keeps the types of what it was sent. */
class PeerStream extends EventEmitter {
  readonly types: number[] = [];
  readonly completed = new Promise<void>((resolve) => this.once('completed', resolve));

  constructor(readonly answer: (type: number) => Message) {
    super();
  }

  write(sent: Message): void {
    this.types.push(sent.getType());
    if (sent.getType() === completed) this.emit('completed');
    else if (sent.getType() > error) setImmediate(() => this.emit('data', this.answer(sent.getType())));
  }
}

/** What a transaction sends that reads two keys and writes two, and what comes of it. */
async function converse(offer: Uint8Array, answer: (type: number) => Message): Promise<readonly [number[], string]> {
  let outcome = '';
  const act = async (stub: ChaincodeStub): Promise<void> => {
    const found = await getStates(stub, ['a', 'b']);
    outcome = [...found].map(([key, value]) => `${key}=${Buffer.from(value).toString()}`).join();
    await writeStates(stub, [{ key: 'a', value: Buffer.from('1') }, { key: 'b' }]);
  };
  const Invoke = (stub: ChaincodeStub): Promise<ChaincodeResponse> =>
    act(stub).then(
      () => ({ status: 200, message: '', payload: Buffer.alloc(0) }),
      (reason: unknown) => {
        outcome = String(reason);
        return { status: 500, message: outcome, payload: Buffer.alloc(0) };
      },
    );
  const stream = new PeerStream(answer);
  const Handler = ChaincodeMessageHandler as unknown as new (
    stream: PeerStream,
    chaincode: object,
  ) => {
    chat(first: Message): void;
  };
  new Handler(stream, { Invoke }).chat(message(1));
  for (const each of [message(registered), message(ready, offer), message(transaction)]) stream.emit('data', each);
  await stream.completed;
  return [stream.types, outcome];
}

/** Both, a thousand keys a message. */
const offered = Uint8Array.of(0x08, 1, 0x10, 0xe8, 0x07, 0x18, 1, 0x20, 0xe8, 0x07);
const values = Uint8Array.of(0x0a, 1, 0x78, 0x0a, 0);

describe('with the shim, version 2.5.8', () => {
  beforeAll(readPeerCapabilities);

  test('a peer that offers it is sent several keys at once', async () => {
    const answer = (type: number): Message => message(response, type === 25 ? values : undefined);
    expect(await converse(offered, answer)).toEqual([[1, 25, 24, completed], 'a=x,b=']);
  });

  test('another is sent a message a key', async () => {
    const answer = (type: number): Message => message(response, type === 8 ? Buffer.from('x') : undefined);
    expect(await converse(new Uint8Array(), answer)).toEqual([[1, 8, 8, 9, 10, completed], 'a=x,b=x']);
  });

  test.each([offered, new Uint8Array()])("the peer's error is the transaction's", async (offer) => {
    const [, outcome] = await converse(offer, () => message(error, Buffer.from('no such channel')));
    expect(outcome).toBe('Error: no such channel');
  });
});
