// SPDX-License-Identifier: Apache-2.0

import { createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { type Batch } from '../records/batch';
import { signBatch } from './certificate-digest';
import { firstDigest } from '../records/statement';
import { isNotaryKey } from './notary-key';
import { decode, encode } from '../codec/codec';
import { type TrustRecord } from '../records/configuration';
import { type Evidence, evidenceFrom, evidenceCodec, type SignedBatch, verifyEvidence } from './evidence';
import { type Packet, type Receipt } from '../records/records';
import {
  charging,
  city,
  codeOf,
  grid,
  keyNamed,
  microgrid,
  microgridMember,
  packetBatchOf,
  packetWith,
  publicKeyOf,
  receiptBatchOf,
  receiptFor,
  refusalOf,
  refusedFixture,
  transferFixture,
  trustIn,
  txIdNamed,
} from '../testing';

const key = publicKeyOf(grid.notaryKey);
const trust = trustIn(city);
const later: TrustRecord = { ...trust, committee: { ...trust.committee, epoch: 8 } };
const signed = (batch: Batch, under = trust, member = grid): SignedBatch => ({
  ...{ batch, trust: under, form: firstDigest },
  signature: signBatch(batch, under, member.mspId, member.notaryKey).signature,
});
const { id } = transferFixture;
const truth = packetBatchOf(transferFixture, packetWith({ index: 1 }));
const lie = packetBatchOf(packetWith({ index: 2 }), packetWith({ quantity: 101n }));
const evidence = (a: SignedBatch, b: SignedBatch): Evidence | undefined => evidenceFrom(key, id, [a, b]);
const verdict = (of: Evidence | undefined): string => (of === undefined ? 'none' : codeOf(() => verifyEvidence(of)));

describe('T19: evidence', () => {
  test('two contents that a notary signed for one packet prove its lie, also through the wire', () => {
    const found = evidence(signed(truth), signed(lie))!;
    const lane = {
      laneId: truth.laneId,
      sourceChainId: city,
      destinationChainId: charging,
      epoch: 7,
      mode: 'federation',
    };
    const read = decode(evidenceCodec, encode(evidenceCodec, found));
    expect(verifyEvidence(read)).toEqual({ packetId: id, lanes: [lane, lane] });
  });
  test('so do two answers, of which the lane is the one that they go back along', () => {
    const [yes, no] = [receiptFor(transferFixture), refusedFixture].map((receipt) =>
      receiptBatchOf(transferFixture, receipt),
    );
    const found = evidence(signed(yes!, trustIn(charging)), signed(no!, trustIn(charging)))!;
    expect(verifyEvidence(found).lanes[1]).toMatchObject({ sourceChainId: city, destinationChainId: charging });
  });
  test('so do two lanes, two destinations, two epochs and two entries of one batch', () => {
    const elsewhere = packetBatchOf(packetWith({ destinationChainId: microgrid }));
    expect(verdict(evidence(signed(truth), signed(elsewhere)))).toBe('accepted');
    expect(verdict(evidence(signed(truth), signed(lie, later)))).toBe('accepted');
    const both = signed(packetBatchOf(transferFixture, packetWith({ memo: 'another' })));
    expect(verdict(evidence(both, both))).toBe('accepted');
  });
  test('a notary is not charged with what another signed', () => {
    expect(verdict(evidence(signed(truth), signed(lie, trust, microgridMember)))).toBe('SIGNATURE_INVALID');
    expect(verdict(evidenceFrom(publicKeyOf(microgridMember.notaryKey), id, [signed(truth), signed(lie)]))).toBe(
      'SIGNATURE_INVALID',
    );
  });
  test('there is none in batches of other kinds, sources or packets', () => {
    expect(evidence(signed(truth), signed(receiptBatchOf(transferFixture, refusedFixture)))).toBeUndefined();
    const foreign = { ...lie, sourceChainId: microgrid };
    expect(evidence(signed(truth), signed(foreign))).toBeUndefined();
    expect(evidence(signed(truth), signed(packetBatchOf(packetWith({ index: 5 }))))).toBeUndefined();
  });
});

describe('T19: no evidence is', () => {
  const found = evidence(signed(truth), signed(lie))!;
  const [one, other] = found.statements as [(typeof found.statements)[0], (typeof found.statements)[0]];
  const key384 = createPublicKey(keyNamed('p384', 'P-384')).export({ format: 'der', type: 'spki' }).toString('base64');

  test.each<[string, object, string, string]>([
    ['no statement', { statements: [] }, 'statements', 'two'],
    ['one statement', { statements: [one] }, 'statements', 'two'],
    ['a key of another curve', { publicKey: key384 }, 'publicKey', 'a P-256 public key'],
    [
      'two packets',
      { statements: [one, { ...other, entry: packetWith({ index: 2 }) }] },
      'statements.entry',
      'two contents for one packet',
    ],
    ['one content twice', { statements: [one, one] }, 'statements.entry', 'contents that differ'],
    [
      'an entry that the first signature is not for',
      { statements: [{ ...one, entryHashes: other.entryHashes }, other] },
      'statements.entryHashes',
      'the hash of the entry among them',
    ],
    [
      'an entry that the second signature is not for',
      { statements: [one, { ...other, entryHashes: one.entryHashes }] },
      'statements.entryHashes',
      'the hash of the entry among them',
    ],
  ])('%s', (_, changes, field, expected) => {
    expect(refusalOf(() => verifyEvidence({ ...found, ...changes }))).toEqual({
      code: 'EVIDENCE_INVALID',
      field,
      expected,
    });
  });
  test('what names another signer than signed', () => {
    const publicKey = publicKeyOf(microgridMember.notaryKey);
    const refusal = refusalOf(() => verifyEvidence({ ...found, publicKey }));
    expect(refusal).toEqual({ code: 'SIGNATURE_INVALID', signer: publicKey });
  });
  test('answers that other packets got', () => {
    const answer = (of: Packet, changes: Partial<Receipt> = {}): SignedBatch =>
      signed(receiptBatchOf(of, receiptFor(of, changes)), trustIn(charging));
    const refused: Partial<Receipt> = { outcome: 'refused', code: 'DEADLINE_PASSED' };
    const another = packetWith({ index: 3 });
    expect(evidence(answer(transferFixture), answer(another, refused))).toBeUndefined();
    expect(evidence(answer(another), answer(transferFixture, refused))).toBeUndefined();
    expect(evidence(answer(another), answer(another, refused))).toBeUndefined();
    expect(evidence(answer(transferFixture), answer(transferFixture))).toBeUndefined();
    expect(evidence(answer(transferFixture), answer(transferFixture, refused))).toBeDefined();
  });
});

test('T19: what an honest notary signs is never evidence, in whatever batch, order and epoch a packet comes', () => {
  const packets = Array.from({ length: 6 }, (_, index) => packetWith({ index, txId: txIdNamed('honest') }));
  const some = fc.shuffledSubarray(packets, { minLength: 1 });
  const epoch = fc.constantFrom(trust, later);
  fc.assert(
    fc.property(some, some, epoch, epoch, fc.nat(5), (first, second, under, other, pick) => {
      const [a, b] = [first, second].map((entries) => packetBatchOf(...(entries as [never, ...never[]])));
      const [one, two] = [signed(a!, under), signed(b!, other)];
      const packetId = packets[pick]!.id;
      expect(evidenceFrom(key, packetId, [one, two])).toBeUndefined();
      // Nor can anybody put it together from the pieces.
      const forged = evidenceFrom(key, packetId, [
        { ...one, batch: packetBatchOf(packets[pick]!) },
        { ...two, batch: packetBatchOf({ ...packets[pick]!, quantity: 101n }) },
      ])!;
      expect(['SIGNATURE_INVALID', 'EVIDENCE_INVALID']).toContain(verdict(forged));
    }),
    { numRuns: 50 },
  );
});

test('T07: one key has one spelling, so it cannot pass for two', () => {
  const spelled = (form: number): string => {
    const bytes = Buffer.from(key, 'base64');
    bytes.writeUInt8(form + (form === 4 ? 0 : bytes.readUInt8(90) & 1), 26);
    return bytes.toString('base64');
  };
  expect([isNotaryKey(spelled(4)), isNotaryKey(spelled(6)), isNotaryKey(spelled(2))]).toEqual([true, false, false]);
  const bytes = Buffer.from(key, 'base64');
  const offCurve = Buffer.from(bytes);
  offCurve.writeUInt8(bytes.readUInt8(90) ^ 1, 90);
  for (const other of [Buffer.concat([bytes, Buffer.from([0])]), bytes.subarray(0, 90), offCurve]) {
    expect(isNotaryKey(other.toString('base64'))).toBe(false);
  }
});

test('T19: no other text than the evidence itself is evidence: 2,000 edits of one character', () => {
  const text = encode(evidenceCodec, evidence(signed(truth), signed(lie, later))!);
  const edit = fc.record({
    at: fc.nat(text.length - 1),
    by: fc.constantFrom(...'0123456789abcdefABCDEFxyz+/="{}[],:-'.split('')),
  });
  fc.assert(
    fc.property(edit, ({ at, by }) => {
      fc.pre(text[at] !== by);
      const edited = text.slice(0, at) + by + text.slice(at + 1);
      expect(codeOf(() => verifyEvidence(decode(evidenceCodec, edited)))).not.toBe('accepted');
    }),
    { numRuns: 2_000 },
  );
});
