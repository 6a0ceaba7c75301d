// SPDX-License-Identifier: Apache-2.0

import { createPrivateKey } from 'node:crypto';
import { certificateCodec } from './certificate';
import { certificateDigest, signBatch, verifySigned } from './certificate-digest';
import { isSignedBy, type NotarySignature } from './notary-key';
import { type TrustRecord } from '../records/configuration';
import { firstDigest } from '../records/statement';
import { decode, encode } from '../codec/codec';
import { mspIdCodec } from '../codec/identifiers';
import {
  certify,
  charging,
  city,
  codeOf,
  grid,
  keyNamed,
  laneIdBetween,
  type Member,
  members,
  microgrid,
  microgridMember,
  packetBatchOf,
  packetBatchFixture as batch,
  packetWith,
  receiptBatchFixture,
  refusalOf,
  regulator,
  trustIn,
} from '../testing';

const trust = trustIn(city);
const { epoch, threshold } = trust.committee;
const signedBy = (notaries: readonly Member[], under = trust): ReturnType<typeof signBatch>[] =>
  notaries.map(({ mspId, notaryKey }) => signBatch(batch, under, mspId, notaryKey));
const three = signedBy(members.slice(0, 3));
/** As a ledger judges signatures of digest 1 by the committee in a trust record. */
const verifyQuorum = (
  of: typeof batch,
  inEpoch: number,
  signatures: readonly NotarySignature[],
  under: TrustRecord,
  suspended: ReadonlySet<string> = new Set(),
): void => {
  verifySigned(of, { epoch: inEpoch, signatures, form: firstDigest }, under.committee, under, suspended);
};
const verify = (signatures = three, under = trust, of = batch): unknown =>
  refusalOf(() => verifyQuorum(of, epoch, signatures, under));

describe('a certificate', () => {
  test('with the threshold of notaries is accepted, in whatever order, and so is one with all', () => {
    expect(threshold).toBe(3);
    expect(verify()).toBe('accepted');
    expect(verify([...three].reverse())).toBe('accepted');
    expect(verify(signedBy(members))).toBe('accepted');
    expect(verify(signedBy(members.slice(1)))).toBe('accepted');
  });
  test.each([1, 2] as const)('of version %i decodes as it was encoded', (version) => {
    const certificate = certify(batch, trust, { version });
    expect(decode(certificateCodec, encode(certificateCodec, certificate))).toEqual(certificate);
  });
  test('T34: with more than 32 signatures is refused as it is read', () => {
    const text = encode(
      certificateCodec,
      certify(batch, trust, { signatures: Array.from({ length: 33 }, () => three[0]!) }),
    );
    expect(refusalOf(() => decode(certificateCodec, text))).toMatchObject({ field: 'signatures' });
  });
});

test('PEG-13, T13: a suspended key does not count, whoever else signed, and the threshold stays', () => {
  const suspended = new Set([trust.committee.notaries[0]!.publicKey]);
  const by = (signatures: typeof three): unknown =>
    refusalOf(() => verifyQuorum(batch, epoch, signatures, trust, suspended));
  expect(by(three)).toEqual({ code: 'NOTARIES_TOO_FEW', found: 2, required: 3 });
  expect(by(signedBy(members))).toBe('accepted');
  expect(by(signedBy(members.slice(1)))).toBe('accepted');
});

test('an epoch is a number of 31 bits', () => {
  const of = (text: number): string => encode(certificateCodec, certify(batch, trust, { epoch: text }));
  expect(decode(certificateCodec, of(2 ** 31 - 1))).toMatchObject({ epoch: 2 ** 31 - 1 });
  expect(refusalOf(() => decode(certificateCodec, of(2 ** 31)))).toMatchObject({ field: 'epoch' });
});

describe('T07: distinct notaries are counted', () => {
  test('one notary less than the threshold is refused, and so is none', () => {
    expect(verify(three.slice(1))).toEqual({ code: 'NOTARIES_TOO_FEW', found: 2, required: 3 });
    expect(verify([])).toEqual({ code: 'NOTARIES_TOO_FEW', found: 0, required: 3 });
  });
  test('one notary twice is refused, with the same and with another signature', () => {
    expect(verify([three[0]!, three[1]!, three[0]!])).toEqual({ code: 'NOTARY_REPEATED', notary: 'GridMSP' });
    expect(verify([...three, ...signedBy([grid])])).toEqual({ code: 'NOTARY_REPEATED', notary: 'GridMSP' });
  });
  test('a notary outside the committee is refused, even above the threshold', () => {
    const stranger = { ...grid, mspId: mspIdCodec.decode('StrangerMSP', '') };
    const all = [...three, ...signedBy([stranger])];
    expect(verify(all)).toEqual({ code: 'NOTARY_STRANGER', notary: 'StrangerMSP' });
  });
  test('a signature under another notary’s name is refused', () => {
    const borrowed = [three[0]!, three[1]!, { ...three[2]!, notary: regulator.mspId }];
    expect(verify(borrowed)).toEqual({ code: 'SIGNATURE_INVALID', signer: 'RegulatorMSP' });
  });
  test('one bad signature above the threshold is refused', () => {
    const bad = { notary: regulator.mspId, signature: three[0]!.signature };
    expect(verify([...three, bad])).toEqual({ code: 'SIGNATURE_INVALID', signer: 'RegulatorMSP' });
  });
});

