// SPDX-License-Identifier: Apache-2.0

import { escrowIdOf, noteIdOf, type EscrowNote, type InFlight, type Packet, type Receipt } from '@gridpeg/protocol';
import {
  alice,
  away,
  bob,
  charging,
  city,
  configurationOf,
  energy,
  home,
  laneBetween,
  laneIdBetween,
  microgrid,
  packetWith,
  receiptBatchOf,
  receiptFor,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import fc from 'fast-check';
import { EscrowPool } from './escrow-pool';
import { noChanges } from '../changes';
import { settle, type SettleView } from './settle';
import type { Transaction } from '../transaction';

const out = laneBetween(city, charging);
const packet = packetWith();
const { members } = configurationOf(city);
const now: Transaction = {
  chainId: city,
  txId: txIdNamed('now'),
  timeMs: 1_700_000_700_000n,
  caller: bob,
  members,
};
const inFlightOf = (sent: Packet): SettleView['inFlight'] => {
  const { id: packetId, laneId, txId, index } = sent;
  const entry: InFlight = { version: 1, packetId, laneId, txId, index };
  return new Map([[packetId, { entry, packet: sent }]]);
};
const escrowOf = (index: number, quantity: bigint, changes: Partial<EscrowNote> = {}): EscrowNote => ({
  version: 1,
  id: escrowIdOf(txIdNamed('lock'), index),
  laneId: out.id,
  asset: energy,
  label: home,
  quantity,
  ...changes,
});
const settledWith = (
  receipts: readonly Receipt[],
  changes: Partial<SettleView> = {},
  sent = packet,
): ReturnType<typeof settle> => {
  const view = {
    lane: out,
    inFlight: inFlightOf(sent),
    settled: new Set<typeof sent.id>(),
    escrow: [],
    insufficient: new Map(),
    ...changes,
  };
  return settle(receiptBatchOf(sent, ...receipts), view, now);
};
const codesOf = ({ results }: ReturnType<typeof settle>): string[] =>
  results.map((r) => `${r.result} ${r.code}`.trim());
const received = receiptFor(packet);
const refused = receiptFor(packet, { outcome: 'refused', code: 'DEADLINE_PASSED' });
const escrow = [escrowOf(0, 150n)];
const nothing = {
  spentNotes: [],
  notes: [],
  spentEscrow: [],
  escrow: [],
  supply: [],
  packets: [],
  receipts: [],
  settled: [],
  usages: [],
};

describe('settle', () => {
  test('marks a received packet delivered, and touches no escrow', () => {
    const { changes, results } = settledWith([received], { escrow });
    expect(results).toEqual([{ packetId: packet.id, result: 'delivered', code: '' }]);
    const { id: packetId, laneId, txId, index } = packet;
    const entry = { version: 1, packetId, laneId, txId, index, outcome: 'delivered', code: '', settledTxId: now.txId };
    expect(changes).toEqual({ ...nothing, settled: [entry] });
  });
  test('PEG-3: refunds a refused lock to its sender from the lane’s escrow, the change stays', () => {
    const { changes, results } = settledWith([refused], { escrow });
    expect(results).toEqual([{ packetId: packet.id, result: 'refunded', code: 'DEADLINE_PASSED' }]);
    expect(changes.notes).toEqual([
      {
        version: 1,
        id: noteIdOf(alice, now.txId, 0),
        owner: alice,
        asset: energy,
        label: home,
        quantity: 100n,
        memo: packet.memo,
      },
    ]);
    expect(changes.spentEscrow).toEqual(escrow);
    expect(changes.escrow).toEqual([{ ...escrowOf(0, 50n), id: escrowIdOf(now.txId, 0) }]);
    expect(changes.settled).toMatchObject([{ outcome: 'refunded', code: 'DEADLINE_PASSED' }]);
  });
  test('PEG-3: refunds a refused burn by making the voucher again', () => {
    const burnt = packetWith({ sourceChainId: charging, destinationChainId: city, label: away, sender: bob });
    const lane = laneBetween(charging, city);
    const receipt = receiptFor(burnt, { outcome: 'refused', code: 'DEADLINE_PASSED' });
    const { changes } = settledWith([receipt], { lane }, burnt);
    expect(changes.notes).toMatchObject([{ owner: bob, label: away, quantity: 100n }]);
    expect([changes.spentEscrow, changes.escrow]).toEqual([[], []]);
  });
});

describe('PEG-14: a proven refusal brings home what was locked or burnt', () => {
  const lowered = { ...out, maximumQuantity: 1n, window: { lengthMs: 60_000n, quantity: 4n, shards: 4 } };

  test('T47: whatever the lane allows now, and without counting in its window', () => {
    const { changes, results } = settledWith([refused], { lane: { ...lowered, assets: [] }, escrow });
    expect(results).toMatchObject([{ result: 'refunded' }]);
    expect([changes.notes.map(({ quantity }) => quantity), changes.usages]).toEqual([[100n], []]);
  });
});

describe('T15: a packet is settled once', () => {
  test('one for whose receipt the evidence is not enough is skipped, and nothing is refunded', () => {
    const insufficient = new Map([[packet.id, 'NOTARIES_TOO_FEW' as const]]);
    for (const receipt of [received, refused]) {
      const settled = settledWith([receipt], { insufficient, escrow });
      expect(codesOf(settled)).toEqual(['skipped NOTARIES_TOO_FEW']);
      expect(settled.changes).toEqual(noChanges);
    }
  });
  test('one that is settled is already done, whatever the receipt says now', () => {
    const done = { inFlight: new Map(), settled: new Set([packet.id]), escrow };
    for (const receipt of [received, refused]) {
      expect(codesOf(settledWith([receipt], done))).toEqual(['already-done']);
      expect(settledWith([receipt], done).changes).toEqual(nothing);
    }
  });
  test('two receipts in one batch: the first counts', () => {
    for (const receipts of [
      [received, refused],
      [refused, received],
      [refused, refused],
    ]) {
      const settled = settledWith(receipts, { escrow: [escrowOf(0, 500n)] });
      expect(codesOf(settled)[1]).toBe('already-done');
      expect(settled.changes.settled).toHaveLength(1);
      expect(settled.changes.notes.length).toBeLessThanOrEqual(1);
    }
  });
});

describe('settle skips, and writes nothing for', () => {
  test.each<[string, Receipt, Partial<SettleView>, string]>([
    ['a packet that was never sent', refused, { inFlight: new Map(), escrow }, 'PACKET_UNKNOWN'],
    [
      'T04: the receipt of another content',
      { ...refused, packetHash: 'f'.repeat(64) },
      { escrow },
      'PACKET_INCONSISTENT',
    ],
    [
      'T04: a receipt of another packet',
      { ...receiptFor(packetWith({ index: 1 })), packetId: packet.id },
      { escrow },
      'PACKET_INCONSISTENT',
    ],
    [
      'a receipt of another lane',
      { ...refused, laneId: laneIdBetween(city, microgrid) },
      { escrow },
      'PACKET_INCONSISTENT',
    ],
    ['a packet of another lane', refused, { lane: laneBetween(city, microgrid), escrow }, 'PACKET_INCONSISTENT'],
    ['a refund without escrow named', refused, {}, 'ESCROW_NOT_NAMED'],
    ['a refund with too little escrow named', refused, { escrow: [escrowOf(0, 99n)] }, 'ESCROW_NOT_NAMED'],
    [
      'a refund with escrow of another label',
      refused,
      { escrow: [escrowOf(0, 100n, { label: away })] },
      'ESCROW_NOT_NAMED',
    ],
  ])('%s', (_, receipt, view, code) => {
    const settled = settledWith([receipt], view);
    expect(codesOf(settled)).toEqual([`skipped ${code}`]);
    expect(settled.changes).toEqual(nothing);
  });
  test('a packet of another lane, even when receipt and lane agree', () => {
    const lane = laneBetween(city, microgrid);
    const receipt = { ...refused, laneId: lane.id };
    expect(codesOf(settledWith([receipt], { lane, escrow }))).toEqual(['skipped PACKET_INCONSISTENT']);
  });
  test('T21: a bad receipt never blocks its batch', () => {
    const bad = receiptFor(packetWith({ index: 5 }));
    for (const receipts of [
      [bad, received],
      [received, bad],
    ]) {
      expect(codesOf(settledWith(receipts)).sort()).toEqual(['delivered', 'skipped PACKET_UNKNOWN']);
    }
  });
});

describe('an escrow pool', () => {
  const value = (quantity: bigint, label = home): { asset: typeof energy; label: typeof home; quantity: bigint } => ({
    asset: energy,
    label,
    quantity,
  });

  test('PEG-6: conserves: what is consumed is what was taken and the change, class by class', () => {
    const quantity = fc.bigInt({ min: 1n, max: 50n });
    const notes = fc.array(fc.record({ quantity, isHome: fc.boolean() }), { maxLength: 8 });
    const takes = fc.array(fc.record({ quantity, isHome: fc.boolean() }), { maxLength: 12 });
    fc.assert(
      fc.property(notes, takes, (held, asked) => {
        const named = held.map((note, i) => escrowOf(i, note.quantity, { label: note.isHome ? home : away }));
        const pool = new EscrowPool(named);
        const left = new Map([home, away].map((label) => [label, total(named.filter((n) => n.label === label))]));
        for (const { quantity: q, isHome } of asked) {
          const label = isHome ? home : away;
          const available = left.get(label)!;
          expect(pool.take(value(q, label))).toBe(available >= q);
          if (available >= q) left.set(label, available - q);
        }
        const { spentEscrow, escrow: change } = pool.close(now);
        const untouched = named.filter((note) => !spentEscrow.includes(note));
        for (const label of [home, away]) {
          expect(total([...untouched, ...change].filter((n) => n.label === label))).toBe(left.get(label));
        }
        expect(new Set(change.map(({ id }) => id)).size).toBe(change.length);
        expect(change.every((note) => note.quantity > 0n && note.laneId === out.id)).toBe(true);
      }),
    );
  });
  test('opens no more notes than it needs', () => {
    const pool = new EscrowPool([escrowOf(0, 10n), escrowOf(1, 10n), escrowOf(2, 10n)]);
    expect([pool.take(value(5n)), pool.take(value(10n))]).toEqual([true, true]);
    const { spentEscrow, escrow: change } = pool.close(now);
    expect(spentEscrow.map(({ quantity }) => quantity)).toEqual([10n, 10n]);
    expect(change.map(({ quantity }) => quantity)).toEqual([5n]);
  });
});

function total(notes: readonly { readonly quantity: bigint }[]): bigint {
  return notes.reduce((sum, { quantity }) => sum + quantity, 0n);
}
