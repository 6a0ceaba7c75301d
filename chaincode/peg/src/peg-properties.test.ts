// SPDX-License-Identifier: Apache-2.0

import {
  channelOf,
  classOf,
  type EscrowId,
  type LaneId,
  type Note,
  type Packet,
  type PacketBatch,
  type ReceiptBatch,
  type ReceiptEntry,
  type Settled,
  type TxId,
} from '@gridpeg/protocol';
import { alice, energy, laneIdBetween, packetBatchOf, packetWith, txIdNamed } from '@gridpeg/protocol/testing';
import fc from 'fast-check';
import { type MemoryChain, threeChains } from './testing/world';

jest.setTimeout(60_000);

/** One step of a random schedule; numbers choose among what there is at the time. */
type Step = {
  readonly kind: 'send' | 'retire' | 'receive' | 'settle' | 'merge' | 'wait';
  readonly pick: number;
  readonly amount: number;
};
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('send', 'send', 'retire', 'receive', 'receive', 'receive', 'settle', 'settle', 'merge', 'wait'),
  pick: fc.nat(10_000),
  amount: fc.integer({ min: 1, max: 40 }),
});
const total = (parts: readonly { readonly quantity: bigint }[]): bigint =>
  parts.reduce((sum, p) => sum + p.quantity, 0n);

/** Three chains, and every transaction whose packets or receipts a relay may carry, again and again, in any order. */
class Schedule {
  merges = 0;
  readonly #sent: { chain: MemoryChain; laneId: LaneId; txId: TxId }[] = [];
  readonly #answered: { chain: MemoryChain; laneId: LaneId; txId: TxId }[] = [];

  constructor(readonly chains: readonly MemoryChain[]) {}

  async run({ kind, pick, amount }: Step): Promise<void> {
    const chain = this.chains[pick % 3]!;
    if (kind === 'wait') for (const each of this.chains) each.timeMs += BigInt(amount) * 1000n;
    else if (kind === 'receive') await this.#receive(pick, amount);
    else if (kind === 'settle') await this.#settle(pick, amount);
    else if (kind === 'merge') await this.#merge();
    else await this.#spend(chain, kind, pick, BigInt(amount));
  }

  async #spend(chain: MemoryChain, kind: 'send' | 'retire', pick: number, amount: bigint): Promise<void> {
    const notes = await chain.notes();
    const note = notes[pick % Math.max(notes.length, 1)];
    if (note === undefined) return;
    const quantity = amount > note.quantity ? note.quantity : amount;
    const others = this.chains.filter(({ id }) => id !== chain.id);
    const lastLane = note.label.path.at(-1);
    const back = others.find(({ id }) => laneIdBetween(id, chain.id) === lastLane);
    if (kind === 'retire' && back === undefined) return chain.retire(note, quantity);
    const to = kind === 'retire' ? back! : others[pick % 2]!;
    const laneId = laneIdBetween(chain.id, to.id);
    const output = {
      kind: kind === 'retire' ? ('retirement' as const) : ('transfer' as const),
      recipient: alice,
      quantity,
      memo: '',
    };
    const txId = await chain.send([note], laneId, [output], chain.timeMs + 30_000n);
    this.#sent.push({ chain, laneId, txId });
  }

  async #receive(pick: number, amount: number): Promise<void> {
    const chosen = this.#sent[pick % Math.max(this.#sent.length, 1)];
    if (chosen === undefined) return;
    const same = this.#sent.filter(({ laneId }) => laneId === chosen.laneId).map(({ txId }) => txId);
    const txIds = amount % 2 === 0 ? same : [chosen.txId];
    const batch = (await chosen.chain.export('packets', chosen.laneId, txIds)) as PacketBatch;
    const entries = amount % 3 === 0 ? [...batch.entries, ...batch.entries].reverse() : batch.entries;
    const chain = this.chains.find(({ id }) => id === batch.destinationChainId)!;
    const lane = await chain.ledger.lane(batch.laneId);
    const escrowIds = await this.#escrowIds(chain, lane.returnLaneId, amount);
    const { txId } = await chain.receive({ ...batch, entries }, escrowIds);
    const outbox = (await chain.ledger.outbox([txId]).catch(() => undefined))?.get(txId);
    if (outbox === undefined) return;
    if (outbox.receipts.length > 0) this.#answered.push({ chain, laneId: batch.laneId, txId });
    for (const laneId of new Set(outbox.packets.map((packet) => packet.laneId)))
      this.#sent.push({ chain, laneId, txId });
  }

  async #settle(pick: number, amount: number): Promise<void> {
    const chosen = this.#answered[pick % Math.max(this.#answered.length, 1)];
    if (chosen === undefined) return;
    const batch = (await chosen.chain.export('receipts', chosen.laneId, [chosen.txId])) as ReceiptBatch;
    const chain = this.chains.find(({ id }) => id === batch.destinationChainId)!;
    await chain.settle(batch, await this.#escrowIds(chain, batch.laneId, amount));
  }

  /** All escrow of one class, on the first lane that has several. */
  async #merge(): Promise<void> {
    for (const chain of this.chains) {
      for (const { id } of this.chains.filter((other) => other !== chain)) {
        const laneId = laneIdBetween(chain.id, id);
        const escrow = await chain.escrow(laneId);
        const same = escrow.filter((note) => classOf(note) === classOf(escrow[0]!)).map((note) => note.id);
        if (same.length < 2) continue;
        await chain.mergeEscrow(laneId, same);
        this.merges += 1;
        return;
      }
    }
  }

  async #escrowIds(chain: MemoryChain, laneId: LaneId, amount: number): Promise<readonly EscrowId[]> {
    const notes = await chain.escrow(laneId);
    return notes.slice(0, amount % 5 === 0 ? 1 : notes.length).map(({ id }) => id);
  }
}

