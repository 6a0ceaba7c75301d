// SPDX-License-Identifier: Apache-2.0

import {
  assetIdCodec,
  escrowIdOf,
  laneIdCodec,
  limits,
  noteIdOf,
  packetIdOf,
  type Lane,
  type LaneId,
  type Note,
  type SendRequest,
} from '@gridpeg/protocol';
import {
  accountNamed,
  alice,
  away,
  bob,
  charging,
  city,
  codeOf,
  configurationOf,
  energy,
  home,
  laneBetween,
  laneIdBetween,
  microgrid,
  refusalOf,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import type { Changes } from '../changes';
import { send as sendTo } from './send';
import type { Transaction } from '../transaction';

const out = laneBetween(city, charging);
const back = laneBetween(charging, city);
const { members } = configurationOf(charging);
const atHome: Transaction = {
  chainId: city,
  txId: txIdNamed('now'),
  timeMs: 1_700_000_000_000n,
  caller: alice,
  members,
};
const send = (notes: readonly Note[], wanted: SendRequest, lane: Lane, at: Transaction): Changes =>
  sendTo(notes, wanted, lane, members, at);
const abroad: Transaction = { ...atHome, chainId: charging };
const note: Note = {
  version: 1,
  id: noteIdOf(alice, txIdNamed('earlier'), 0),
  owner: alice,
  asset: energy,
  label: home,
  quantity: 100n,
  memo: '',
};
const voucher = { ...note, label: away };
const output = { kind: 'transfer' as const, recipient: bob, quantity: 40n, memo: 'session 17' };
const retirement = { ...output, kind: 'retirement' as const };
const deadlineMs = atHome.timeMs + 60_000n;
const request: SendRequest = { laneId: out.id, noteIds: [note.id], outputs: [output], deadlineMs };
const homeward = { ...request, laneId: back.id };
const lanes = (count: number, last?: LaneId): LaneId[] => [
  ...Array.from({ length: last === undefined ? count : count - 1 }, (_, i) =>
    laneIdCodec.decode(`lane-${i.toString()}`, ''),
  ),
  ...(last === undefined ? [] : [last]),
];

describe('send', () => {
  test('locks: a packet and an escrow note an output, and the change', () => {
    const outputs = [output, { ...output, quantity: 35n }];
    const changes = send([note], { ...request, outputs }, out, atHome);
    expect(changes.spentNotes).toEqual([note]);
    expect(changes.notes.map(({ owner, quantity, label }) => [owner, quantity, label])).toEqual([[alice, 25n, home]]);
    expect(changes.packets[0]).toEqual({
      version: 1,
      id: packetIdOf(city, atHome.txId, 0),
      laneId: out.id,
      sourceChainId: city,
      destinationChainId: charging,
      txId: atHome.txId,
      index: 0,
      kind: 'transfer',
      sender: alice,
      recipient: bob,
      asset: energy,
      label: home,
      quantity: 40n,
      memo: 'session 17',
      deadlineMs,
    });
    expect(changes.packets.map(({ id, index, quantity }) => [id, index, quantity])).toEqual([
      [packetIdOf(city, atHome.txId, 0), 0, 40n],
      [packetIdOf(city, atHome.txId, 1), 1, 35n],
    ]);
    expect(changes.escrow).toEqual(
      [40n, 35n].map((quantity, index) => ({
        version: 1,
        id: escrowIdOf(atHome.txId, index),
        laneId: out.id,
        asset: energy,
        label: home,
        quantity,
      })),
    );
    expect([changes.supply, changes.receipts, changes.settled, changes.spentEscrow]).toEqual([[], [], [], []]);
  });
  test('burns what goes back where it came from: no escrow', () => {
    const changes = send([voucher], homeward, back, abroad);
    expect(changes.escrow).toEqual([]);
    expect(changes.packets.map(({ label }) => label)).toEqual([away]);
    expect(changes.notes.map(({ quantity }) => quantity)).toEqual([60n]);
  });
  test('locks a voucher that goes on to a third chain', () => {
    const onward = laneBetween(charging, microgrid);
    const changes = send([voucher], { ...request, laneId: onward.id }, onward, abroad);
    expect(changes.escrow.map(({ laneId, label }) => [laneId, label])).toEqual([[onward.id, away]]);
  });
  test('sends a retirement to its own sender, without deadline', () => {
    const { packets, escrow } = send([voucher], { ...homeward, outputs: [retirement], deadlineMs: 0n }, back, abroad);
    expect(packets).toMatchObject([{ kind: 'retirement', sender: alice, recipient: alice, deadlineMs: 0n }]);
    expect(escrow).toEqual([]);
  });
  test('takes transfers and retirements together', () => {
    const { packets } = send([voucher], { ...homeward, outputs: [output, retirement] }, back, abroad);
    expect(packets.map(({ kind, deadlineMs: ms }) => [kind, ms])).toEqual([
      ['transfer', deadlineMs],
      ['retirement', 0n],
    ]);
  });
});

describe('send refuses', () => {
  const refused = (changes: Partial<SendRequest>, lane = out, notes: readonly Note[] = [note], at = atHome): string =>
    codeOf(() => send(notes, { ...request, ...changes }, lane, at));

  test('nothing that keeps the rules', () => {
    expect(refused({})).toBe('accepted');
  });
  test('a lane that starts elsewhere', () => {
    expect(refused({}, back)).toBe('LANE_UNKNOWN');
    expect(refused({}, laneBetween(microgrid, charging))).toBe('LANE_UNKNOWN');
  });
  test('an asset that the lane does not carry', () => {
    const lane = { ...out, assets: [assetIdCodec.decode('city/money', '')] };
    expect(refused({}, lane)).toBe('ASSET_NOT_ALLOWED');
  });
  test('a quantity above the lane’s maximum, in any output', () => {
    const lane = { ...out, maximumQuantity: 40n };
    expect(refused({}, lane)).toBe('accepted');
    const outputs = [output, { ...output, quantity: 41n }];
    expect(refusalOf(() => send([note], { ...request, outputs }, lane, atHome))).toEqual({
      code: 'QUANTITY_ABOVE_LIMIT',
      maximum: '40',
    });
  });
  test('T31: a recipient who cannot exist on the destination, in whatever output; a retirement has none', () => {
    for (const recipient of ['FooMSP/nobody', 'chargingmsp/bob'].map(accountNamed)) {
      const outputs = [output, { ...output, recipient }];
      expect(refusalOf(() => send([note], { ...request, outputs }, out, atHome))).toEqual({
        code: 'RECIPIENT_UNKNOWN',
        recipient,
      });
    }
    const strange = { ...homeward, outputs: [{ ...retirement, recipient: accountNamed('FooMSP/nobody') }] };
    expect(codeOf(() => send([voucher], strange, back, abroad))).toBe('accepted');
  });
  test('T31: a recipient of an organization that this ledger does not know on the destination', () => {
    const known = members.filter((member) => !bob.startsWith(`${member}/`));
    expect(codeOf(() => sendTo([note], request, out, known, { ...atHome, members }))).toBe('RECIPIENT_UNKNOWN');
  });
  test('a deadline that has come, and one too far off', () => {
    expect(refused({ deadlineMs: atHome.timeMs })).toBe('DEADLINE_PASSED');
    expect(refused({ deadlineMs: atHome.timeMs + 1n })).toBe('accepted');
    expect(refused({ deadlineMs: atHome.timeMs + limits.deadlineAheadMs })).toBe('accepted');
    expect(refused({ deadlineMs: atHome.timeMs + limits.deadlineAheadMs + 1n })).toBe('DEADLINE_TOO_FAR');
    expect(refused({ deadlineMs: 0n })).toBe('DEADLINE_PASSED');
  });
  test('a transfer without deadline beside a retirement', () => {
    const outputs = [retirement, output];
    expect(codeOf(() => send([voucher], { ...homeward, outputs, deadlineMs: 0n }, back, abroad))).toBe(
      'DEADLINE_PASSED',
    );
  });
  test('a path of more than eight lanes', () => {
    expect(refused({}, out, [{ ...note, label: { home: microgrid, path: lanes(7) } }])).toBe('accepted');
    expect(refused({}, out, [{ ...note, label: { home: microgrid, path: lanes(8) } }])).toBe('PATH_TOO_LONG');
    const full = { ...note, label: { home: microgrid, path: lanes(8, out.returnLaneId) } };
    expect(refused({}, out, [full])).toBe('accepted');
  });
  test('a retirement that does not go back', () => {
    expect(refused({ outputs: [retirement] })).toBe('RETIREMENT_NOT_AWAY');
    expect(refused({ outputs: [retirement] }, laneBetween(charging, microgrid), [voucher], abroad)).toBe(
      'RETIREMENT_NOT_AWAY',
    );
  });
  test('more than the notes hold (PEG-4)', () => {
    expect(refused({ outputs: [output, output, output] })).toBe('QUANTITY_EXCEEDS_NOTES');
  });
  test('notes of somebody else, notes twice, and notes of two classes', () => {
    expect(refused({}, out, [{ ...note, owner: bob }])).toBe('NOTE_NOT_OWNED');
    expect(refused({}, out, [note, note])).toBe('NOTE_REPEATED');
    const other = { ...voucher, id: noteIdOf(alice, txIdNamed('earlier'), 1) };
    expect(refused({}, out, [note, other])).toBe('NOTES_MIXED');
    expect(other.label.path).toEqual([laneIdBetween(city, charging)]);
  });
});
