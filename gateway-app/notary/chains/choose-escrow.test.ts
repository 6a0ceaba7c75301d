// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import {
  assetIdCodec,
  chainIdCodec,
  escrowIdOf,
  laneIdCodec,
  txIdCodec,
  type EscrowNote,
  type Label,
} from '@gridpeg/protocol';
import fc from 'fast-check';
import { EscrowReading, type EscrowChoice, type EscrowNeed } from './choose-escrow';

const laneId = laneIdCodec.decode('city-charging', 'laneId');
const asset = assetIdCodec.decode('city/energy', 'asset');
const label: Label = { home: chainIdCodec.decode(`city-${'0'.repeat(64)}`, 'home'), path: [] };
const tx = txIdCodec.decode(createHash('sha256').update('tx').digest('hex'), 'txId');

const notes = (...quantities: readonly bigint[]): readonly EscrowNote[] =>
  quantities.map((quantity, index) => ({ version: 1, id: escrowIdOf(tx, index), laneId, asset, label, quantity }));
const need = (...quantities: readonly bigint[]): EscrowNeed => ({
  laneId,
  quantities: quantities.map((quantity) => ({ asset, label, quantity })),
});

/** What is named when everything has been read. */
function chooseEscrow(wanted: EscrowNeed, free: readonly EscrowNote[]): EscrowChoice {
  const reading = new EscrowReading(wanted);
  for (let from = 0; from < free.length; from += 1000) reading.add(free.slice(from, from + 1000));
  return reading.choose();
}

describe('naming escrow notes', () => {
  test('takes the smallest single note that is enough', () => {
    expect(chooseEscrow(need(40n, 20n), notes(500n, 70n, 90n, 10n))).toEqual({
      escrowIds: [escrowIdOf(tx, 1)],
      enough: true,
      merge: [],
    });
  });

  test('takes large notes first when no single one is enough, and a fitting one for the rest', () => {
    expect(chooseEscrow(need(150n), notes(100n, 20n, 60n))).toEqual({
      escrowIds: [escrowIdOf(tx, 0), escrowIdOf(tx, 2)],
      enough: true,
      merge: [],
    });
  });

  test('names all there is when it is too little, and says so', () => {
    expect(chooseEscrow(need(200n), notes(100n, 20n))).toEqual({
      escrowIds: [escrowIdOf(tx, 0), escrowIdOf(tx, 1)],
      enough: false,
      merge: [],
    });
  });

  test('T46: names parts of one class to merge when there is enough in more than two hundred', () => {
    const ones = notes(...Array.from({ length: 300 }, () => 1n));
    const first = chooseEscrow(need(300n), ones);
    expect([first.enough, first.merge.length, new Set(first.merge).size]).toEqual([false, 200, 200]);
    const left = ones.filter(({ id }) => !first.merge.includes(id));
    const merged = { ...left[0]!, id: escrowIdOf(tx, 300), quantity: 200n };
    expect(chooseEscrow(need(300n), [...left, merged])).toMatchObject({ enough: true, merge: [] });
    expect(chooseEscrow(need(301n), ones)).toMatchObject({ enough: false, merge: [] });
    expect(chooseEscrow(need(200n), ones)).toMatchObject({ enough: true, merge: [] });
  });

  test('T46: looks at each of very many small notes a few times, however many there are', () => {
    const looksAt = (count: number): number => {
      let looks = 0;
      const quantity = {
        get: () => {
          looks += 1;
          return 1n;
        },
      };
      const reading = new EscrowReading(need(1_000_000n));
      for (let page = 0; page < count / 1000; page += 1) {
        const [note] = notes(1n);
        const dust = Array.from({ length: 1000 }, (_, index) => ({
          ...note!,
          id: escrowIdOf(tx, page * 1000 + index),
        }));
        reading.add(dust.map((each) => Object.defineProperty(each, 'quantity', quantity)));
        expect(reading.choose()).toMatchObject({ enough: false, merge: [] });
      }
      expect(reading.choose().escrowIds).toHaveLength(200);
      return looks;
    };
    // Not even by a tenth more than twice as much for twice as many.
    expect(looksAt(8_000) / looksAt(4_000)).toBeLessThan(2.2);
  });

  test('names nothing that a transaction under way uses, whenever it began to use it', () => {
    const used = new Set([escrowIdOf(tx, 0)]);
    const reading = new EscrowReading(need(50n), (id) => !used.has(id));
    reading.add(notes(100n, 60n, 70n));
    expect(reading.choose()).toMatchObject({ escrowIds: [escrowIdOf(tx, 1)], enough: true });
    used.add(escrowIdOf(tx, 1));
    expect(reading.choose()).toMatchObject({ escrowIds: [escrowIdOf(tx, 2)], enough: true });
    used.add(escrowIdOf(tx, 2));
    expect([reading.choose(), reading.foundReserved]).toEqual([{ escrowIds: [], enough: false, merge: [] }, true]);
  });

  test('PEG-6: takes no note of another class', () => {
    const other = { ...label, path: [laneIdCodec.decode('microgrid-city', 'laneId')] };
    const [note] = notes(100n);
    expect(chooseEscrow(need(50n), [{ ...note!, label: other }])).toEqual({ escrowIds: [], enough: false, merge: [] });
  });

  test('covers the need with notes each named once, whenever the sum allows and two hundred notes suffice', () => {
    const amount = fc.bigInt({ min: 1n, max: 1_000n });
    fc.assert(
      fc.property(
        fc.array(amount, { maxLength: 60 }),
        fc.array(amount, { minLength: 1, maxLength: 20 }),
        (have, want) => {
          const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
          const { escrowIds, enough } = chooseEscrow(need(...want), notes(...have));
          const named = notes(...have).filter(({ id }) => escrowIds.includes(id));
          expect(named).toHaveLength(escrowIds.length);
          expect(enough).toBe(sum(have) >= sum(want));
          if (enough) expect(sum(named.map(({ quantity }) => quantity))).toBeGreaterThanOrEqual(sum(want));
        },
      ),
    );
  });
});
