// SPDX-License-Identifier: Apache-2.0

import { status } from '@grpc/grpc-js';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChainConnection } from './chain-connection';
import { connectionTo, FakePeer, type Failure } from './testing/fake-peer';

const never = (): Promise<never> => new Promise(() => undefined);
const busy: Failure = {
  code: status.UNKNOWN,
  details: 'too many requests for /gateway.Gateway, exceeding concurrency limit (4)',
};

describe('a connection to several peers', () => {
  const peers: FakePeer[] = [];
  const connections: ChainConnection[] = [];
  afterEach(() => {
    for (const connection of connections.splice(0)) connection.close();
    for (const peer of peers.splice(0)) peer.stop();
  });

  const peer = async (call?: (method: string) => Promise<void>): Promise<FakePeer> => {
    const started = await FakePeer.start(call === undefined ? {} : { call });
    peers.push(started);
    return started;
  };
  const connect = (...[some, deadlines]: Parameters<typeof connectionTo>): ChainConnection => {
    const connection = ChainConnection.connect(connectionTo(some, deadlines));
    connections.push(connection);
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
    const callers = Array.from({ length: 64 }, () => connect(all()));
    const ends = await Promise.allSettled(callers.map((caller) => caller.submit('peg:send', '{}')));
    expect(ends.filter(({ status: end }) => end === 'fulfilled')).toHaveLength(64);
    // Had nobody been turned away, this would show nothing.
    expect(peers.flatMap(({ calls }) => calls).length).toBeGreaterThan(64 * 3);
  });

  test.each<[what: string, failure: Failure]>([
    ['a gateway at its limit', busy],
    [
      'an endorser at its limit',
      { code: status.ABORTED, details: 'rpc error: too many requests for /protos.Endorser' },
    ],
    ['exhausted resources', { code: status.RESOURCE_EXHAUSTED, details: 'no more streams' }],
    [
      'an orderer that takes nothing now',
      { code: status.UNAVAILABLE, details: 'status=SERVICE_UNAVAILABLE, info=no leader' },
    ],
  ])(
    'T34: %s is no final answer: another peer is asked, and it is said so once the time is up',
    async (_what, failure) => {
      await peer(() => Promise.reject(failure));
      const { calls } = await peer();
      await expect(connect(all()).evaluate('f', '')).resolves.toBe('answer');
      expect(calls).toEqual(['evaluate']);
      const alone = connect([peers[0]!.endpoint()], { operationMs: 400 });
      await expect(alone.evaluate('f', '')).rejects.toMatchObject({ code: 'GATEWAY_OVERLOADED', class: 'retry' });
      expect(peers[0]!.calls.length).toBeGreaterThan(2);
    },
  );

  test('what is too large is not tried again', async () => {
    await peer(() => Promise.reject({ code: status.RESOURCE_EXHAUSTED, details: 'Received message larger than max' }));
    await peer();
    await expect(connect(all()).evaluate('f', '')).rejects.toMatchObject({ code: 'ENDORSEMENT_FAILED' });
    expect(peers.map(({ calls }) => calls.length)).toEqual([1, 0]);
  });

  test('T33: a commit status is waited for while all peers have too much to do', async () => {
    let asked = 0;
    await peer(async (method) => {
      if (method !== 'commitStatus') return;
      asked += 1;
      if (asked < 6) throw busy;
    });
    await expect(connect(all()).submit('f', '')).resolves.toMatchObject({ blockNumber: 7n });
    expect(peers[0]!.calls.filter((call) => call === 'submit')).toHaveLength(1);
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

  test('T34: an operation ends when its time is up, however many peers are silent', async () => {
    for (let count = 0; count < 4; count += 1) await peer(never);
    const asking = connect(all(), { evaluateMs: 300, operationMs: 450 }).evaluate('f', '');
    await expect(asking).rejects.toMatchObject({ code: 'PEER_UNAVAILABLE' });
    expect(peers.map(({ calls }) => calls.length)).toEqual([1, 1, 0, 0]);
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
