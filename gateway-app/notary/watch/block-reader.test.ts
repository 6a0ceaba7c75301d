// SPDX-License-Identifier: Apache-2.0

import { setTimeout as sleep } from 'node:timers/promises';
import { type BlockCalls, PegError } from '../../client';
import { BlockReader } from './block-reader';

describe('a reader of blocks', () => {
  const stopped: Array<() => Promise<void>> = [];
  let isOver = false;
  beforeEach(() => {
    isOver = false;
  });
  afterEach(async () => {
    isOver = true;
    for (const stop of stopped.splice(0)) await stop();
  });
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isOver && !isSo()) await sleep(5);
  };

  /** A chain whose blocks are numbered, and what a reader makes of it. */
  const readerOf = (startBlock: bigint, height: bigint, damaged: (number: bigint) => boolean) => {
    const chain = { height, damaged, opened: 0, fetches: 0, failure: undefined as PegError | undefined };
    const read: bigint[] = [];
    const passedOver: string[] = [];
    const block = (number: bigint): BlockCalls => {
      if (chain.failure !== undefined) throw chain.failure;
      if (chain.damaged(number)) throw new Error('cannot be read');
      return { number, calls: [] };
    };
    const connection = {
      height: () => Promise.resolve(chain.height),
      async *callsBetween(from: bigint, to: bigint) {
        chain.fetches += 1;
        for (let number = from; number < to; number += 1n) yield await Promise.resolve(block(number));
      },
      blockCalls: (from: bigint) => {
        chain.opened += 1;
        let isClosed = false;
        const close = (): void => void (isClosed = true);
        return Promise.resolve({
          ...{ close, [Symbol.dispose]: close },
          async *[Symbol.asyncIterator]() {
            for (let number = from; !isClosed;) {
              if (number >= chain.height) await sleep(5);
              else {
                yield block(number);
                number += 1n;
              }
            }
          },
        });
      },
    };
    const reader = new BlockReader({
      ...{ connection, startBlock, refetchMs: 5 },
      onBlock: ({ number }) => read.push(number),
      onPassedOver: ({ code, details }) => passedOver.push(`${code} ${String(details['block'])}`),
    });
    const stop = new AbortController();
    const ended = reader.run(stop.signal);
    stopped.push(async () => {
      stop.abort();
      await ended;
    });
    return { chain, reader, read, passedOver };
  };

  test('reads each block once, from the first one asked for on', async () => {
    const { chain, reader, read } = readerOf(2n, 4n, () => false);
    await until(() => read.length === 2);
    chain.height = 6n;
    await until(() => read.length === 4);
    expect([read, reader.firstUnread]).toEqual([[2n, 3n, 4n, 5n], 6n]);
  });

  test('T49: goes on behind a block that does not come, and reads it when it comes', async () => {
    const { chain, reader, read, passedOver } = readerOf(0n, 4n, (number) => number === 1n);
    await until(() => read.includes(3n));
    expect([read, reader.firstUnread, passedOver]).toEqual([[0n, 2n, 3n], 1n, ['BLOCK_UNREADABLE 1']]);
    chain.damaged = () => false;
    await until(() => read.length === 4);
    expect([read, reader.firstUnread]).toEqual([[0n, 2n, 3n, 1n], 4n]);
  });

  test('T49: finds the blocks that a peer has behind very many that it lacks, with few questions', async () => {
    const { chain, reader, read, passedOver } = readerOf(0n, 1_000n, (number) => number < 600n);
    await until(() => read.includes(999n) && read.includes(600n));
    expect([Math.min(...read.map(Number)), reader.firstUnread]).toEqual([600, 0n]);
    expect([new Set(read).size, read.length, passedOver.length < 12]).toEqual([400, 400, true]);
    expect(chain.opened).toBeLessThan(40);
    chain.damaged = () => false;
    await until(() => read.length === 1_000);
    expect([new Set(read).size, reader.firstUnread]).toEqual([1_000, 1_000n]);
  }, 60_000);

  test('T49: passes nothing over while no peer answers, or the chain has nothing more', async () => {
    const { chain, reader, read, passedOver } = readerOf(0n, 1n, () => true);
    chain.failure = new PegError({ code: 'PEER_UNAVAILABLE' });
    await until(() => chain.opened > 5);
    expect([passedOver, reader.firstUnread]).toEqual([[], 0n]);
    chain.failure = undefined;
    chain.damaged = () => false;
    await until(() => read.length === 1);
    expect(reader.firstUnread).toBe(1n);
  }, 30_000);
});
