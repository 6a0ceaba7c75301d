// SPDX-License-Identifier: Apache-2.0

import {
  escrowIdOf,
  laneIdCodec,
  noteIdOf,
  packetHashOf,
  packetIdOf,
  type EscrowNote,
  type Label,
  type Packet,
  type PacketBatch,
  type ReceiptEntry,
} from '@gridpeg/protocol';
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
  packetBatchOf,
  packetWith,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import { noChanges } from '../changes';
import { arrivalLaneIds, receive, type ReceiveView } from './receive';
import type { Transaction } from '../transaction';

const out = laneBetween(city, charging);
const back = laneBetween(charging, city);
const abroad: Transaction = {
  ...{ chainId: charging, txId: txIdNamed('now'), timeMs: 1_700_000_000_000n, caller: bob },
  members: configurationOf(charging).members,
};
const atHome: Transaction = { ...abroad, chainId: city };
const viewOf = (changes: Partial<ReceiveView> = {}): ReceiveView => ({
  lane: out,
  arrivalLanes: new Map(),
  laneStatuses: new Map(),
  receipts: new Map(),
  escrow: [],
  ...{ usages: [], insufficient: new Map() },
  ...changes,
});
const escrowOf = (index: number, quantity: bigint, label: Label = home): EscrowNote => ({
  version: 1,
  id: escrowIdOf(txIdNamed('lock'), index),
  laneId: out.id,
  asset: energy,
  label,
  quantity,
});
const toCity = (changes: Partial<Packet> = {}): Packet =>
  packetWith({
    sourceChainId: charging,
    destinationChainId: city,
    sender: bob,
    recipient: alice,
    label: away,
    ...changes,
  });
const receivedAbroad = (packet: Packet, view: Partial<ReceiveView> = {}, at = abroad): ReturnType<typeof receive> =>
  receive(packetBatchOf(packet), viewOf(view), at);
const receivedAtHome = (packet: Packet, view: Partial<ReceiveView> = {}): ReturnType<typeof receive> =>
  receive(packetBatchOf(packet), viewOf({ lane: back, escrow: [escrowOf(0, 100n)], ...view }), atHome);
const codesOf = ({ results }: ReturnType<typeof receive>): string[] =>
  results.map(({ result, code }) => (code === '' ? result : `${result} ${code}`));
describe('receive', () => {
  test('mints a voucher that names the lane it came through, and a receipt (PEG-5)', () => {
    const packet = packetWith();
    const { changes, results } = receivedAbroad(packet);
    expect(results).toEqual([{ packetId: packet.id, result: 'received', code: '' }]);
    expect(changes).toEqual({
      ...noChanges,
      notes: [
        {
          version: 1,
          id: noteIdOf(bob, abroad.txId, 0),
          owner: bob,
          asset: energy,
          label: away,
          quantity: 100n,
          memo: 'session 17',
        },
      ],
      receipts: [
        {
          version: 1,
          packetId: packet.id,
          packetHash: packetHashOf(packet),
          laneId: out.id,
          outcome: 'received',
          code: '',
          txId: abroad.txId,
        },
      ],
      usages: [
        { version: 2, laneId: out.id, asset: energy, label: away, shard: 2, startMs: 1_699_999_200_000n, used: 100n },
      ],
    });
  });
  test('releases escrow of the return lane to the recipient, the change stays (PEG-6)', () => {
    const { changes } = receivedAtHome(toCity({ quantity: 60n }));
    expect(changes.notes).toMatchObject([{ owner: alice, label: home, quantity: 60n }]);
    expect(changes.spentEscrow).toEqual([escrowOf(0, 100n)]);
    expect(changes.escrow).toEqual([{ ...escrowOf(0, 40n), id: escrowIdOf(atHome.txId, 0) }]);
    expect(changes.receipts).toMatchObject([{ outcome: 'received', laneId: back.id }]);
  });
  test('mints a voucher of a voucher, and unwinds it again', () => {
    const onward = laneBetween(charging, microgrid);
    const packet = packetWith({ sourceChainId: charging, destinationChainId: microgrid, label: away });
    const { changes } = receive(packetBatchOf(packet), viewOf({ lane: onward }), { ...abroad, chainId: microgrid });
    const twice = { home: city, path: [out.id, onward.id] };
    expect(changes.notes.map(({ label }) => label)).toEqual([twice]);

    const lane = laneBetween(microgrid, charging);
    const returning = packetWith({ sourceChainId: microgrid, destinationChainId: charging, label: twice });
    const escrow = [{ ...escrowOf(0, 100n, away), laneId: onward.id }];
    const unwound = receive(packetBatchOf(returning), viewOf({ lane, escrow }), abroad).changes;
    expect(unwound.notes.map(({ label }) => label)).toEqual([away]);
    expect(unwound.spentEscrow).toEqual(escrow);
  });
  test('numbers the notes of a batch', () => {
    const { changes } = receive(packetBatchOf(packetWith(), packetWith({ index: 1 })), viewOf(), abroad);
    expect(changes.notes.map(({ id }) => id)).toEqual([noteIdOf(bob, abroad.txId, 0), noteIdOf(bob, abroad.txId, 1)]);
  });
});

