// SPDX-License-Identifier: Apache-2.0

import { committeeFault, committeeHashOf, notaryKeyHashOf } from './committee';
import { type Committee } from '../records/configuration';
import { city, trustIn } from '../testing';

const { committee } = trustIn(city);
const [first, second] = committee.notaries;
const faultOf = (changes: Partial<Committee>): unknown => committeeFault({ ...committee, ...changes });
const quorum = { field: 'threshold', expected: 'more than half of the notaries, at least 2, at most all' };

describe('T08: a committee', () => {
  test('of more than half, at least two, distinct organizations and keys is one', () => {
    expect(faultOf({})).toBeUndefined();
    expect(faultOf({ threshold: 4 })).toBeUndefined();
    expect(faultOf({ threshold: 2, notaries: committee.notaries.slice(0, 3) })).toBeUndefined();
    expect(faultOf({ threshold: 2, notaries: committee.notaries.slice(0, 2) })).toBeUndefined();
  });
  test.each<[string, Partial<Committee>]>([
    ['nobody', { threshold: 0 }],
    ['half', { threshold: 2 }],
    ['more than there are', { threshold: 5 }],
    ['one of one', { threshold: 1, notaries: committee.notaries.slice(0, 1) }],
  ])('of %s is none', (_, changes) => {
    expect(faultOf(changes)).toEqual(quorum);
  });
  test('names each organization and each key once, and keys on P-256', () => {
    const notaries = committee.notaries.with(1, { ...second!, mspId: first!.mspId });
    expect(faultOf({ notaries })).toEqual({ field: 'notaries', expected: 'each once' });
    const sameKey = committee.notaries.with(1, { ...second!, publicKey: first!.publicKey });
    expect(faultOf({ notaries: sameKey })).toEqual({ field: 'notaries.publicKey', expected: 'each once' });
    const noKey = committee.notaries.with(1, { ...second!, publicKey: 'AAAA' });
    expect(faultOf({ notaries: noKey })).toEqual({ field: 'notaries.publicKey', expected: 'P-256 public keys' });
  });
  test('is named by all that it is', () => {
    expect(committeeHashOf({ ...committee, epoch: 8 })).not.toBe(committeeHashOf(committee));
    expect(notaryKeyHashOf(first!.publicKey)).not.toBe(notaryKeyHashOf(second!.publicKey));
  });
});
