// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { packetIdCodec, txIdCodec } from '@gridpeg/protocol';
import fc from 'fast-check';
import { batchPackets, nextStep, patience, type LaneView, type PacketSeen } from './next-step';

const hex = (name: string): string => createHash('sha256').update(name).digest('hex');
const tx = (name: string): PacketSeen['txId'] => txIdCodec.decode(hex(name), 'txId');

function packets(name: string, count: number, ageMs = 0, receipt?: PacketSeen['receipt']): readonly PacketSeen[] {
  return Array.from({ length: count }, (_, index) => ({
    packetId: packetIdCodec.decode(hex(`${name} ${index}`), 'packetId'),
    ...{ txId: tx(name), ageMs, receipt },
  }));
}

const view: LaneView = {
  packets: [],
  rank: 0,
  takeoverDelayMs: 2_000,
  quietMs: Infinity,
  underWay: new Set(),
  retryInMs: new Map(),
  unbatched: new Set(),
  freeSlots: { deliver: 4, settle: 4 },
  partSlots: { deliver: 2, settle: 1 },
};

describe('the next step of a relay', () => {
  test('is nothing when nothing is in flight', () => {
    expect(nextStep(view)).toEqual({ steps: [], waitMs: undefined });
  });

  test('delivers what has no receipt and settles what has one', () => {
    const receipt = { txId: tx('received'), ageMs: 0 };
    const seen = [...packets('sent', 2), ...packets('answered', 1, 0, receipt)];
    expect(nextStep({ ...view, packets: seen }).steps).toEqual([
      { do: 'deliver', txIds: [tx('sent')] },
      { do: 'settle', txIds: [tx('received')] },
    ]);
  });

  test('puts whole transactions into batches of about fifty packets, oldest first', () => {
    const seen = [...packets('young', 20, 1), ...packets('middle', 30, 2), ...packets('old', 20, 3)];
    expect(nextStep({ ...view, packets: seen }).steps).toEqual([
      { do: 'deliver', txIds: [tx('old'), tx('middle')] },
      { do: 'deliver', txIds: [tx('young')] },
    ]);
  });

  test('sends a transaction with more packets than a batch aims at as a whole', () => {
    expect(nextStep({ ...view, packets: packets('large', 80) }).steps).toEqual([
      { do: 'deliver', txIds: [tx('large')] },
    ]);
  });

  test('leaves a backlog to the relay whose turn it is while the lane moves', () => {
    const seen = packets('waiting', 1, 5_000);
    expect(nextStep({ ...view, rank: 1, packets: seen }).steps).toHaveLength(1);
    expect(nextStep({ ...view, rank: 1, quietMs: 500, packets: seen })).toEqual({ steps: [], waitMs: 1_500 });
    expect(nextStep({ ...view, rank: 1, quietMs: 2_000, packets: seen }).steps).toHaveLength(1);
  });

  test('steps in for a packet that is passed over, however much moves', () => {
    const passedOver = patience * view.takeoverDelayMs;
    const look = (ageMs: number) => nextStep({ ...view, rank: 1, quietMs: 0, packets: packets('waiting', 1, ageMs) });
    expect(look(passedOver - 1)).toEqual({ steps: [], waitMs: 1 });
    expect(look(passedOver).steps).toHaveLength(1);
  });

  test('leaves alone what is under way', () => {
    expect(nextStep({ ...view, packets: packets('sent', 1), underWay: new Set([tx('sent')]) }).steps).toEqual([]);
  });

  test('starts no more steps than there are free slots, by kind', () => {
    const seen = [...packets('a', 50), ...packets('b', 50), ...packets('c', 50)];
    expect(nextStep({ ...view, packets: seen, freeSlots: { deliver: 2, settle: 0 } }).steps).toHaveLength(2);
  });

  test('keeps a batch with room left back while enough are under way, but no full one', () => {
    const seen = [...packets('a', 50, 3), ...packets('b', 30, 2), ...packets('c', 10, 1)];
    const steps = (deliver: number) => nextStep({ ...view, packets: seen, partSlots: { deliver, settle: 1 } }).steps;
    const full = { do: 'deliver', txIds: [tx('a')] };
    expect(steps(2)).toEqual([full, { do: 'deliver', txIds: [tx('b'), tx('c')] }]);
    for (const slots of [1, 0, -1]) expect(steps(slots)).toEqual([full]);
  });

  test('waits as long as a failed transaction is held', () => {
    const held = new Map([[tx('sent'), 700]]);
    expect(nextStep({ ...view, packets: packets('sent', 1), retryInMs: held })).toEqual({ steps: [], waitMs: 700 });
    expect(
      nextStep({ ...view, packets: packets('sent', 1), retryInMs: new Map([[tx('sent'), -1]]) }).steps,
    ).toHaveLength(1);
  });

  test('PEG-9: a transaction that spoilt a batch goes by itself', () => {
    const seen = [...packets('bad', 1, 2), ...packets('good', 1, 1), ...packets('fine', 1)];
    expect(nextStep({ ...view, packets: seen, unbatched: new Set([tx('bad')]) }).steps).toEqual([
      { do: 'deliver', txIds: [tx('good'), tx('fine')] },
      { do: 'deliver', txIds: [tx('bad')] },
    ]);
  });

  test('T32: a relay of rank 2 steps in after two takeover delays, and says when', () => {
    const later = { ...view, rank: 2, packets: packets('sent', 1, 1_500) };
    expect(nextStep(later)).toEqual({ steps: [], waitMs: 2_500 });
    expect(nextStep({ ...later, packets: packets('sent', 1, 4_000) }).steps).toHaveLength(1);
  });

  test('delivers every packet exactly once when nothing fails, whatever there is', () => {
    const many = { deliver: 100, settle: 100 };
    const sizes = fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 40 });
    fc.assert(
      fc.property(sizes, (counts) => {
        const all = counts.flatMap((count, index) => packets(`tx ${index}`, count, index));
        const { steps } = nextStep({ ...view, packets: all, freeSlots: many, partSlots: many });
        const named = steps.flatMap(({ txIds }) => txIds);
        expect(new Set(named).size).toBe(counts.length);
        expect(named).toHaveLength(counts.length);
        for (const { txIds } of steps) {
          const size = all.filter(({ txId }) => txIds.includes(txId)).length;
          expect(size <= batchPackets || txIds.length === 1).toBe(true);
        }
      }),
    );
  });
});
