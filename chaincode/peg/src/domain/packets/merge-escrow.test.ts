// SPDX-License-Identifier: Apache-2.0

import { escrowIdOf, limits, type EscrowNote } from '@gridpeg/protocol';
import {
  alice,
  away,
  charging,
  city,
  energy,
  home,
  laneIdBetween,
  refusalOf,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import fc from 'fast-check';
import { noChanges } from '../changes';
import { mergeEscrow } from './merge-escrow';

const laneId = laneIdBetween(city, charging);
const call = { txId: txIdNamed('now'), timeMs: 1_700_000_000_000n, caller: alice };
const escrowOf = (index: number, quantity: bigint, changes: Partial<EscrowNote> = {}): EscrowNote => ({
  version: 1,
  id: escrowIdOf(txIdNamed('lock'), index),
  laneId,
  asset: energy,
  label: home,
  quantity,
  ...changes,
});
const idsOf = (notes: readonly EscrowNote[]): EscrowNote['id'][] => notes.map(({ id }) => id);
const refusalFor = (found: readonly EscrowNote[], named = idsOf(found)): unknown =>
  refusalOf(() => mergeEscrow(found, { laneId, escrowIds: named }, call));

describe('T46: a merge of escrow', () => {
  test('PEG-6: makes one note of all, of the same lane, asset and label, and nothing else', () => {
    const notes = [escrowOf(0, 1n), escrowOf(1, 2n), escrowOf(2, 40n)];
    expect(mergeEscrow(notes, { laneId, escrowIds: idsOf(notes) }, call)).toEqual({
      ...noChanges,
      spentEscrow: notes,
      escrow: [{ ...escrowOf(0, 43n), id: escrowIdOf(call.txId, 0) }],
    });
  });
  test('PEG-1: leaves the sum as it was, whatever the parts', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(1n, 10n ** 15n), { minLength: 2, maxLength: 200 }), (quantities) => {
        const notes = quantities.map((quantity, index) => escrowOf(index, quantity));
        const { escrow } = mergeEscrow(notes, { laneId, escrowIds: idsOf(notes) }, call);
        expect(escrow.map(({ quantity }) => quantity)).toEqual([quantities.reduce((a, b) => a + b)]);
      }),
    );
  });
  test('of what is not there is refused', () => {
    const [there, gone] = [escrowOf(0, 1n), escrowOf(1, 1n)];
    expect(refusalFor([there], idsOf([there, gone]))).toEqual({ code: 'ESCROW_SPENT', escrowId: gone.id });
  });
  test('of one note twice is refused, so that it does not count twice', () => {
    const notes = [escrowOf(0, 1n), escrowOf(1, 1n)];
    const escrowId = escrowOf(0, 1n).id;
    expect(refusalFor(notes, [...idsOf(notes), escrowId])).toEqual({ code: 'ESCROW_REPEATED', escrowId });
  });
  test.each<[string, Partial<EscrowNote>]>([
    ['assets', { asset: 'city/money' as typeof energy }],
    ['labels', { label: away }],
  ])('of two %s is refused', (_, changes) => {
    const other = escrowOf(1, 1n, changes);
    expect(refusalFor([escrowOf(0, 1n), other])).toEqual({ code: 'ESCROW_MIXED', escrowId: other.id });
  });
  test('T26: into more than a note can hold is refused', () => {
    expect(refusalFor([escrowOf(0, limits.quantity), escrowOf(1, 1n)])).toMatchObject({ code: 'QUANTITY_TOO_LARGE' });
  });
});