describe('T10: a notary’s signature is for one content under one trust record', () => {
  test('a peer’s key is no notary’s key', () => {
    const peers = members.slice(0, 3).map((member) => ({ ...member, notaryKey: member.peer.key }));
    expect(verify(signedBy(peers))).toMatchObject({ code: 'SIGNATURE_INVALID' });
  });
  test.each([
    ['another quantity', { ...batch, entries: [packetWith({ quantity: 101n }), batch.entries[1]!] }],
    ['a packet less', packetBatchOf(batch.entries[0]!)],
    ['the packets reordered', { ...batch, entries: [...batch.entries].reverse() }],
    ['another lane', { ...batch, laneId: laneIdBetween(city, microgrid) }],
    ['another destination', { ...batch, destinationChainId: microgrid }],
    ['another source', { ...batch, sourceChainId: charging }],
  ])('T02: with %s it is another certificate', (_, other) => {
    expect(verify(three, trust, other)).toEqual({ code: 'SIGNATURE_INVALID', signer: 'GridMSP' });
  });
  test('T20: packets and receipts have different digests though lane, ends and count agree', () => {
    const { laneId, sourceChainId, destinationChainId } = batch;
    const receipts = { ...receiptBatchFixture, laneId, sourceChainId, destinationChainId };
    expect(certificateDigest(receipts, trust)).not.toEqual(certificateDigest(packetBatchOf(batch.entries[0]!), trust));
  });
  test('any change of the trust record asks for new signatures', () => {
    expect(verify(three, trustIn(city, { minimumOrganizations: 3 }))).toMatchObject({ code: 'SIGNATURE_INVALID' });
    expect(verify(three, trustIn(city, { chaincodeName: 'other' }))).toMatchObject({ code: 'SIGNATURE_INVALID' });
  });
});

describe('T12: epochs', () => {
  const next = trustIn(city, { committee: { ...trust.committee, epoch: epoch + 1 } });

  test('a certificate of the former epoch is refused after the hand-over', () => {
    expect(verify(three, next)).toEqual({ code: 'EPOCH_STALE', epoch });
  });
  test('naming the new epoch does not make old signatures new', () => {
    expect(codeOf(() => verifyQuorum(batch, epoch + 1, three, next))).toBe('SIGNATURE_INVALID');
    expect(codeOf(() => verifyQuorum(batch, epoch + 1, three, trust))).toBe('EPOCH_STALE');
  });
  test('the same committee signs anew in the new epoch', () => {
    const anew = signedBy(members.slice(0, 3), next);
    expect(codeOf(() => verifyQuorum(batch, epoch + 1, anew, next))).toBe('accepted');
  });
});

describe('a relay', () => {
  const digest = certificateDigest(batch, trust);

  test('knows which signatures are of the committee and for the digest', () => {
    expect(isSignedBy(three[0]!, digest, trust.committee.notaries)).toBe(true);
    expect(isSignedBy(three[0]!, certificateDigest(packetBatchOf(packetWith()), trust), trust.committee.notaries)).toBe(
      false,
    );
    expect(isSignedBy({ ...three[0]!, notary: microgridMember.mspId }, digest, trust.committee.notaries)).toBe(false);
    expect(
      isSignedBy({ ...three[0]!, notary: mspIdCodec.decode('StrangerMSP', '') }, digest, trust.committee.notaries),
    ).toBe(false);
    expect(isSignedBy({ ...three[0]!, signature: '' }, digest, trust.committee.notaries)).toBe(false);
  });
  test('has a digest of 32 bytes to show, and keys in PEM do as well as any', () => {
    expect(digest).toHaveLength(32);
    const key = createPrivateKey(keyNamed('notary.GridMSP').export({ format: 'pem', type: 'pkcs8' }));
    expect(isSignedBy(signBatch(batch, trust, grid.mspId, key), digest, trust.committee.notaries)).toBe(true);
  });
});