/** PEG-1: per lane and label escrow is exactly the vouchers behind it and what is under way. */
async function checkLanes(chains: readonly MemoryChain[]): Promise<void> {
  for (const source of chains) {
    for (const destination of chains.filter((chain) => chain !== source)) {
      expect(await laneDifferences(source, destination, chains)).toEqual([]);
    }
  }
}

type Value = Pick<Note, 'asset' | 'label' | 'quantity'>;

async function laneDifferences(
  source: MemoryChain,
  destination: MemoryChain,
  chains: readonly MemoryChain[],
): Promise<readonly [string, bigint][]> {
  const [out, back] = [laneIdBetween(source.id, destination.id), laneIdBetween(destination.id, source.id)];
  const sums = new Map<string, bigint>();
  const add = (values: readonly Value[], sign: bigint): void => {
    for (const value of values) sums.set(classOf(value), (sums.get(classOf(value)) ?? 0n) + sign * value.quantity);
  };
  /** Vouchers that came by this lane, as what they were before. */
  const before = (values: readonly Value[]): Value[] =>
    values
      .filter(({ label }) => label.path.at(-1) === out)
      .map((value) => ({ ...value, label: { ...value.label, path: value.label.path.slice(0, -1) } }));

  add(await source.escrow(out), 1n);
  add(before(await destination.notes()), -1n);
  // What was locked again further on is still behind this lane's escrow.
  for (const { id } of chains.filter((chain) => chain !== destination)) {
    add(before(await destination.escrow(laneIdBetween(destination.id, id))), -1n);
  }
  const outward = await underWay(source, destination, out);
  add(
    outward.filter(({ label }) => label.path.at(-1) !== back),
    -1n,
  );
  add(before(await underWay(destination, source, back)), -1n);
  return [...sums].filter(([, sum]) => sum !== 0n);
}

/** Packets of a lane that are neither received nor refunded: on their way, or on their way back. */
async function underWay(source: MemoryChain, destination: MemoryChain, laneId: LaneId): Promise<readonly Packet[]> {
  const found: Packet[] = [];
  for (const { packets } of source.records('outbox') as {
    packets: { id: Packet['id']; laneId: LaneId; txId: TxId; index: number }[];
  }[]) {
    for (const { id, txId, index, laneId: lane } of packets) {
      if (lane !== laneId) continue;
      const answer = (await destination.ledger.receipts([id])).get(id)?.outcome;
      const settled = (await source.ledger.settled([id])).has(id);
      const packet = (await source.ledger.outbox([txId])).get(txId)?.packets[index];
      if (answer !== 'received' && !settled && packet !== undefined) found.push(packet);
    }
  }
  return found;
}

