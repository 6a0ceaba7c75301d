// SPDX-License-Identifier: Apache-2.0

import { assetIdCodec, limits, noteIdOf, type Note, type TransferRequest } from '@gridpeg/protocol';
import {
  accountNamed,
  alice,
  away,
  bob,
  city,
  codeOf,
  configurationOf,
  energy,
  home,
  refusalOf,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import fc from 'fast-check';
import { retire } from './retire';
import { checkSkew, type Transaction } from '../transaction';
import { transfer } from './transfer';

const { members } = configurationOf(city);
const now: Transaction = { chainId: city, txId: txIdNamed('now'), timeMs: 1_700_000_000_000n, caller: alice, members };
const noteOf = (index: number, quantity: bigint, changes: Partial<Note> = {}): Note => ({
  version: 1,
  id: noteIdOf(alice, txIdNamed('earlier'), index),
  owner: alice,
  asset: energy,
  label: home,
  quantity,
  memo: 'old',
  ...changes,
});
const output = (quantity: bigint, recipient = bob): TransferRequest['outputs'][number] => ({
  recipient,
  quantity,
  memo: 'new',
});
const [hundred, fifty] = [noteOf(0, 100n), noteOf(1, 50n)];
const noteIds = [hundred.id];

describe('transfer', () => {
  test('pays, and gives the change back', () => {
    const changes = transfer([hundred], { noteIds, outputs: [output(30n)] }, now);
    expect(changes.spentNotes).toEqual([hundred]);
    expect(changes.notes).toEqual([
      noteOf(0, 30n, { id: noteIdOf(bob, now.txId, 0), owner: bob, memo: 'new' }),
      noteOf(0, 70n, { id: noteIdOf(alice, now.txId, 1), memo: '' }),
    ]);
    expect([changes.supply, changes.escrow, changes.packets]).toEqual([[], [], []]);
  });
  test('merges, without change when nothing is left', () => {
    const { notes, spentNotes } = transfer([hundred, fifty], { noteIds, outputs: [output(150n, alice)] }, now);
    expect(spentNotes).toHaveLength(2);
    expect(notes.map(({ quantity }) => quantity)).toEqual([150n]);
  });
  test('keeps the label of a voucher', () => {
    const { notes } = transfer([noteOf(0, 100n, { label: away })], { noteIds, outputs: [output(1n)] }, now);
    expect(notes.map(({ label }) => label)).toEqual([away, away]);
  });
  test('PEG-4: of more than the notes hold is refused', () => {
    expect(refusalOf(() => transfer([hundred], { noteIds, outputs: [output(100n), output(1n)] }, now))).toEqual({
      code: 'QUANTITY_EXCEEDS_NOTES',
      asked: '101',
      available: '100',
    });
  });
  test.each<[string, readonly Note[], string]>([
    ['a note of somebody else', [hundred, { ...fifty, owner: bob }], 'NOTE_NOT_OWNED'],
    [
      'a note of a namesake in another organization (T31)',
      [{ ...hundred, owner: accountNamed('ChargingMSP/alice') }],
      'NOTE_NOT_OWNED',
    ],
    ['a note twice', [hundred, fifty, hundred], 'NOTE_REPEATED'],
    ['another asset', [hundred, { ...fifty, asset: assetIdCodec.decode('city/money', '') }], 'NOTES_MIXED'],
    ['another label', [hundred, { ...fifty, label: away }], 'NOTES_MIXED'],
  ])('%s is refused', (_, notes, code) => {
    expect(codeOf(() => transfer(notes, { noteIds, outputs: [output(1n)] }, now))).toBe(code);
    expect(codeOf(() => retire(notes, { noteIds, quantity: 1n }, now))).toBe(code);
  });
  test('T26: a note above the greatest quantity is refused', () => {
    const notes = [noteOf(0, limits.quantity), noteOf(1, 1n)];
    const outputs = [output(limits.quantity + 1n)];
    expect(codeOf(() => transfer(notes, { noteIds, outputs }, now))).toBe('QUANTITY_TOO_LARGE');
  });
  test('PEG-4: whatever the notes and outputs, what is made is what was spent', () => {
    const quantities = fc.array(fc.bigInt({ min: 1n, max: 1000n }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(quantities, quantities, (held, paid) => {
        const notes = held.map((quantity, index) => noteOf(index, quantity));
        const total = held.reduce((a, b) => a + b);
        const code = codeOf(() => {
          const made = transfer(notes, { noteIds, outputs: paid.map((q) => output(q)) }, now).notes;
          expect(made.reduce((sum, { quantity }) => sum + quantity, 0n)).toBe(total);
          expect(made.every(({ quantity }) => quantity > 0n)).toBe(true);
          expect(new Set(made.map(({ id }) => id)).size).toBe(made.length);
        });
        expect(code).toBe(paid.reduce((a, b) => a + b) > total ? 'QUANTITY_EXCEEDS_NOTES' : 'accepted');
      }),
    );
  });
});

describe('retire', () => {
  test('ends value at home, records it, and gives the change back', () => {
    const changes = retire([hundred, fifty], { noteIds, quantity: 120n }, now);
    expect(changes.notes.map(({ owner, quantity }) => [owner, quantity])).toEqual([[alice, 30n]]);
    expect(changes.spentNotes).toEqual([hundred, fifty]);
    expect(changes.supply).toEqual([{ version: 1, kind: 'retired', asset: energy, quantity: 120n, account: alice }]);
  });
  test('of more than the notes hold is refused', () => {
    expect(codeOf(() => retire([hundred], { noteIds, quantity: 101n }, now))).toBe('QUANTITY_EXCEEDS_NOTES');
  });
  test('of a voucher is refused: it has to be sent', () => {
    const voucher = noteOf(0, 100n, { label: away });
    expect(codeOf(() => retire([voucher], { noteIds, quantity: 1n }, now))).toBe('ASSET_NOT_AT_HOME');
  });
});

describe('T14: a timestamp is the client’s word', () => {
  test.each([
    [0n, true],
    [60_000n, true],
    [-60_000n, true],
    [60_001n, false],
    [-60_001n, false],
    [14n * 60_000n, false],
    [-14n * 60_000n, false],
    [75n * 365n * 86_400_000n, false],
    [-now.timeMs, false],
  ])('%s ms off the clock: endorsed %s', (skew, endorsed) => {
    const code = codeOf(() => {
      checkSkew(now.timeMs + skew, now.timeMs);
    });
    expect(code).toBe(endorsed ? 'accepted' : 'CLOCK_SKEW');
  });
});

describe('T31: an account of no member of the chain', () => {
  const strangers = ['FooMSP/nobody@nowhere', 'chargingmsp/bob', 'ChargingMSP2/bob', 'Charging/bob'].map(accountNamed);

  test.each(strangers)('%s gets nothing paid, in whatever output', (recipient) => {
    const refusal = { code: 'RECIPIENT_UNKNOWN', recipient };
    const outputs = [output(60n), output(40n, recipient)];
    expect(refusalOf(() => transfer([hundred], { noteIds, outputs }, now))).toEqual(refusal);
  });
  test('gets nothing after its organization has left', () => {
    const left = { ...now, members: members.filter((member) => !bob.startsWith(`${member}/`)) };
    expect(codeOf(() => transfer([hundred], { noteIds, outputs: [output(100n)] }, left))).toBe('RECIPIENT_UNKNOWN');
  });
  test('can still merge and split what it has', () => {
    const outputs = [output(60n, alice), output(40n, alice)];
    const left = { ...now, members: [] };
    expect(transfer([hundred], { noteIds, outputs }, left).notes.map(({ quantity }) => quantity)).toEqual([60n, 40n]);
  });
});
