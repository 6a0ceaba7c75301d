// SPDX-License-Identifier: Apache-2.0

import fc from 'fast-check';
import { type Batch, batchRootOf, decodeBatch, encodeBatch, packetHashOf, type PacketBatch } from './batch';
import { hash } from '../codec/hash';
import { limits } from '../codec/identifiers';
import { type Packet } from './records';
import {
  codeOf,
  microgrid,
  packetBatchOf,
  packetBatchFixture,
  packetWith,
  receiptBatchFixture,
  refusalOf,
  refusedFixture,
} from '../testing';

const packets = Array.from({ length: 6 }, (_, index) => packetWith({ index, quantity: BigInt(index + 1) }));
function batchWith(entries: readonly Packet[]): PacketBatch {
  return { ...packetBatchFixture, entries };
}

describe('T20: the batch root', () => {
  test('binds order, count and content: two lists of packets have one root only if they are the same list', () => {
    const some = fc.array(fc.constantFrom(...packets), { minLength: 0, maxLength: 6 });
    fc.assert(
      fc.property(some, some, (a, b) => {
        const same = a.length === b.length && a.every((entry, i) => entry === b[i]);
        expect(batchRootOf(batchWith(a)) === batchRootOf(batchWith(b))).toBe(same);
      }),
      { numRuns: 200 },
    );
  });
  test.each([
    ['reordered', [...packets].reverse()],
    ['with a packet twice', [...packets, packets[0]!]],
    ['truncated', packets.slice(0, -1)],
    ['empty', []],
  ])('of the batch %s is another', (_, entries) => {
    expect(batchRootOf(batchWith(entries))).not.toBe(batchRootOf(batchWith(packets)));
  });
  test('binds lane, ends and kind', () => {
    const batches: Batch[] = [
      packetBatchFixture,
      { ...packetBatchFixture, laneId: packetWith({ destinationChainId: microgrid }).laneId },
      { ...packetBatchFixture, sourceChainId: microgrid },
      { ...packetBatchFixture, destinationChainId: microgrid },
      { ...packetBatchFixture, kind: 'receipts', entries: [] },
      { ...packetBatchFixture, entries: [] },
    ];
    expect(new Set(batches.map(batchRootOf)).size).toBe(batches.length);
  });
  test('has the count inside, so that a list of one hash is no hash of a list', () => {
    const { kind, laneId, sourceChainId, destinationChainId, entries } = packetBatchOf(packets[0]!);
    const ends = [kind, laneId, sourceChainId, destinationChainId];
    const leaf = packetHashOf(entries[0]!);
    expect(batchRootOf(packetBatchOf(packets[0]!))).toBe(hash('gridpeg/v1/batch', ...ends, '1', leaf));
    expect(batchRootOf(packetBatchOf(packets[0]!))).not.toBe(hash('gridpeg/v1/batch', ...ends, leaf));
  });
  test('every field of a packet is in its hash', () => {
    const base = packetWith();
    const changes: Partial<Packet>[] = [
      { index: 1 },
      { laneId: packetWith({ destinationChainId: microgrid }).laneId },
      { sourceChainId: microgrid },
      { destinationChainId: microgrid },
      { txId: packetWith({ index: 1 }).txId, id: packetWith({ index: 1 }).id },
      { kind: 'retirement' },
      { sender: base.recipient },
      { recipient: base.sender },
      { label: { ...base.label, path: [base.laneId] } },
      { quantity: 101n },
      { memo: '' },
      { deadlineMs: 0n },
    ];
    const hashes = [base, ...changes.map((change) => ({ ...base, ...change }))].map(packetHashOf);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('batches', () => {
  test('decode as they were encoded', () => {
    for (const batch of [packetBatchFixture, receiptBatchFixture]) {
      expect(decodeBatch(batch.kind, encodeBatch(batch))).toEqual(batch);
    }
  });
  test('T02: a batch of the other kind is refused', () => {
    expect(codeOf(() => decodeBatch('receipts', encodeBatch(packetBatchFixture)))).toBe('BATCH_MALFORMED');
    expect(codeOf(() => decodeBatch('packets', encodeBatch(receiptBatchFixture)))).toBe('BATCH_MALFORMED');
  });
  test('a malformed entry is named', () => {
    const text = encodeBatch(packetBatchFixture).replace('"quantity":"100"', '"quantity":"0100"');
    expect(refusalOf(() => decodeBatch('packets', text))).toMatchObject({
      code: 'BATCH_MALFORMED',
      field: 'entries[0].quantity',
    });
  });
  test('hold 1 to 100 entries', () => {
    const full = { ...receiptBatchFixture, entries: Array.from({ length: limits.batchEntries }, () => refusedFixture) };
    expect(decodeBatch('receipts', encodeBatch(full)).entries).toHaveLength(100);
    const over = { ...full, entries: [...full.entries, refusedFixture] };
    for (const batch of [over, { ...full, entries: [] }]) {
      expect(codeOf(() => decodeBatch('receipts', encodeBatch(batch)))).toBe('BATCH_MALFORMED');
    }
  });
});
