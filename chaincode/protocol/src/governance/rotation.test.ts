// SPDX-License-Identifier: Apache-2.0

import { decode, encode } from '../codec/codec';
import { committeeHashOf } from './committee';
import { type Committee } from '../records/configuration';
import { mspIdCodec } from '../codec/identifiers';
import {
  checkCommittee,
  provePossession,
  type Rotation,
  rotationCodec,
  signRotation,
  verifyRotation,
} from './rotation';
import { city, codeOf, keyNamed, type Member, members, publicKeyOf, refusalOf, trustIn } from '../testing';

const { committee } = trustIn(city);
const previous = committeeHashOf(committee);
const newKeys = members.map(({ mspId }) => keyNamed(`next ${mspId}`));
const next: Committee = {
  ...committee,
  epoch: committee.epoch + 1,
  notaries: members.map(({ mspId }, index) => ({ mspId, publicKey: publicKeyOf(newKeys[index]!) })),
};
const handOver = (to: Committee, from = previous, by: readonly Member[] = members.slice(0, 3)): Rotation => ({
  version: 1,
  previous: from,
  next: to,
  signatures: by.map(({ mspId, notaryKey }) => signRotation(from, to, mspId, notaryKey)),
  possessions: to.notaries.map(({ mspId }, index) => provePossession(from, to, mspId, newKeys[index]!)),
});
const rotation = handOver(next);
const verify = (of: Rotation, suspended: readonly string[] = []): unknown =>
  refusalOf(() => verifyRotation(of, committee, new Set(suspended)));
const keyOf = ({ notaries }: Committee, index: number): string => notaries[index]!.publicKey;

describe('T12: a hand-over', () => {
  test('to new keys, signed by the threshold, holds, also through the wire', () => {
    expect(verify(decode(rotationCodec, encode(rotationCodec, rotation)))).toBe('accepted');
  });
  test('to some of the same keys holds: its digests name both committees', () => {
    const same = { ...committee, epoch: next.epoch };
    const possessions = members.map(({ mspId, notaryKey }) => provePossession(previous, same, mspId, notaryKey));
    expect(verify({ ...handOver(same), possessions })).toBe('accepted');
    expect(verify({ ...handOver(next), possessions })).toMatchObject({ code: 'POSSESSION_UNPROVEN' });
  });
  test.each([
    ['the same epoch', committee.epoch],
    ['an epoch before', committee.epoch - 1],
    ['an epoch left out', committee.epoch + 2],
  ])('to %s is refused', (_, epoch) => {
    expect(verify(handOver({ ...next, epoch }))).toEqual({ code: 'EPOCH_STALE', epoch });
  });
  test('by another committee is refused', () => {
    const other = committeeHashOf({ ...committee, threshold: 4 });
    expect(verify(handOver(next, other))).toEqual({ code: 'EPOCH_STALE', epoch: next.epoch });
  });
  test('with the signatures or possessions of another is refused', () => {
    const other = handOver({ ...next, threshold: 4 });
    expect(verify({ ...rotation, signatures: other.signatures })).toEqual({
      code: 'SIGNATURE_INVALID',
      signer: 'GridMSP',
    });
    expect(verify({ ...rotation, possessions: other.possessions })).toEqual({
      code: 'POSSESSION_UNPROVEN',
      notary: 'GridMSP',
    });
  });
});

describe('T08: the next committee', () => {
  test('is one by the same rules, whoever signs', () => {
    expect(verify(handOver({ ...next, threshold: 2 }))).toMatchObject({
      code: 'COMMITTEE_INVALID',
      field: 'threshold',
    });
    expect(refusalOf(() => checkCommittee({ ...next, threshold: 5 }, new Set()))).toEqual({
      code: 'COMMITTEE_INVALID',
      field: 'threshold',
      expected: 'more than half of the notaries, at least 2, at most all',
    });
    expect(codeOf(() => checkCommittee(next, new Set()))).toBe('accepted');
  });
  test('T13: names no suspended key, which is judged before any signature', () => {
    const suspended = [keyOf(next, 2)];
    expect(verify({ ...rotation, signatures: [] }, suspended)).toEqual({
      code: 'NOTARY_SUSPENDED',
      notary: 'ChargingMSP',
    });
    expect(codeOf(() => checkCommittee(next, new Set(suspended)))).toBe('NOTARY_SUSPENDED');
  });
});

describe('T10: who signs a hand-over', () => {
  test('as many notaries as the threshold, suspended ones left out', () => {
    expect(verify(handOver(next, previous, members.slice(1)))).toBe('accepted');
    const short = { code: 'NOTARIES_TOO_FEW', found: 2, required: 3 };
    expect(verify(handOver(next, previous, members.slice(0, 2)))).toEqual(short);
    expect(verify(rotation, [keyOf(committee, 0)])).toEqual(short);
  });
  test('each once, and none from outside', () => {
    const [first, second] = rotation.signatures;
    const signatures = [first!, second!, first!];
    expect(verify({ ...rotation, signatures })).toEqual({ code: 'NOTARY_REPEATED', notary: 'GridMSP' });
    const stranger = { ...first!, notary: mspIdCodec.decode('StrangerMSP', '') };
    expect(verify({ ...rotation, signatures: [...rotation.signatures, stranger] })).toMatchObject({
      code: 'NOTARY_STRANGER',
    });
  });
  test('by the keys of the committee that hands over', () => {
    const by = members.map((member, index) => ({ ...member, notaryKey: newKeys[index]! }));
    expect(verify(handOver(next, previous, by))).toMatchObject({ code: 'SIGNATURE_INVALID' });
  });
});

describe('T07: each new key', () => {
  test.each([
    ['none', []],
    ['one less', rotation.possessions.slice(0, -1)],
    ['those of other organizations', [...rotation.possessions].reverse()],
  ])('is proven to be held: %s is refused', (_, possessions) => {
    expect(verify({ ...rotation, possessions })).toMatchObject({ code: 'POSSESSION_UNPROVEN' });
  });
  test('is missed by the name of its organization', () => {
    const possessions = rotation.possessions.slice(0, 3);
    expect(verify({ ...rotation, possessions })).toEqual({ code: 'POSSESSION_UNPROVEN', notary: 'RegulatorMSP' });
  });
});
