// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import {
  laneIdCodec,
  packetIdCodec,
  txIdCodec,
  type InFlight,
  type PacketId,
  type ReceiptEntry,
  type TxId,
} from '@gridpeg/protocol';
import { LaneState, type LaneChange } from './lane-state';

const hex = (name: string): string => createHash('sha256').update(name).digest('hex');
const tx = (name: string): TxId => txIdCodec.decode(hex(name), 'txId');
const packet = (name: string): PacketId => packetIdCodec.decode(hex(name), 'packetId');
const laneId = laneIdCodec.decode('city-microgrid', 'laneId');
const inFlight = (name: string): InFlight => {
  return { version: 1, packetId: packet(name), laneId, txId: tx(`${name} sent`), index: 0 };
};
const receipt = (name: string): ReceiptEntry => ({
  ...{ version: 1, packetId: packet(name), packetHash: hex(name), laneId, outcome: 'received', code: '' },
  txId: tx(`${name} received`),
});
const change = (name: string, what: Partial<LaneChange>): LaneChange => {
  return { txId: tx(name), sent: [], answered: [], settled: [], ...what };
};
const sent = (name: string): LaneChange => change(`${name} sent`, { sent: [packet(name)] });
const answered = (name: string): LaneChange => change(`${name} received`, { answered: [packet(name)] });
const settled = (name: string): LaneChange => change(`${name} settled`, { settled: [packet(name)] });

const startMs = 100_000;
const laterMs = startMs + 60_000;

function applied(...all: readonly LaneChange[]): LaneState {
  const state = new LaneState();
  for (const one of all) state.apply(one, startMs);
  return state;
}
const names = (state: LaneState): readonly PacketId[] => state.packets(laterMs).map(({ packetId }) => packetId);

describe('what a relay takes to be in flight', () => {
  test('events and a resync say the same of a packet', () => {
    const resynced = new LaneState();
    resynced.resync([inFlight('a')], [receipt('a')], startMs, startMs);
    const expected = [
      { packetId: packet('a'), txId: tx('a sent'), ageMs: 60_000, receipt: { txId: tx('a received'), ageMs: 60_000 } },
    ];
    expect(resynced.packets(laterMs)).toEqual(expected);
    expect(applied(sent('a'), answered('a')).packets(laterMs)).toEqual(expected);
  });

  test('T34: a turn takes the oldest thousand of a backlog, and costs no more for a longer one', () => {
    const many = (from: number, to: number): readonly string[] =>
      Array.from({ length: to - from }, (_, index) => (from + index).toString());
    const ids = (names: readonly string[]): readonly PacketId[] => names.map(packet);
    // The resync lists them in another order than the events did.
    const state = applied(...many(0, 2_500).map(sent), ...many(0, 1_200).map(answered));
    for (const name of many(2_500, 5_000)) state.apply(sent(name), startMs + 1);
    const listed = [...many(0, 5_000)].reverse();
    state.resync(listed.map(inFlight), many(0, 1_200).map(receipt), laterMs, laterMs);
    const given = state.packets(laterMs);
    const settle = given.filter((seen) => seen.receipt !== undefined);
    const deliver = given.filter((seen) => seen.receipt === undefined);
    expect([settle.length, deliver.length]).toEqual([1_000, 1_000]);
    const oldest = new Set(ids(many(0, 2_500)));
    expect(given.every(({ packetId }) => oldest.has(packetId))).toBe(true);
    expect(state.count).toBe(5_000);
  });

  test('T21: packets that there is nothing to do for now keep none that come later out', () => {
    const names = Array.from({ length: 1_500 }, (_, index) => index.toString());
    const state = applied(...names.map(sent));
    const closed = new Set<TxId>(names.slice(0, 1_400).map((name) => tx(`${name} sent`)));
    const given = state.packets(laterMs, (txId) => closed.has(txId));
    const open = given.filter(({ txId }) => !closed.has(txId));
    expect(open.map(({ packetId }) => packetId)).toEqual(names.slice(1_400).map(packet));
  });

  test('knows the transactions of all that is in flight', () => {
    const state = applied(sent('a'), answered('a'), sent('b'));
    expect(state.txIds()).toEqual(new Set([tx('a sent'), tx('a received'), tx('b sent')]));
  });

  test('the age of a packet and of its receipt counts from the first sight of it', () => {
    const state = applied(sent('a'), answered('a'));
    state.apply(sent('a'), startMs + 1_000);
    state.apply(answered('a'), startMs + 1_000);
    state.resync([inFlight('a')], [receipt('a')], laterMs, laterMs);
    expect(state.packets(laterMs)).toMatchObject([{ ageMs: 60_000, receipt: { ageMs: 60_000 } }]);
  });

  test('a settled packet is gone, also when the event of its sending comes late', () => {
    const state = applied(sent('a'), settled('a'), sent('a'));
    expect(state.count).toBe(0);
    expect(state.apply(answered('a'), startMs)).toBe(true);
  });

  test('an answer to an unknown packet asks for a resync', () => {
    expect(new LaneState().apply(answered('a'), startMs)).toBe(false);
    expect(applied(sent('a')).apply(answered('a'), startMs)).toBe(true);
  });

  test('a resync drops what the ledgers do not have, and brings what was missed', () => {
    const state = applied(sent('gone'), sent('there'), answered('there'));
    state.resync([inFlight('there'), inFlight('missed')], [], laterMs, laterMs);
    expect(names(state)).toEqual([packet('there'), packet('missed')]);
    expect(state.packets(laterMs).map((seen) => seen.receipt)).toEqual([undefined, undefined]);
  });

  test('an event while the ledgers are asked, or just before, outweighs their answer', () => {
    const state = applied(sent('old'), sent('done'), sent('answered'));
    const beganMs = startMs + 10_000;
    state.apply(sent('new'), beganMs - 1_000);
    state.apply(settled('done'), beganMs - 1_000);
    state.apply(answered('answered'), beganMs + 50);
    state.resync([inFlight('done'), inFlight('answered')], [], beganMs, beganMs + 100);
    expect(new Set(names(state))).toEqual(new Set([packet('new'), packet('answered')]));
    expect(state.packets(laterMs).find(({ packetId }) => packetId === packet('answered'))?.receipt?.txId).toBe(
      tx('answered received'),
    );
  });

  test('what was settled is forgotten after a while also when no resync succeeds', () => {
    const state = applied(settled('a'), settled('b'));
    state.apply(settled('c'), startMs + 30_000);
    state.apply(sent('a'), startMs + 30_000);
    state.apply(sent('c'), startMs + 30_000);
    expect(names(state)).toEqual([packet('a')]);
  });

  test('a packet that was wrongly said to be settled comes back with a later resync', () => {
    const state = applied(sent('a'), settled('a'));
    state.resync([inFlight('a')], [], startMs + 1_000, startMs + 1_000);
    expect(state.count).toBe(0);
    state.resync([inFlight('a')], [], startMs + 3_000, startMs + 3_000);
    expect(names(state)).toEqual([packet('a')]);
  });

  test('the ledger is believed about who received a packet', () => {
    const state = applied(sent('a'), change('other', { answered: [packet('a')] }));
    state.resync([inFlight('a')], [receipt('a')], startMs, startMs);
    expect(state.packets(startMs)[0]?.receipt?.txId).toBe(tx('a received'));
  });
});
