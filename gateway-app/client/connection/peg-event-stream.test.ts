// SPDX-License-Identifier: Apache-2.0

import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { status } from '@grpc/grpc-js';
import { ChainConnection } from './chain-connection';
import { type PegError } from '../errors/peg-error';
import { PegEventStream } from './peg-event-stream';
import { connectionTo, eventBlock, failure, FakePeer, type FakePeerHandlers } from '../testing/fake-peer';

const txId = (digit: string): string => digit.repeat(64);
const good = JSON.stringify({ version: 1, packets: [], receipts: [], settled: [] });
const never = (): Promise<never> => new Promise(() => undefined);

describe('a stream of events', () => {
  const peers: FakePeer[] = [];
  const skipped: PegError[] = [];
  const open: Array<{ close: () => void }> = [];
  afterEach(() => {
    for (const each of open.splice(0).reverse()) each.close();
    for (const peer of peers.splice(0)) peer.stop();
    skipped.length = 0;
  });

  const peer = async (events: FakePeerHandlers['events']): Promise<FakePeer> => {
    const started = await FakePeer.start(events === undefined ? {} : { events });
    peers.push(started);
    return started;
  };
  const stream = (endpoints = peers.map((each) => each.endpoint()), startBlock?: bigint): PegEventStream => {
    const connection = ChainConnection.connect(connectionTo(endpoints));
    const found = new PegEventStream(connection, startBlock, (error) => skipped.push(error));
    open.push(connection, found);
    return found;
  };
  const first = async (some: PegEventStream, count: number): Promise<readonly string[]> => {
    const seen: string[] = [];
    for await (const { txId: id } of some) {
      seen.push(id);
      if (seen.length === count) break;
    }
    return seen;
  };

  test.each([
    ['no JSON', 'x'],
    ['no event of the peg', '{"kind":"something else"}'],
    ['an event of a later version', good.replace('1', '99')],
    ['nothing', ''],
  ])('T49: passes over an event that holds %s, and says so once', async (_what, payload) => {
    let opened = 0;
    await peer(async function* () {
      opened += 1;
      yield eventBlock(5n, [
        { txId: txId('1'), payload },
        { txId: txId('2'), payload: good },
      ]);
      // The stream breaks and brings the same block again.
      if (opened < 3) return;
      yield eventBlock(6n, [{ txId: txId('3'), payload: good }]);
      await never();
    });
    expect(await first(stream(), 4)).toEqual([txId('2'), txId('2'), txId('2'), txId('3')]);
    expect(skipped).toMatchObject([{ code: 'EVENT_UNREADABLE', details: { txId: txId('1'), block: '5' } }]);
  });

  test('T49: leaves out what another chaincode calls an event of the peg', async () => {
    await peer(async function* () {
      yield eventBlock(5n, [
        { txId: txId('1'), payload: good, chaincode: 'other' },
        { txId: txId('2'), payload: good },
      ]);
      await never();
    });
    expect(await first(stream(), 1)).toEqual([txId('2')]);
    expect(skipped).toEqual([]);
  });

  test('T49: passes over a block that cannot be delivered, and goes on with what comes next', async () => {
    const starts: Array<bigint | undefined> = [];
    await peer(async function* (start) {
      starts.push(start);
      if (start === 5n) throw failure(status.INTERNAL, 'the block cannot be read');
      yield eventBlock(9n, [{ txId: txId('9'), payload: good }]);
      await never();
    });
    expect(await first(stream(undefined, 5n), 1)).toEqual([txId('9')]);
    expect(starts).toEqual([5n, 5n, 5n, undefined]);
    expect(skipped).toMatchObject([{ code: 'EVENT_UNREADABLE', details: { block: '5' } }]);
  });

  test('T49: waits for a peer that is gone for as long as it takes, and loses no block', async () => {
    const starts: Array<bigint | undefined> = [];
    await peer(async function* (start) {
      starts.push(start);
      if (starts.length < 6) throw failure(status.UNAVAILABLE, 'the peer stops');
      yield eventBlock(5n, [{ txId: txId('5'), payload: good }]);
      await never();
    });
    expect(await first(stream(undefined, 5n), 1)).toEqual([txId('5')]);
    expect(new Set(starts)).toEqual(new Set([5n]));
    expect(skipped).toEqual([]);
  });

  test('T33: notices a connection that leads nowhere, and goes on with another peer', async () => {
    const far = await peer(async function* () {
      yield eventBlock(5n, [{ txId: txId('5'), payload: good }]);
      await never();
    });
    await peer(async function* () {
      yield eventBlock(6n, [{ txId: txId('6'), payload: good }]);
      await never();
    });
    const sockets: Socket[] = [];
    const cable = createServer((near) => {
      const onward = connect(far.port, '127.0.0.1');
      sockets.push(near, onward);
      for (const [from, to] of [
        [near, onward],
        [onward, near],
      ] as const) {
        from
          .on('error', () => undefined)
          .on('data', (bytes) => {
            if (!isCut) to.write(bytes);
          });
      }
    });
    let isCut = false;
    await new Promise<void>((done) => cable.listen(0, '127.0.0.1', done));
    open.push({
      close: () => {
        for (const socket of sockets) socket.destroy();
        cable.close();
      },
    });
    const seen: string[] = [];
    for await (const { txId: id } of stream([
      far.endpoint((cable.address() as AddressInfo).port),
      peers[1]!.endpoint(),
    ])) {
      seen.push(id);
      isCut = true;
      if (seen.length === 2) break;
    }
    expect(seen).toEqual([txId('5'), txId('6')]);
  });
});
