// SPDX-License-Identifier: Apache-2.0

import { encode, escrowIdOf, escrowPageCodec, type EscrowNote } from '@gridpeg/protocol';
import { charging, city, energy, laneIdBetween, txIdNamed } from '@gridpeg/protocol/testing';
import { pino } from 'pino';
import { connectionTo, FakePeer } from '../../client/testing/fake-peer';
import { ChainView } from './chain-view';

const laneId = laneIdBetween(city, charging);
const label = { home: city, path: [] };

describe('escrow for a batch', () => {
  const closers: Array<() => void> = [];
  afterEach(() => {
    for (const close of closers.splice(0).reverse()) close();
  });

  /**
   * A chain whose lane has pages of a hundred notes of ten, without end. @returns with it, the bookmarks that were
   * asked for
   */
  const withoutEnd = async (): Promise<readonly [ChainView, string[]]> => {
    const asked: string[] = [];
    const peer = await FakePeer.start({
      query: (_, argument) => {
        const { bookmark } = JSON.parse(argument) as { readonly bookmark: string };
        asked.push(bookmark);
        const page = Number(bookmark);
        const entries = Array.from({ length: 100 }, (_each, index): EscrowNote => {
          const id = escrowIdOf(txIdNamed(page.toString()), index);
          return { version: 1, id, laneId, asset: energy, label, quantity: 10n };
        });
        return encode(escrowPageCodec, { entries, bookmark: (page + 1).toString() });
      },
    });
    const chain = new ChainView(
      { ...connectionTo([peer.endpoint()]), name: 'city', chainId: city },
      pino({ level: 'silent' }),
    );
    closers.push(
      () => peer.stop(),
      () => chain.close(),
    );
    return [chain, asked];
  };

  test.each([
    ['nothing', [], [], 0],
    ['ten in two parts', [4n, 6n], [''], 1],
    ['as much as a page holds', [1_000n], [''], 100],
    ['more than a page holds', [999n, 2n], ['', '1'], 101],
  ])('for %s takes no more pages than that', async (_what, quantities, pages, parts) => {
    const [chain, asked] = await withoutEnd();
    const need = { laneId, quantities: quantities.map((quantity) => ({ asset: energy, label, quantity })) };
    expect(await chain.withEscrow(need, (ids) => Promise.resolve(ids.length))).toBe(parts);
    expect(asked).toEqual(pages);
  });

  test('reads on where what it would name is in use already', async () => {
    const [chain, asked] = await withoutEnd();
    const need = { laneId, quantities: [{ asset: energy, label, quantity: 1_000n }] };
    const both = await chain.withEscrow(need, async (first) => {
      const second = await chain.withEscrow(need, (ids) => Promise.resolve(ids));
      return [...first, ...second];
    });
    expect(new Set(both).size).toBe(200);
    expect(asked).toEqual(['', '', '1']);
  });
});
