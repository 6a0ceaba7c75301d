// SPDX-License-Identifier: Apache-2.0

import { hash } from './hash';
import {
  accountCodec,
  assetIdCodec,
  channelOf,
  chainIdCodec,
  classOf,
  escrowIdOf,
  labelCodec,
  laneIdCodec,
  limits,
  mspIdCodec,
  mspOf,
  noteIdOf,
  packetIdOf,
  sameClass,
} from './identifiers';
import { noteKeyAttributes, parseStateKey, stateKey } from './state-key';
import { accountNamed, alice, away, charging, city, energy, home, refusalOf, txIdNamed } from '../testing';

describe('identifiers', () => {
  const txId = txIdNamed('one');

  test('T04: a packet id depends on chain, transaction and index', () => {
    const ids = [
      packetIdOf(city, txId, 0),
      packetIdOf(city, txId, 1),
      packetIdOf(charging, txId, 0),
      packetIdOf(city, txIdNamed('two'), 0),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
  test('T23: fields cannot run into each other in a hash', () => {
    expect(hash('a', 'bc')).not.toBe(hash('ab', 'c'));
    expect(hash('a', 'b', 'c')).not.toBe(hash('a', 'bc'));
    expect(hash('a', 'b')).not.toBe(hash('a', 'b', ''));
  });
  test('the channel is what precedes the genesis hash, whatever it contains', () => {
    expect(channelOf(city)).toBe('city');
    expect(channelOf(chainIdCodec.decode(`a-b.c-${'d'.repeat(64)}`, ''))).toBe('a-b.c');
  });
  test('T31: the organization is part of the account', () => {
    expect(mspOf(accountNamed('GridMSP/alice'))).toBe('GridMSP');
    expect(noteIdOf(alice, txId, 0)).not.toBe(noteIdOf(accountNamed('ChargingMSP/alice'), txId, 0));
    expect(refusalOf(() => mspOf('no organization' as typeof alice))).toMatchObject({ field: 'account' });
  });
  test.each<[string, { decode: (value: unknown, field: string) => unknown }, string, string]>([
    ['a lane id', laneIdCodec, 'a'.repeat(64), 'a'.repeat(65)],
    ['a lane id without a blank', laneIdCodec, 'a-b', 'a b'],
    ['an asset id', assetIdCodec, `city/${'a'.repeat(32)}`, `city/${'a'.repeat(33)}`],
    ['the home of an asset id', assetIdCodec, `${'a'.repeat(64)}/energy`, `${'a'.repeat(65)}/energy`],
    ['an MSP id', mspIdCodec, 'A'.repeat(64), 'A'.repeat(65)],
    ['an account', accountCodec, `GridMSP/${'a'.repeat(128)}`, `GridMSP/${'a'.repeat(129)}`],
    ['the organization of an account', accountCodec, `${'A'.repeat(64)}/a`, `${'A'.repeat(65)}/a`],
  ])('T23: %s has its characters and its greatest length', (_what, codec, longest, wrong) => {
    expect(codec.decode(longest, 'id')).toBe(longest);
    expect(refusalOf(() => codec.decode(wrong, 'id'))).toMatchObject({ code: 'REQUEST_MALFORMED', field: 'id' });
  });
  test('an index is at most 9999', () => {
    expect(escrowIdOf(txId, 9999)).toBe(`${txId}-9999`);
    const refusal = { code: 'REQUEST_MALFORMED' };
    expect(refusalOf(() => escrowIdOf(txId, 10000))).toMatchObject({ ...refusal, field: 'escrowId' });
    expect(refusalOf(() => noteIdOf(alice, txId, -1))).toMatchObject({ ...refusal, field: 'noteId' });
  });
  test('limits are those of the specification', () => {
    expect(limits).toEqual({
      quantity: 999_999_999_999_999_999n,
      pathLength: 8,
      formerTrust: 8,
      notesSpent: 50,
      outputs: 50,
      batchEntries: 100,
      escrowParts: 200,
      endorsements: 16,
      skewSeconds: 60,
      deadlineAheadMs: 2_592_000_000n,
      delayMs: 1_209_600_000n,
      proposalLifeMs: 2_592_000_000n,
      configurationLength: 1_000_000,
      firstEpoch: 1_000_000_000,
      pageSize: 1000,
    });
  });
});

describe('T26: fungible classes', () => {
  const base = { asset: energy, label: away };

  test('asset, home and every lane of the path count, in order', () => {
    const path = labelCodec.decode({ home: city, path: ['a', 'b'] }, '');
    const reversed = labelCodec.decode({ home: city, path: ['b', 'a'] }, '');
    const classes = [
      base,
      { ...base, label: home },
      { ...base, label: { ...away, home: charging } },
      { ...base, label: path },
      { ...base, label: reversed },
      { ...base, label: labelCodec.decode({ home: city, path: ['a-b'] }, '') },
      { ...base, label: labelCodec.decode({ home: city, path: ['ab'] }, '') },
    ];
    expect(new Set(classes.map(classOf)).size).toBe(classes.length);
    expect(sameClass(base, { ...base, label: { ...away } })).toBe(true);
    expect(sameClass(base, { ...base, label: home })).toBe(false);
  });
});

describe('state keys', () => {
  test('T23: attributes cannot run into each other', () => {
    expect(stateKey('note', 'ab', 'c')).not.toBe(stateKey('note', 'a', 'bc'));
    expect(stateKey('note', 'a')).not.toBe(stateKey('note', 'a', ''));
  });
  test('a note id splits into owner tag, transaction and index', () => {
    const id = noteIdOf(alice, txIdNamed('one'), 12);
    expect(noteKeyAttributes(id)).toEqual([id.slice(0, 16), txIdNamed('one'), '12']);
  });
  test.each(['', 'plain', '\u0000note', 'note\u0000'])('%j is no composite key', (key) => {
    expect(parseStateKey(key)).toBeUndefined();
  });
});
