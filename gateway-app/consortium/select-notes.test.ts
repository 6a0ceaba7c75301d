// SPDX-License-Identifier: Apache-2.0

import {
  accountCodec,
  assetIdCodec,
  chainIdCodec,
  laneIdCodec,
  noteIdOf,
  txIdCodec,
  type Note,
} from '@gridpeg/protocol';
import { namedNotes, selectNotes } from './select-notes';

const asset = assetIdCodec.decode('city/energy', '');
const owner = accountCodec.decode('ChargingMSP/User1@charging.example.com', '');
const home = chainIdCodec.decode(`city-${'0'.repeat(64)}`, '');
const lane = (id: string): ReturnType<typeof laneIdCodec.decode> => laneIdCodec.decode(id, '');
const txId = txIdCodec.decode('a'.repeat(64), '');
const note = (index: number, quantity: bigint, ...path: string[]): Note => ({
  version: 1,
  id: noteIdOf(owner, txId, index),
  owner,
  asset,
  label: { home, path: path.map(lane) },
  quantity,
  memo: '',
});
const quantities = (notes: readonly Note[]): bigint[] => notes.map(({ quantity }) => quantity);

describe('selectNotes', () => {
  test('takes the smallest single note that suffices', () => {
    expect(quantities(selectNotes([note(0, 9n), note(1, 5n), note(2, 7n)], { asset, quantity: 6n }))).toEqual([7n]);
  });

  test('takes the largest notes when none suffices alone', () => {
    expect(quantities(selectNotes([note(0, 2n), note(1, 5n), note(2, 4n)], { asset, quantity: 8n }))).toEqual([5n, 4n]);
  });

  test('does not mix notes that came different ways', () => {
    const notes = [note(0, 5n), note(1, 5n, 'city-charging')];
    expect(() => selectNotes(notes, { asset, quantity: 8n })).toThrow(/there is 5 in 1 notes, 5 in 1 notes/);
  });

  test('prefers value that came by the return lane, then value that came the shortest way', () => {
    const notes = [note(0, 5n, 'city-microgrid', 'microgrid-charging'), note(1, 6n, 'city-charging'), note(2, 7n)];
    expect(quantities(selectNotes(notes, { asset, quantity: 1n }))).toEqual([7n]);
    const cameBy = lane('microgrid-charging');
    expect(quantities(selectNotes(notes, { asset, quantity: 1n, cameBy }))).toEqual([5n]);
  });

  test('takes nothing else when only one way will do', () => {
    const notes = [note(0, 5n), note(1, 6n, 'city-charging')];
    const cameBy = lane('city-charging');
    expect(quantities(selectNotes(notes, { asset, quantity: 1n, cameBy, only: 'came-by' }))).toEqual([6n]);
    expect(quantities(selectNotes(notes, { asset, quantity: 1n, only: 'at-home' }))).toEqual([5n]);
    expect(() => selectNotes(notes, { asset, quantity: 6n, only: 'at-home' })).toThrow(/NOTES|hold 6/);
  });

  test('T46: takes as many parts as it needs, and no more', () => {
    const notes = Array.from({ length: 300 }, (_, index) => note(index, 1n));
    for (const count of [50, 51, 300]) {
      expect(selectNotes(notes, { asset, quantity: BigInt(count) })).toHaveLength(count);
    }
    expect(() => selectNotes(notes, { asset, quantity: 301n })).toThrow(/there is 300 in 300 notes/);
  });

  test('T25: passes over single notes that suffice, in a circle', () => {
    const notes = [note(0, 9n), note(1, 5n), note(2, 7n)];
    const chosen = [0, 1, 2, 3].map((passOver) => quantities(selectNotes(notes, { asset, quantity: 6n, passOver })));
    expect(chosen).toEqual([[7n], [9n], [7n], [9n]]);
  });

  test('says that there is nothing', () => {
    expect(() => selectNotes([], { asset, quantity: 1n })).toThrow(/there is nothing\. Ask for less/);
  });

  test('finds named notes without reading on, and tells which one is unknown', async () => {
    let read = 0;
    const pages = async function* (): AsyncGenerator<readonly Note[], void> {
      for (let page = 0; page < 5; page += 1) {
        read += 1;
        yield await Promise.resolve([note(2 * page, 1n), note(2 * page + 1, 1n)]);
      }
    };
    expect(await namedNotes(pages(), [note(3, 1n).id, note(0, 1n).id])).toEqual([note(3, 1n), note(0, 1n)]);
    expect(read).toBe(2);
    await expect(namedNotes(pages(), ['gone'])).rejects.toThrow('no unspent note gone of this account');
  });
});
