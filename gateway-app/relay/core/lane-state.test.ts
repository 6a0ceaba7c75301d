// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import {
  laneIdShape,
  packetIdShape,
  txIdShape,
  type InFlight,
  type PacketId,
  type ReceiptEntry,
  type TxId,
} from '@gridpeg/protocol';
import { LanePicture, type LaneNews } from './lane-state';

const hex = (name: string): string => createHash('sha256').update(name).digest('hex');
const tx = (name: string): TxId => txIdShape.read(hex(name), 'txId');
const packet = (name: string): PacketId => packetIdShape.read(hex(name), 'packetId');
const laneId = laneIdShape.read('city-microgrid', 'laneId');
const inFlight = (name: string): InFlight => {
  return { version: 1, packetId: packet(name), laneId, txId: tx(`${name} sent`), index: 0 };
};
const receipt = (name: string): ReceiptEntry => ({
  ...{ version: 1, packetId: packet(name), packetHash: hex(name), laneId, outcome: 'received', code: '' },
  txId: tx(`${name} received`),
});
const news = (name: string, what: Partial<LaneNews>): LaneNews => {
  return { txId: tx(name), sent: [], answered: [], settled: [], ...what };
};
const sent = (name: string): LaneNews => news(`${name} sent`, { sent: [packet(name)] });
const answered = (name: string): LaneNews => news(`${name} received`, { answered: [packet(name)] });
const settled = (name: string): LaneNews => news(`${name} settled`, { settled: [packet(name)] });

const startMs = 100_000;
const laterMs = startMs + 60_000;

function heard(...all: readonly LaneNews[]): LanePicture {
  const picture = new LanePicture();
  for (const one of all) picture.hear(one, startMs);
  return picture;
}
const names = (picture: LanePicture): readonly PacketId[] => picture.packets(laterMs).map(({ packetId }) => packetId);

describe('what a relay takes to be in flight', () => {
  test('news and a look at the ledgers say the same of a packet', () => {
    const looked = new LanePicture();
    looked.look([inFlight('a')], [receipt('a')], startMs, startMs);
    const expected = [
      { packetId: packet('a'), txId: tx('a sent'), ageMs: 60_000, receipt: { txId: tx('a received'), ageMs: 60_000 } },
    ];
    expect(looked.packets(laterMs)).toEqual(expected);
    expect(heard(sent('a'), answered('a')).packets(laterMs)).toEqual(expected);
  });

  test('T34: a turn takes the oldest thousand of a backlog, and costs no more for a longer one', () => {
    const many = (from: number, to: number): readonly string[] =>
      Array.from({ length: to - from }, (_, index) => (from + index).toString());
    const ids = (names: readonly string[]): readonly PacketId[] => names.map(packet);
    // The look sees them in another order than they were heard of.
    const picture = heard(...many(0, 2_500).map(sent), ...many(0, 1_200).map(answered));
    for (const name of many(2_500, 5_000)) picture.hear(sent(name), startMs + 1);
    const listed = [...many(0, 5_000)].reverse();
    picture.look(listed.map(inFlight), many(0, 1_200).map(receipt), laterMs, laterMs);
    const given = picture.packets(laterMs);
    const settle = given.filter((seen) => seen.receipt !== undefined);
    const deliver = given.filter((seen) => seen.receipt === undefined);
    expect([settle.length, deliver.length]).toEqual([1_000, 1_000]);
    const oldest = new Set(ids(many(0, 2_500)));
    expect(given.every(({ packetId }) => oldest.has(packetId))).toBe(true);
    expect(picture.count).toBe(5_000);
  });

  test('T21: packets that there is nothing to do for now keep none that come later out', () => {
    const names = Array.from({ length: 1_500 }, (_, index) => index.toString());
    const picture = heard(...names.map(sent));
    const closed = new Set<TxId>(names.slice(0, 1_400).map((name) => tx(`${name} sent`)));
    const given = picture.packets(laterMs, (txId) => closed.has(txId));
    const open = given.filter(({ txId }) => !closed.has(txId));
    expect(open.map(({ packetId }) => packetId)).toEqual(names.slice(1_400).map(packet));
  });

  test('knows the transactions of all that is in flight', () => {
    const picture = heard(sent('a'), answered('a'), sent('b'));
    expect(picture.txIds()).toEqual(new Set([tx('a sent'), tx('a received'), tx('b sent')]));
  });

  test('the age of a packet and of its receipt counts from the first sight of it', () => {
    const picture = heard(sent('a'), answered('a'));
    picture.hear(sent('a'), startMs + 1_000);
    picture.hear(answered('a'), startMs + 1_000);
    picture.look([inFlight('a')], [receipt('a')], laterMs, laterMs);
    expect(picture.packets(laterMs)).toMatchObject([{ ageMs: 60_000, receipt: { ageMs: 60_000 } }]);
  });

  test('a settled packet is gone, also when its sending is heard of late', () => {
    const picture = heard(sent('a'), settled('a'), sent('a'));
    expect(picture.count).toBe(0);
    expect(picture.hear(answered('a'), startMs)).toBe(true);
  });

  test('an answer to an unknown packet asks for a look', () => {
    expect(new LanePicture().hear(answered('a'), startMs)).toBe(false);
    expect(heard(sent('a')).hear(answered('a'), startMs)).toBe(true);
  });

  test('a look drops what the ledgers do not have, and brings what was missed', () => {
    const picture = heard(sent('gone'), sent('there'), answered('there'));
    picture.look([inFlight('there'), inFlight('missed')], [], laterMs, laterMs);
    expect(names(picture)).toEqual([packet('there'), packet('missed')]);
    expect(picture.packets(laterMs).map((seen) => seen.receipt)).toEqual([undefined, undefined]);
  });

  test('what was heard while the ledgers were asked, or just before, outweighs their answer', () => {
    const picture = heard(sent('old'), sent('done'), sent('answered'));
    const beganMs = startMs + 10_000;
    picture.hear(sent('new'), beganMs - 1_000);
    picture.hear(settled('done'), beganMs - 1_000);
    picture.hear(answered('answered'), beganMs + 50);
    picture.look([inFlight('done'), inFlight('answered')], [], beganMs, beganMs + 100);
    expect(new Set(names(picture))).toEqual(new Set([packet('new'), packet('answered')]));
    expect(picture.packets(laterMs).find(({ packetId }) => packetId === packet('answered'))?.receipt?.txId).toBe(
      tx('answered received'),
    );
  });

  test('what was settled is forgotten after a while also when no look succeeds', () => {
    const picture = heard(settled('a'), settled('b'));
    picture.hear(settled('c'), startMs + 30_000);
    picture.hear(sent('a'), startMs + 30_000);
    picture.hear(sent('c'), startMs + 30_000);
    expect(names(picture)).toEqual([packet('a')]);
  });

  test('a packet that was wrongly said to be settled comes back with a later look', () => {
    const picture = heard(sent('a'), settled('a'));
    picture.look([inFlight('a')], [], startMs + 1_000, startMs + 1_000);
    expect(picture.count).toBe(0);
    picture.look([inFlight('a')], [], startMs + 3_000, startMs + 3_000);
    expect(names(picture)).toEqual([packet('a')]);
  });

  test('the ledger is believed about who received a packet', () => {
    const picture = heard(sent('a'), news('other', { answered: [packet('a')] }));
    picture.look([inFlight('a')], [receipt('a')], startMs, startMs);
    expect(picture.packets(startMs)[0]?.receipt?.txId).toBe(tx('a received'));
  });
});
