// SPDX-License-Identifier: Apache-2.0

import { absenceCodec, exportAbsenceFunction, questionAbout, questionHashOf, type AbsenceQuestion } from './absence';
import { type Batch } from '../records/batch';
import { signBatch } from './certificate-digest';
import { firstDigest } from '../records/statement';
import { decode, encode } from '../codec/codec';
import { type TrustRecord } from '../records/configuration';
import { type EndorsedProof } from '../proof/endorsed-proof';
import { anyEvidenceCodec, verifySourceEvidence, type AbsenceEvidence, type AnswersEvidence } from './source-evidence';
import {
  charging,
  chargingMember,
  city,
  codeOf,
  grid,
  keyNamed,
  laneIdBetween,
  members,
  microgrid,
  microgridMember,
  packetBatchOf,
  packetWith,
  proofOf,
  publicKeyOf,
  receiptBatchOf,
  receiptFor,
  refusalOf,
  regulator,
  trustIn,
  txIdNamed,
  type Member,
  type ProofPlan,
} from '../testing';

const trust = trustIn(city);
const packet = packetWith();
const batch = packetBatchOf(packet, packetWith({ index: 1 }));
const lane = { laneId: laneIdBetween(city, charging), sourceChainId: city, destinationChainId: charging };
const byPeersOf = (...some: readonly Member[]): Partial<ProofPlan> => ({ endorsers: some.map(({ peer }) => peer) });

describe('T43: two answers of one source', () => {
  const truth = proofOf(batch, byPeersOf(grid, microgridMember, regulator));
  const lie = packetBatchOf(packetWith({ quantity: 101n }));
  const evidenceOf = (one: EndorsedProof, other: EndorsedProof): AnswersEvidence => {
    return { version: 1, kind: 'answers', sourceChainId: city, packetId: packet.id, proofs: [one, other] };
  };
  const verdict = (evidence: AnswersEvidence, under = trust): string =>
    codeOf(() => verifySourceEvidence(evidence, under));

  test('that give one packet two contents prove that peers which signed both lied, also through the wire', () => {
    const evidence = evidenceOf(truth, proofOf(lie, byPeersOf(grid, chargingMember, regulator)));
    expect(decode(anyEvidenceCodec, encode(anyEvidenceCodec, evidence))).toEqual(evidence);
    expect(verifySourceEvidence(evidence, trust)).toEqual({
      ...{ kind: 'answers', about: 'packets', sourceChainId: city, packetId: packet.id },
      ...{ lanes: [lane, lane], liars: [grid.mspId, regulator.mspId] },
    });
  });
  test('signed by different organizations prove that some have lied, and name none', () => {
    const proven = verifySourceEvidence(
      evidenceOf(proofOf(batch, byPeersOf(grid, regulator)), proofOf(lie, byPeersOf(microgridMember, chargingMember))),
      trust,
    );
    expect(proven).toMatchObject({ liars: [] });
  });
  test('that put one packet into two lanes concern both', () => {
    const elsewhere = packetBatchOf(packetWith({ destinationChainId: microgrid }));
    const proven = verifySourceEvidence(evidenceOf(truth, proofOf(elsewhere)), trust);
    expect(proven.lanes.map(({ laneId }) => laneId)).toEqual([lane.laneId, laneIdBetween(city, microgrid)]);
  });
  test('about a receipt are evidence as well, of the lane that it goes back along', () => {
    const [yes, no] = [receiptFor(packet), receiptFor(packet, { outcome: 'refused', code: 'DEADLINE_PASSED' })];
    const [one, other] = [yes, no].map((receipt) => proofOf(receiptBatchOf(packet, receipt)));
    const evidence = { ...evidenceOf(one!, other!), sourceChainId: charging };
    expect(verifySourceEvidence(evidence, trustIn(charging))).toMatchObject({ about: 'receipts', lanes: [lane, lane] });
  });
  test('of which one has the packet and the other has not are no contradiction: a peer may lag', () => {
    const without = proofOf(packetBatchOf(packetWith({ index: 1 })));
    expect(refusalOf(() => verifySourceEvidence(evidenceOf(truth, without), trust))).toEqual({
      ...{ code: 'EVIDENCE_INVALID', field: 'packetId', expected: 'an entry in both answers' },
    });
  });
  test('that agree about the packet are no contradiction, whatever else they say', () => {
    const other = proofOf(packetBatchOf(packet, packetWith({ index: 1, quantity: 101n })));
    expect(verdict(evidenceOf(truth, other))).toBe('EVIDENCE_INVALID');
    expect(verdict(evidenceOf(truth, truth))).toBe('EVIDENCE_INVALID');
  });
  test('of two kinds or chains, of too few organizations, or not signed by peers are none', () => {
    const receipts = proofOf({ ...receiptBatchOf(packet, receiptFor(packet)), sourceChainId: city });
    expect(verdict(evidenceOf(truth, receipts))).toBe('EVIDENCE_INVALID');
    expect(verdict(evidenceOf(truth, proofOf({ ...lie, sourceChainId: microgrid })))).toBe('PROOF_FOREIGN');
    for (const swap of [
      (a: EndorsedProof, b: EndorsedProof) => [a, b],
      (a: EndorsedProof, b: EndorsedProof) => [b, a],
    ]) {
      const [few, byClients] = [byPeersOf(grid), { endorsers: [grid.client, regulator.client] }];
      const both = (plan: Partial<ProofPlan>): AnswersEvidence =>
        evidenceOf(...(swap(truth, proofOf(lie, plan)) as [EndorsedProof, EndorsedProof]));
      expect(verdict(both(few))).toBe('ENDORSEMENTS_TOO_FEW');
      expect(verdict(both(byClients))).toBe('ENDORSER_NOT_PEER');
    }
  });
});