describe('a retirement', () => {
  const retirement = (changes: Partial<Packet> = {}): Packet =>
    toCity({ kind: 'retirement', deadlineMs: 0n, ...changes });

  test('at home ends the escrow behind it, whatever the time and the lane’s rules', () => {
    const strict = { ...back, maximumQuantity: 1n, assets: [] };
    const { changes, results } = receivedAtHome(retirement(), { lane: strict });
    expect(results).toMatchObject([{ result: 'received' }]);
    expect(changes.supply).toEqual([{ version: 1, kind: 'retired', asset: energy, quantity: 100n, account: bob }]);
    expect([changes.notes, changes.packets, changes.escrow]).toEqual([[], [], []]);
    expect(changes.spentEscrow).toEqual([escrowOf(0, 100n)]);
  });
  test('of a voucher of a voucher goes on to where that came from', () => {
    const onward = laneBetween(charging, microgrid);
    const lane = laneBetween(microgrid, charging);
    const label = { home: city, path: [out.id, onward.id] };
    const packets = [0, 1].map((index) =>
      packetWith({
        index,
        kind: 'retirement',
        sourceChainId: microgrid,
        destinationChainId: charging,
        label,
        quantity: 30n,
      }),
    );
    const batch = packetBatchOf(packets[0]!, packets[1]!);
    expect(arrivalLaneIds(batch, lane)).toEqual([out.id]);
    const escrow = [{ ...escrowOf(0, 100n, away), laneId: onward.id }];
    const view = viewOf({ lane, escrow, arrivalLanes: new Map([[out.id, out]]) });
    const { changes } = receive(batch, view, abroad);
    expect(changes.packets).toEqual(
      packets.map((packet, index) => ({
        ...packet,
        id: packetIdOf(charging, abroad.txId, index),
        laneId: back.id,
        sourceChainId: charging,
        destinationChainId: city,
        txId: abroad.txId,
        index,
        label: away,
      })),
    );
    expect(changes.escrow.map(({ quantity }) => quantity)).toEqual([40n]);
    expect([changes.notes, changes.supply]).toEqual([[], []]);
    const unknown = receive(batch, { ...view, arrivalLanes: new Map() }, abroad);
    expect(codesOf(unknown)).toEqual(['skipped LANE_UNKNOWN', 'skipped LANE_UNKNOWN']);
    expect(unknown.changes).toEqual(noChanges);
  });
  test('that does not unwind is refused for ever', () => {
    const { changes, results } = receivedAbroad(packetWith({ kind: 'retirement', deadlineMs: 0n }));
    expect(results).toMatchObject([{ result: 'refused', code: 'RETIREMENT_NOT_AWAY' }]);
    expect(changes.receipts).toMatchObject([{ outcome: 'refused', code: 'RETIREMENT_NOT_AWAY' }]);
  });
  test('without escrow named waits', () => {
    expect(receivedAtHome(retirement(), { escrow: [] }).changes).toEqual(noChanges);
    expect(codesOf(receivedAtHome(retirement(), { escrow: [] }))).toEqual(['skipped ESCROW_NOT_NAMED']);
  });
  test('needs no arrival lane where the value is at home', () => {
    expect(arrivalLaneIds(packetBatchOf(retirement()), back)).toEqual([]);
    expect(arrivalLaneIds(packetBatchOf(toCity({ label: { home: city, path: [out.id, out.id] } })), back)).toEqual([]);
  });
});