function checkOutcomes(chains: readonly MemoryChain[]): void {
  const receipts = new Map(chains.flatMap((c) => c.records('receipt') as ReceiptEntry[]).map((r) => [r.packetId, r]));
  for (const { packetId, outcome } of chains.flatMap((c) => c.records('settled') as Settled[])) {
    expect(receipts.get(packetId)?.outcome).toBe(outcome === 'refunded' ? 'refused' : 'received');
  }
}

describe('random schedules of three chains', () => {
  test('PEG-1, PEG-2, PEG-3, PEG-4, T15, T26: escrow is vouchers and packets in flight; nothing is lost', async () => {
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 35 }), async (steps) => {
        const chains = await threeChains();
        const [city] = chains;
        await city.issue(alice, alice, 100n);
        await city.issue(alice, alice, 50n);
        const schedule = new Schedule(chains);
        for (const each of steps) {
          await schedule.run(each);
          await checkLanes(chains);
          checkOutcomes(chains);
        }
        const supply = city.records('supply') as { kind: string; quantity: string }[];
        const retired = supply
          .filter(({ kind }) => kind === 'retired')
          .reduce((sum, s) => sum + BigInt(s.quantity), 0n);
        const held = total((await city.notes()).filter(({ label }) => label.path.length === 0));
        const others = chains.filter((chain) => chain !== city).map(({ id }) => id);
        let locked = 0n;
        for (const id of others) {
          const notes = await city.escrow(laneIdBetween(city.id, id));
          locked += total(notes.filter(({ label }) => label.path.length === 0));
        }
        expect(held + locked + retired).toBe(150n);
        if (schedule.merges > 0) outcomes.add('merged');
        for (const s of chains.flatMap((c) => c.records('settled') as Settled[])) outcomes.add(s.outcome);
        if (retired > 0n) outcomes.add('retired');
      }),
      { numRuns: 20, seed: 7 },
    );
    expect([...outcomes].sort()).toEqual(['delivered', 'merged', 'refunded', 'retired']);
  });
});

describe('T28: a chain that lies', () => {
  test('PEG-6: draws no more than was locked towards it, whatever it claims, and nothing of another lane', async () => {
    const lie = fc.record({
      quantity: fc.bigInt({ min: 1n, max: 200n }),
      retirement: fc.boolean(),
      deep: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(lie, { minLength: 1, maxLength: 12 }), async (lies) => {
        const [city, microgrid, charging] = await threeChains();
        await city.issue(alice, alice, 1000n);
        const lanes = [laneIdBetween(city.id, charging.id), laneIdBetween(city.id, microgrid.id)];
        for (const laneId of lanes) {
          const output = { kind: 'transfer' as const, recipient: alice, quantity: 100n, memo: '' };
          const notes = (await city.notes()).filter(({ label }) => label.path.length === 0).slice(0, 1);
          await city.send(notes, laneId, [output], city.timeMs + 1000n);
        }
        const before = total(await city.notes());
        for (const [index, { quantity, retirement, deep }] of lies.entries()) {
          const path = deep ? [lanes[0]!, lanes[0]!] : [lanes[0]!];
          const packet = packetWith({
            sourceChainId: charging.id,
            destinationChainId: city.id,
            txId: txIdNamed(`lie ${index.toString()}`),
            kind: retirement ? 'retirement' : 'transfer',
            label: { home: city.id, path },
            quantity,
            deadlineMs: retirement ? 0n : city.timeMs + 1n,
          });
          const named = [...(await city.escrow(lanes[0]!)), ...(await city.escrow(lanes[1]!))].map(({ id }) => id);
          await city.receive(packetBatchOf(packet), named);
        }
        expect(total(await city.notes()) - before).toBeLessThanOrEqual(100n);
        expect(total(await city.escrow(lanes[1]!))).toBe(100n);
        expect((await city.notes()).every(({ asset }) => asset === energy && channelOf(city.id) === 'city')).toBe(true);
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});