describe('T44: a source that denies what notaries signed', () => {
  const signedBy = (of: Batch, under: TrustRecord, ...some: readonly Member[]): AbsenceQuestion => {
    const signatures = some.map(({ mspId, notaryKey }) => ({
      publicKey: publicKeyOf(notaryKey),
      signature: signBatch(of, under, mspId, notaryKey).signature,
    }));
    return questionAbout(packet.id, of, under, signatures, firstDigest)!;
  };
  const question = signedBy(batch, trust, grid, microgridMember, chargingMember);
  const evidenceOf = (
    of: AbsenceQuestion,
    changes: Partial<ProofPlan> = {},
    asked = questionHashOf(of),
  ): AbsenceEvidence => {
    const proof = proofOf(batch, {
      args: [exportAbsenceFunction, JSON.stringify({ questionHash: asked })],
      payload: encode(absenceCodec, { version: 1, question: of, txId: txIdNamed('absence') }),
      ...byPeersOf(grid, microgridMember, regulator),
      ...changes,
    });
    return { version: 1, kind: 'absence', sourceChainId: city, proof };
  };
  const verdict = (evidence: AbsenceEvidence, under = trust): string =>
    codeOf(() => verifySourceEvidence(evidence, under));

  test('proves that they signed what was never committed, also through the wire', () => {
    const evidence = evidenceOf(question);
    expect(decode(anyEvidenceCodec, encode(anyEvidenceCodec, evidence))).toEqual(evidence);
    expect(verifySourceEvidence(evidence, trust)).toEqual({
      ...{ kind: 'absence', about: 'packets', sourceChainId: city, packetId: packet.id, lanes: [lane] },
      witnesses: [grid, microgridMember, regulator].map(({ mspId }) => mspId),
      publicKeys: [grid, microgridMember, chargingMember].map(({ notaryKey }) => publicKeyOf(notaryKey)),
      epoch: 7,
      mode: 'federation',
    });
  });
  test('does so by more than half of its organizations, even where fewer are enough for a packet', () => {
    expect(trust.minimumOrganizations).toBe(2);
    expect(refusalOf(() => verifySourceEvidence(evidenceOf(question, byPeersOf(grid, regulator)), trust))).toEqual({
      ...{ code: 'ENDORSEMENTS_TOO_FEW', found: 2, required: 3 },
    });
    expect(verdict(evidenceOf(question), { ...trust, minimumOrganizations: 4 })).toBe('ENDORSEMENTS_TOO_FEW');
    expect(verdict(evidenceOf(question, byPeersOf(...members)), { ...trust, minimumOrganizations: 4 })).toBe(
      'accepted',
    );
  });
  test('accuses nobody of what it did not sign', () => {
    const [first, ...others] = question.signatures;
    const framed = { publicKey: publicKeyOf(regulator.notaryKey), signature: first!.signature };
    expect(verdict(evidenceOf({ ...question, signatures: [framed, ...others] }))).toBe('SIGNATURE_INVALID');
    const another = signedBy(packetBatchOf(packetWith({ index: 1 })), trust, regulator);
    expect(another).toBeUndefined();
    const p384 = publicKeyOf(keyNamed('p384', 'P-384'));
    const curve = { ...question, signatures: [{ publicKey: p384, signature: first!.signature }] };
    expect(verdict(evidenceOf(curve))).toBe('SIGNATURE_INVALID');
    expect(verdict(evidenceOf({ ...question, signatures: [first!, first!] }))).toBe('NOTARY_REPEATED');
  });
  test('accuses nobody of an entry that is not in what it signed', () => {
    const statement = { ...question.statement, entry: packetWith({ quantity: 101n }) };
    expect(verdict(evidenceOf({ ...question, statement } as AbsenceQuestion))).toBe('EVIDENCE_INVALID');
  });
  test('is bound to the question, the chain and the function that were asked', () => {
    expect(verdict(evidenceOf(question, {}, 'a'.repeat(64)))).toBe('EVIDENCE_INVALID');
    const foreign = signedBy({ ...batch, sourceChainId: microgrid }, trustIn(microgrid), grid);
    expect(verdict(evidenceOf(foreign))).toBe('EVIDENCE_INVALID');
    expect(verdict(evidenceOf(question), trustIn(microgrid))).toBe('PROOF_FOREIGN');
    const request = JSON.stringify({ questionHash: questionHashOf(question) });
    for (const args of [
      ['evidence:declareAbsence', request],
      ['peg:exportPackets', request],
      [exportAbsenceFunction],
      [exportAbsenceFunction, request, ''],
    ]) {
      expect(verdict(evidenceOf(question, { args }))).toBe('PROOF_FOREIGN');
    }
    expect(verdict({ ...evidenceOf(question), proof: proofOf(batch) })).toBe('PROOF_FOREIGN');
  });
  test('is no packet that could be received', () => {
    const { proof } = evidenceOf(question);
    expect(
      verdict({
        version: 1,
        kind: 'answers',
        sourceChainId: city,
        packetId: packet.id,
        proofs: [proof, proof],
      } as never),
    ).toBe('PROOF_FOREIGN');
  });
  test('names the packet and lane of a receipt that was never given', () => {
    const receipts = receiptBatchOf(packet, receiptFor(packet));
    const asked = signedBy(receipts, trustIn(charging), grid);
    const evidence = { ...evidenceOf(asked, { channel: 'charging' }), sourceChainId: charging };
    expect(verifySourceEvidence(evidence, trustIn(charging))).toMatchObject({
      ...{ about: 'receipts', packetId: packet.id, lanes: [lane] },
    });
  });
});