describe('receive refuses for ever, and says so in a receipt', () => {
  const longPath = Array.from({ length: 8 }, (_, i) => laneIdCodec.decode(`lane-${i.toString()}`, ''));
  test.each<[string, Partial<Packet>, Partial<ReceiveView>, string]>([
    ['a transfer at its deadline', { deadlineMs: abroad.timeMs }, {}, 'DEADLINE_PASSED'],
    ['a transfer after its deadline', { deadlineMs: abroad.timeMs - 1n }, {}, 'DEADLINE_PASSED'],
    ['a label at home elsewhere', { label: { home: microgrid, path: [] } }, {}, 'LABEL_FOREIGN'],
    ['a label at home here', { label: { home: charging, path: [] } }, {}, 'LABEL_FOREIGN'],
    ['an asset that is not allowed', {}, { lane: { ...out, assets: [] } }, 'ASSET_NOT_ALLOWED'],
    ['a quantity above the limit', {}, { lane: { ...out, maximumQuantity: 99n } }, 'QUANTITY_ABOVE_LIMIT'],
    ['a path that would be too long', { label: { home: city, path: longPath } }, {}, 'PATH_TOO_LONG'],
  ])('%s', (_, change, view, code) => {
    const { changes, results } = receivedAbroad(packetWith(change), view);
    expect(results).toMatchObject([{ result: 'refused', code }]);
    expect(changes).toEqual({ ...noChanges, receipts: [expect.objectContaining({ outcome: 'refused', code })] });
  });
  test('T26: an asset whose home is not the source, whatever the label says', () => {
    const packet = packetWith({
      sourceChainId: microgrid,
      destinationChainId: charging,
      label: { home: microgrid, path: [] },
    });
    const { results } = receive(packetBatchOf(packet), viewOf({ lane: laneBetween(microgrid, charging) }), abroad);
    expect(results).toMatchObject([{ result: 'refused', code: 'LABEL_FOREIGN' }]);
  });
  test('but not one millisecond before the deadline', () => {
    expect(codesOf(receivedAbroad(packetWith({ deadlineMs: abroad.timeMs + 1n })))).toEqual(['received']);
  });
  test('a release after its deadline, and leaves the escrow', () => {
    const { changes } = receivedAtHome(toCity({ deadlineMs: atHome.timeMs }));
    expect(changes).toEqual({ ...noChanges, receipts: [expect.objectContaining({ code: 'DEADLINE_PASSED' })] });
  });
});

describe('receive skips, and writes nothing for', () => {
  test.each<[string, Partial<ReceiveView>]>([
    ['too little escrow', { escrow: [escrowOf(0, 99n)] }],
    ['no escrow', { escrow: [] }],
    ['escrow of another label', { escrow: [escrowOf(0, 100n, away)] }],
    ['escrow of another asset', { escrow: [{ ...escrowOf(0, 100n), asset: 'city/money' as typeof energy }] }],
  ])('a release with %s named (PEG-6)', (_, view) => {
    const received = receivedAtHome(toCity(), view);
    expect(codesOf(received)).toEqual(['skipped ESCROW_NOT_NAMED']);
    expect(received.changes).toEqual(noChanges);
  });
  test.each<[string, Partial<Packet>]>([
    ['an id that is not its own', { id: packetIdOf(city, txIdNamed('other'), 0) }],
    ['another lane', { laneId: laneIdBetween(city, microgrid) }],
    [
      'another source, and the id of that',
      { sourceChainId: microgrid, id: packetIdOf(microgrid, txIdNamed('send'), 1) },
    ],
    ['another destination', { destinationChainId: microgrid }],
    ['another index than its id', { index: 2 }],
    ['another transaction than its id', { txId: txIdNamed('other') }],
  ])('T04: a packet with %s', (_, change) => {
    const poisoned = { ...packetWith({ index: 1 }), ...change };
    const received = receive(packetBatchOf(packetWith(), poisoned), viewOf(), abroad);
    expect(codesOf(received)).toEqual(['received', 'skipped PACKET_INCONSISTENT']);
    expect(received.changes.notes).toHaveLength(1);
    expect(received.changes.receipts).toHaveLength(1);
  });
});

