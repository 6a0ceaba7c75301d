// SPDX-License-Identifier: Apache-2.0

import {
  custodyModes,
  type Certificate,
  type CustodyMode,
  type Lane,
  type LaneCustody,
  type ModeCertificate,
  type MspId,
  type TrustRecord,
} from '@gridpeg/protocol';
import {
  certify,
  certifyFor,
  charging,
  chargingMember,
  city,
  codeOf,
  grid,
  laneBetween,
  members,
  microgrid,
  microgridMember,
  packetBatchFixture as batch,
  packetBatchOf,
  packetWith,
  publicKeyOf,
  receiptBatchFixture,
  refusalOf,
  trustIn,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import { accept, custodyReads } from './accept';

/** What a lane of each mode says; the first member is the custodian. */
const custodies: { readonly [Mode in CustodyMode]: LaneCustody } = {
  federation: { mode: 'federation' },
  notary: { mode: 'notary' },
  custodian: { mode: 'custodian', custodian: { mspId: grid.mspId, publicKey: publicKeyOf(grid.notaryKey) } },
};
const trust = trustIn(city);
const nobody: ReadonlySet<string> = new Set();
const proven = (all: object): object => ({ batch: all, insufficient: new Map() });
const laneOf = (mode: CustodyMode, ends = [city, charging] as const): Lane =>
  laneBetween(...ends, { custody: custodies[mode] });
const acceptsAs = (certificate: Certificate, of: Lane, under = trust, at = charging): string =>
  codeOf(() => accept('packets', certificate, of, { trust: under, suspended: nobody }, at));
const changed = packetBatchOf(packetWith({ quantity: 101n }), batch.entries[1]!);

describe.each(custodyModes)('PEG-7: the custody mode %s', (mode) => {
  const lane = laneOf(mode);
  const valid = certifyFor(mode, batch, trust);
  const { evidence } = valid;

  test('accepts packets at their destination, receipts at the lane’s source', () => {
    expect(accept('packets', valid, lane, { trust, suspended: nobody }, charging)).toEqual(proven(batch));
    const receipts = certifyFor(mode, receiptBatchFixture, trustIn(charging));
    const view = { trust: trustIn(charging), suspended: nobody };
    expect(accept('receipts', receipts, lane, view, city)).toEqual(proven(receiptBatchFixture));
  });
  test('T10: believes no other batch than the one that was signed, and none that nobody signed', () => {
    expect(acceptsAs({ ...valid, batch: changed }, lane)).not.toBe('accepted');
    const wrong = certifyFor(mode, batch, trust, [microgridMember, chargingMember, grid]);
    const strangers = certifyFor(mode, batch, trust, [{ ...grid, notaryKey: chargingMember.notaryKey }, ...members]);
    expect(acceptsAs(strangers, lane)).not.toBe('accepted');
    expect(acceptsAs(wrong, lane)).toBe(mode === 'custodian' ? 'NOTARY_STRANGER' : 'accepted');
  });
  test('T12: refuses another epoch, and a signature under another trust record', () => {
    expect(acceptsAs({ ...valid, evidence: { ...evidence, epoch: 6 } }, lane)).toBe('EPOCH_STALE');
    const other: TrustRecord = { ...trust, minimumOrganizations: 3 };
    expect(acceptsAs(certifyFor(mode, batch, other), lane)).toBe('SIGNATURE_INVALID');
  });
  test('reads the standing of those that signed, and of no others', () => {
    const signers = mode === 'custodian' ? [grid.mspId] : members.slice(0, 3).map(({ mspId }) => mspId);
    expect(custodyReads(valid, lane, trust).notaries.map(({ mspId }) => mspId)).toEqual(signers);
    const stranger = 'StrangerMSP' as MspId;
    const signed = 'signature' in evidence ? evidence.signature : evidence.signatures[0]!;
    const strange =
      'signature' in evidence
        ? { ...evidence, signature: { ...signed, notary: stranger } }
        : { ...evidence, signatures: [{ ...signed, notary: stranger }] };
    expect(custodyReads({ ...valid, evidence: strange }, lane, trust)).toEqual({ notaries: [] });
    expect(acceptsAs({ ...valid, evidence: strange }, lane)).toBe('NOTARY_STRANGER');
  });
  test('T13: a suspended key does not count', () => {
    const suspended = new Set([publicKeyOf(grid.notaryKey)]);
    const refused = refusalOf(() => accept('packets', valid, lane, { trust, suspended }, charging));
    const [found, required] = mode === 'custodian' ? [0, 1] : [2, 3];
    expect(refused).toEqual({ code: 'NOTARIES_TOO_FEW', found, required });
  });
  test('T02: refuses the other direction, another destination and another source', () => {
    expect(acceptsAs(valid, lane, trust, city)).toBe('LANE_UNKNOWN');
    expect(acceptsAs(valid, lane, trust, microgrid)).toBe('LANE_UNKNOWN');
    expect(acceptsAs(valid, lane, trustIn(microgrid))).toBe('LANE_UNKNOWN');
    const back = laneOf(mode, [charging, city]);
    expect(acceptsAs(valid, back, trustIn(charging), city)).toBe('PROOF_FOREIGN');
    const view = { trust, suspended: nobody };
    expect(codeOf(() => accept('receipts', valid, back, view, charging))).toBe('PROOF_FOREIGN');
  });
  test('T02: refuses a batch for another chain than the lane’s, though all signed it', () => {
    const astray = certifyFor(mode, { ...batch, destinationChainId: microgrid }, trust);
    const refusal = { code: 'PROOF_FOREIGN', field: 'batch.destinationChainId' };
    expect(refusalOf(() => accept('packets', astray, lane, { trust, suspended: nobody }, charging))).toEqual(refusal);
  });
  test('T02: refuses a batch of another source than the trusted one, though all signed it', () => {
    const astray = certifyFor(mode, { ...batch, sourceChainId: microgrid }, trust);
    expect(acceptsAs(astray, lane)).toBe('PROOF_FOREIGN');
  });
  test('T39: refuses packets of another transaction than those asked for, though all signed them', () => {
    const other = certifyFor(mode, { ...batch, txIds: [txIdNamed('another')] }, trust);
    expect(acceptsAs(other, lane)).toBe('PROOF_FOREIGN');
  });
  test('refuses a batch of another lane between the same chains, and packets in place of receipts', () => {
    const another = { ...lane, id: laneBetween(city, microgrid).id };
    const refusal = { code: 'PROOF_FOREIGN', field: 'batch' };
    const view = { trust, suspended: nobody };
    expect(refusalOf(() => accept('packets', valid, another, view, charging))).toEqual(refusal);
    const turned = { ...lane, sourceChainId: charging, destinationChainId: city };
    expect(refusalOf(() => accept('receipts', valid, turned, view, charging))).toEqual(refusal);
  });
  test('T52: refuses the evidence of every other mode', () => {
    for (const other of custodyModes.filter((each) => each !== mode)) {
      const foreign = certifyFor(other, batch, trust);
      expect(acceptsAs(foreign, lane)).toBe('CUSTODY_MISMATCH');
      expect(codeOf(() => custodyReads(foreign, lane, trust))).toBe('CUSTODY_MISMATCH');
    }
  });
  test('T52: refuses what was signed for every other mode, and by digest 1, in the form of its own evidence', () => {
    for (const other of custodyModes.filter((each) => each !== mode)) {
      const { evidence: signed } = certifyFor(other, batch, trust);
      const [first] = 'signature' in signed ? [signed.signature] : signed.signatures;
      const all = 'signature' in signed ? [signed.signature] : signed.signatures;
      const moved = 'signature' in evidence ? { ...evidence, signature: first! } : { ...evidence, signatures: all };
      // A custodian's one signature is no threshold, so three custodians of as many lanes sign in its place.
      const code = other === 'custodian' ? 'NOTARIES_TOO_FEW' : 'SIGNATURE_INVALID';
      expect(acceptsAs({ ...valid, evidence: moved }, lane)).toBe(code);
    }
    const earlier = certify(batch, trust);
    const moved =
      'signature' in evidence
        ? { ...evidence, signature: earlier.signatures[0]! }
        : { ...evidence, signatures: earlier.signatures };
    expect(acceptsAs({ ...valid, evidence: moved }, lane)).toBe('SIGNATURE_INVALID');
  });
  test('takes certificates of earlier versions for the mode federation only', () => {
    for (const version of [1, 2] as const) {
      const earlier = certify(batch, trust, { version });
      expect(acceptsAs(earlier, lane)).toBe(mode === 'federation' ? 'accepted' : 'CUSTODY_MISMATCH');
    }
  });
});

describe('PEG-7: federation', () => {
  const lane = laneOf('federation');
  const valid = certifyFor('federation', batch, trust);
  const { evidence } = valid;
  if (evidence.mode !== 'federation') throw new Error('another mode');
  const { proof, signatures } = evidence;
  const withEvidence = (changes: Partial<typeof evidence>): ModeCertificate => ({
    ...valid,
    evidence: { ...evidence, ...changes },
  });

  test('demands the proof, and demands the quorum', () => {
    const short = { ...proof, endorsements: proof.endorsements.slice(1) };
    expect(acceptsAs(withEvidence({ proof: short }), lane)).toBe('ENDORSEMENTS_TOO_FEW');
    expect(acceptsAs(withEvidence({ signatures: signatures.slice(1) }), lane)).toBe('NOTARIES_TOO_FEW');
    const { proof: other } = certify(changed, trust);
    expect(acceptsAs(withEvidence({ proof: other }), lane)).toBe('PROOF_FOREIGN');
    expect(acceptsAs({ ...withEvidence({ proof: other }), batch: changed }, lane)).toBe('SIGNATURE_INVALID');
  });
});

describe('PEG-7: notary', () => {
  test('demands the quorum', () => {
    const valid = certifyFor('notary', batch, trust, members.slice(0, 2));
    expect(acceptsAs(valid, laneOf('notary'))).toBe('NOTARIES_TOO_FEW');
  });
});
