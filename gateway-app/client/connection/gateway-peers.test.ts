// SPDX-License-Identifier: Apache-2.0

import { status } from '@grpc/grpc-js';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChainConnection } from './chain-connection';
import { type PeerEndpoint } from './connection-options';
import { connectionTo, failure, FakePeer, type Failure } from '../testing/fake-peer';

const never = (): Promise<never> => new Promise(() => undefined);
const busy = failure(status.UNKNOWN, 'too many requests for /gateway.Gateway, exceeding concurrency limit (4)');

describe('a connection to several peers', () => {
  const peers: FakePeer[] = [];
  const opened: ChainConnection[] = [];
  afterEach(() => {
    for (const connection of opened.splice(0)) connection.close();
    for (const peer of peers.splice(0)) peer.stop();
  });

  const peer = async (call?: (method: string) => Promise<void>, answer?: string): Promise<FakePeer> => {
    const started = await FakePeer.start({
      ...(call === undefined ? {} : { call }),
      ...(answer === undefined ? {} : { answer }),
    });
    peers.push(started);
    return started;
  };
  const connect = (...[some, deadlines]: Parameters<typeof connectionTo>): ChainConnection => {
    const connection = ChainConnection.connect(connectionTo(some, deadlines));
    opened.push(connection);
    return connection;
  };
  const all = () => peers.map((each) => each.endpoint());

  /** Does four calls at a time, as a peer whose gateway is limited to four. */
  const limited = (): ((method: string) => Promise<void>) => {
    let underWay = 0;
    return async () => {
      if (underWay >= 4) throw busy;
      underWay += 1;
      await sleep(5);
      underWay -= 1;
    };
  };

  test('T34: 64 of 64 callers succeed on peers that do four calls at a time each', async () => {
    for (let count = 0; count < 2; count += 1) await peer(limited());
    const connections = Array.from({ length: 4 }, () => connect(all()));
    const callers = Array.from({ length: 16 }, () => connections).flat();
    const ends = await Promise.allSettled(callers.map((caller) => caller.submit('peg:send', '{}')));
    expect(ends.filter(({ status: end }) => end === 'fulfilled')).toHaveLength(64);
    // Had nobody been turned away, this would show nothing.
    expect(peers.flatMap(({ calls }) => calls).length).toBeGreaterThan(64 * 3);
  });

  test.each<[what: string, answer: Failure]>([
    ['a gateway at its limit', busy],
    ['an endorser at its limit', failure(status.ABORTED, 'rpc error: too many requests for /protos.Endorser')],
    ['exhausted resources', failure(status.RESOURCE_EXHAUSTED, 'no more streams')],
    ['an orderer that takes nothing now', failure(status.UNAVAILABLE, 'status=SERVICE_UNAVAILABLE, info=no leader')],
  ])(
    'T34: %s is no final answer: another peer is asked, and it is said so once the time is up',
    async (_what, answer) => {
      await peer(() => Promise.reject(answer));
      const { calls } = await peer();
      await expect(connect(all()).evaluate('f', '')).resolves.toBe('answer');
      expect(calls).toEqual(['evaluate']);
      const alone = connect([peers[0]!.endpoint()], { operationMs: 2_000 });
      await expect(alone.evaluate('f', '')).rejects.toMatchObject({ code: 'GATEWAY_OVERLOADED', class: 'retry' });
      expect(peers[0]!.calls.length).toBeGreaterThan(2);
    },
  );

  test('that reconnects asks other peers from then on, and lets calls under way end', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((done) => (release = done));
    await peer(() => gate);
    const { calls } = await peer();
    const connection = connect([peers[0]!.endpoint()]);
    const underWay = connection.evaluate('f', '');
    while (peers[0]!.calls.length === 0) await sleep(5);
    connection.reconnect(connectionTo([peers[1]!.endpoint()]));
    await expect(connection.evaluate('f', '')).resolves.toBe('answer');
    expect([calls, peers[0]!.calls]).toEqual([['evaluate'], ['evaluate']]);
    release();
    await expect(underWay).resolves.toBe('answer');
  });

  test('what is too large is not tried again', async () => {
    await peer(() => Promise.reject(failure(status.RESOURCE_EXHAUSTED, 'Received message larger than max')));
    await peer();
    await expect(connect(all()).evaluate('f', '')).rejects.toMatchObject({ code: 'ENDORSEMENT_FAILED' });
    expect(peers.map(({ calls }) => calls.length)).toEqual([1, 0]);
  });

  test('T33: a commit status is waited for while all peers have too much to do', async () => {
    let asked = 0;
    await peer((method) => {
      if (method === 'commitStatus') asked += 1;
      return method === 'commitStatus' && asked < 6 ? Promise.reject(busy) : Promise.resolve();
    });
    await expect(connect(all()).submit('f', '')).resolves.toMatchObject({ blockNumber: 7n });
    expect(peers[0]!.calls.filter((call) => call === 'submit')).toHaveLength(1);
  });

  test.each([
    ['no orderer takes it', 'no orderers could successfully process transaction', 'ORDERER_UNAVAILABLE'],
    ['the peer is gone', 'connection dropped', 'COMMIT_STATUS_UNKNOWN'],
  ])('what was submitted is named by its ids when %s', async (_case, said, code) => {
    const fails = failure(status.UNAVAILABLE, said);
    const isLate = (method: string): boolean => method === 'submit' || method === 'commitStatus';
    const call = (method: string): Promise<void> => (isLate(method) ? Promise.reject(fails) : Promise.resolve());
    await peer(call, '{"packetIds":["p-0","p-1"]}');
    await expect(connect(all()).submit('peg:send', '{}')).rejects.toMatchObject({
      ...{ code, txId: expect.stringMatching(/^[0-9a-f]{64}$/) as string, packetIds: ['p-0', 'p-1'] },
      message: expect.stringMatching(/`gridpeg transaction [0-9a-f]{64}`/) as string,
    });
  });

  test('T34: a silent peer is waited for once, whoever asks, on whatever connection', async () => {
    const silent = await peer(never);
    const well = await peer();
    for (let count = 0; count < 3; count += 1) {
      const connection = connect(all(), { evaluateMs: 700 });
      await connection.evaluate('f', '');
      await connection.submit('f', '');
    }
    expect(silent.calls).toEqual(['evaluate']);
    expect(well.calls.filter((call) => call === 'evaluate')).toHaveLength(3);
  });

  /** Does something with endpoints of which the first accepts connections and says nothing. @returns how many it got */
  const acceptedOf = async (action: (some: readonly PeerEndpoint[]) => Promise<void>): Promise<number> => {
    const accepted: Socket[] = [];
    const mute = createServer((socket) => accepted.push(socket));
    await new Promise<void>((done) => mute.listen(0, '127.0.0.1', done));
    const well = await peer();
    try {
      await action([well.endpoint((mute.address() as AddressInfo).port), well.endpoint()]);
      return accepted.length;
    } finally {
      for (const socket of accepted) socket.destroy();
      mute.close();
    }
  };

  test('T34: a peer that accepts connections and says nothing costs one wait for a connection', async () => {
    const accepted = await acceptedOf(async (some) => {
      for (let count = 0; count < 3; count += 1) {
        const connection = connect(some, { endorseMs: 60_000, operationMs: 120_000 });
        await expect(connection.submit('f', '')).resolves.toMatchObject({ blockNumber: 7n });
      }
    });
    expect(accepted).toBe(1);
  });

  /** Opens a stream, and reads it until the peer ends it. */
  const stream = async (connection: ChainConnection): Promise<number> => {
    let count = 0;
    for await (const event of await connection.chaincodeEvents(1n)) count += event.transactionId.length;
    return count;
  };
  const streamsOn = ({ calls }: FakePeer): number => calls.filter((call) => call === 'chaincodeEvents').length;

  test('T34: streams are opened elsewhere than on a peer that a call has found to be silent', async () => {
    const silent = await peer(never);
    const well = await peer();
    await connect(all(), { evaluateMs: 700 }).evaluate('f', '');
    for (let count = 0; count < 3; count += 1) await stream(connect(all()));
    expect([streamsOn(silent), streamsOn(well)]).toEqual([0, 3]);
  });

  test('T34: a peer that accepts connections and says nothing costs one wait for all streams and calls', async () => {
    const accepted = await acceptedOf(async (some) => {
      for (let count = 0; count < 3; count += 1) await stream(connect(some));
      await connect(some).evaluate('f', '');
      await connect(some).submit('f', '');
    });
    expect(accepted).toBe(1);
    expect(peers.map(streamsOn)).toEqual([3]);
  });

  test('T34: a stream that breaks lets the next streams and calls begin elsewhere', async () => {
    const broken = await FakePeer.start({
      // eslint-disable-next-line require-yield -- it breaks before its first event
      async *events() {
        await Promise.resolve();
        throw failure(status.UNAVAILABLE, 'the peer goes down');
      },
    });
    peers.push(broken);
    const well = await peer();
    await expect(stream(connect(all()))).rejects.toThrow('the peer goes down');
    await stream(connect(all()));
    await connect(all()).evaluate('f', '');
    expect(broken.calls).toEqual(['chaincodeEvents']);
    expect(well.calls).toEqual(['chaincodeEvents', 'evaluate']);
  });

  test('T34: an operation ends when its time is up, however many peers are silent', async () => {
    for (let count = 0; count < 4; count += 1) await peer(never);
    const asking = connect(all(), { evaluateMs: 300, operationMs: 450 }).evaluate('f', '');
    await expect(asking).rejects.toMatchObject({ code: 'PEER_UNAVAILABLE' });
    // Each may take two thirds of the time, so there is none for the third one.
    expect(peers.slice(2).flatMap(({ calls }) => calls)).toEqual([]);
  });

  test('a peer that waits for the endorsements of others in vain is not taken for silent', async () => {
    const waiting = await peer((method) => (method === 'endorse' ? never() : Promise.resolve()));
    await peer();
    const connection = connect(all(), { endorseMs: 700 });
    await connection.submit('f', '');
    await connection.evaluate('f', '');
    expect(waiting.calls).toEqual(['endorse', 'submit', 'commitStatus', 'evaluate']);
  });

  test('T34: an endorsement that nobody wants any more is cancelled on the peer, and asked of no other', async () => {
    const first = await peer(never);
    const second = await peer();
    const unwanted = new AbortController();
    const asking = connect(all()).endorse('f', '', ['GridMSP'], unwanted.signal);
    const ended = expect(asking).rejects.toMatchObject({ code: 'PEER_UNAVAILABLE' });
    while (first.calls.length === 0) await sleep(10);
    unwanted.abort();
    await ended;
    while (first.cancelled === 0) await sleep(10);
    expect(second.calls).toEqual([]);
  });
});