describe('T03: a packet is received once (PEG-2)', () => {
  const packet = packetWith();
  const entryOf = (outcome: 'received' | 'refused'): ReceiptEntry => ({
    version: 1,
    packetId: packet.id,
    packetHash: packetHashOf(packet),
    laneId: out.id,
    outcome,
    code: '',
    txId: txIdNamed('earlier'),
  });

  test.each(['received', 'refused'] as const)('one that was %s is already done, and nothing is written', (outcome) => {
    const receipts = new Map([[packet.id, entryOf(outcome)]]);
    for (const at of [abroad, { ...abroad, timeMs: packet.deadlineMs }]) {
      const again = receivedAbroad(packet, { receipts }, at);
      expect(codesOf(again)).toEqual(['already-done']);
      expect(again.changes).toEqual(noChanges);
    }
  });
  test('twice in one batch counts once, and so does another content under its id', () => {
    const other = { ...packet, quantity: 900n };
    const received = receive(packetBatchOf(packet, packet, other), viewOf(), abroad);
    expect(codesOf(received)).toEqual(['received', 'already-done', 'already-done']);
    expect(received.changes.notes.map(({ quantity }) => quantity)).toEqual([100n]);
    expect(received.changes.receipts).toHaveLength(1);
  });
  test('a skipped one can be received later in the same batch', () => {
    const entries = [{ ...packet, laneId: back.id }, packet];
    const batch: PacketBatch = { ...packetBatchOf(packet), entries };
    expect(codesOf(receive(batch, viewOf(), abroad))).toEqual(['skipped PACKET_INCONSISTENT', 'received']);
  });
  test('one for which the evidence is not enough is skipped, and the others settle', () => {
    const view = viewOf({ insufficient: new Map([[packet.id, 'NOTARIES_TOO_FEW']]) });
    const received = receive(packetBatchOf(packet, packetWith({ index: 1 })), view, abroad);
    expect(codesOf(received)).toEqual(['skipped NOTARIES_TOO_FEW', 'received']);
    expect([received.changes.receipts.length, received.changes.notes.length]).toEqual([1, 1]);
  });
});

describe('T21: a bad packet never blocks its batch (PEG-9)', () => {
  const good = [0, 1, 2].map((index) => toCity({ index, quantity: 10n }));
  const poisons: readonly [string, Packet][] = [
    ['inconsistent', { ...toCity({ index: 9 }), index: 8 }],
    ['expired', toCity({ index: 9, deadlineMs: 1n })],
    ['without escrow', toCity({ index: 9, quantity: 1000n })],
    ['above the limit', toCity({ index: 9, quantity: 2_000_000n })],
    ['repeated', toCity({ index: 0, quantity: 10n })],
  ];
  test.each(poisons)('%s, at each position', (_, poison) => {
    for (const position of [0, 1, 2, 3]) {
      const entries = good.toSpliced(position, 0, poison);
      const batch = { ...packetBatchOf(good[0]!), entries };
      const { changes, results } = receive(batch, viewOf({ lane: back, escrow: [escrowOf(0, 100n)] }), atHome);
      expect(results.filter(({ result }) => result === 'received')).toHaveLength(3);
      expect(changes.notes.map(({ quantity }) => quantity)).toEqual([10n, 10n, 10n]);
      expect(changes.escrow.map(({ quantity }) => quantity)).toEqual([70n]);
    }
  });
});

describe('PEG-11: when the window is full', () => {
  const narrow = { window: { lengthMs: 60_000n, quantity: 400n, shards: 4 } };
  const [large, small] = [packetWith({ index: 1, quantity: 95n }), packetWith({ index: 2, quantity: 10n })];

  test('what no longer fits is skipped, and nothing is written for it; what still fits goes on', () => {
    const received = receive(
      packetBatchOf(small, large, packetWith({ index: 3, quantity: 90n })),
      viewOf({ lane: { ...out, ...narrow } }),
      abroad,
    );
    expect(codesOf(received)).toEqual(['received', 'skipped WINDOW_FULL', 'received']);
    expect(received.changes.receipts).toHaveLength(2);
    expect(received.changes.usages).toMatchObject([{ laneId: out.id, used: 100n }]);
  });
  test('escrow that was named for what is skipped stays', () => {
    const released = toCity({ quantity: 101n });
    const view = viewOf({ lane: { ...back, ...narrow }, escrow: [escrowOf(0, 200n)] });
    const { changes } = receive(packetBatchOf(released), view, atHome);
    expect(changes).toEqual(noChanges);
  });
  test('a retirement waits too, and a refusal is not held up', () => {
    const retirement = toCity({ kind: 'retirement', quantity: 101n, deadlineMs: 0n, recipient: bob });
    const view = viewOf({ lane: { ...back, ...narrow }, escrow: [escrowOf(0, 200n)] });
    expect(codesOf(receive(packetBatchOf(retirement), view, atHome))).toEqual(['skipped WINDOW_FULL']);
    const late = toCity({ quantity: 101n, deadlineMs: 1n });
    expect(codesOf(receive(packetBatchOf(late), view, atHome))).toEqual(['refused DEADLINE_PASSED']);
  });
});
