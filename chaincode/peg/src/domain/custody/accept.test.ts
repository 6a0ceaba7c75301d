// SPDX-License-Identifier: Apache-2.0

import { limits, type Certificate, type MspId, type OutboxRecord } from '@gridpeg/protocol';
import {
  certify,
  charging,
  city,
  codeOf,
  laneBetween,
  microgrid,
  packetBatchOf,
  packetBatchFixture as batch,
  packetWith,
  receiptBatchFixture,
  receiptFor,
  refusalOf,
  trustIn,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import { endsOf, exportBatch } from '../packets/export-batch';
import { accept, custodyReads } from './accept';

const lane = laneBetween(city, charging);
const trust = trustIn(city);
const nobody: ReadonlySet<string> = new Set();
const proven = (all: object): object => ({ batch: all, insufficient: new Map() });
const valid = certify(batch, trust);
const acceptsAs = (certificate: Certificate, of = lane, under = trust, at = charging): string =>
  codeOf(() => accept('packets', certificate, of, { trust: under, suspended: nobody }, at));

describe('PEG-7: federation', () => {
  test('accepts packets with proof and quorum at their destination, receipts at the lane’s source', () => {
    expect(accept('packets', valid, lane, { trust, suspended: nobody }, charging)).toEqual(proven(batch));
    const receipts = certify(receiptBatchFixture, trustIn(charging));
    expect(accept('receipts', receipts, lane, { trust: trustIn(charging), suspended: nobody }, city)).toEqual(
      proven(receiptBatchFixture),
    );
  });
  test('demands the proof, and demands the quorum', () => {
    const other = packetBatchOf(packetWith({ quantity: 101n }), batch.entries[1]!);
    expect(acceptsAs({ ...valid, proof: { ...valid.proof, endorsements: valid.proof.endorsements.slice(1) } })).toBe(
      'ENDORSEMENTS_TOO_FEW',
    );
    expect(acceptsAs({ ...valid, signatures: valid.signatures.slice(1) })).toBe('NOTARIES_TOO_FEW');
    expect(acceptsAs({ ...valid, proof: certify(other, trust).proof })).toBe('SIGNATURE_INVALID');
    expect(acceptsAs({ ...valid, epoch: 6 })).toBe('EPOCH_STALE');
  });
  test('reads the standing of those notaries that signed, and of no others', () => {
    const signers = valid.signatures.map(({ notary }) => notary);
    expect(custodyReads(valid, lane, trust).notaries.map(({ mspId }) => mspId)).toEqual(signers);
    expect(custodyReads({ ...valid, signatures: [] }, lane, trust)).toEqual({ notaries: [] });
    const stranger = { ...valid.signatures[0]!, notary: 'StrangerMSP' as MspId };
    expect(custodyReads({ ...valid, signatures: [stranger] }, lane, trust)).toEqual({ notaries: [] });
  });
  test('T13: a suspended key does not count towards the quorum', () => {
    const suspended = new Set(trust.committee.notaries.slice(0, 1).map(({ publicKey }) => publicKey));
    const refused = refusalOf(() => accept('packets', valid, lane, { trust, suspended }, charging));
    expect(refused).toMatchObject({ code: 'NOTARIES_TOO_FEW' });
  });
  test('T02: refuses the other direction, another destination and another source', () => {
    expect(acceptsAs(valid, lane, trust, city)).toBe('LANE_UNKNOWN');
    expect(acceptsAs(valid, lane, trust, microgrid)).toBe('LANE_UNKNOWN');
    expect(acceptsAs(valid, lane, trustIn(microgrid))).toBe('LANE_UNKNOWN');
    expect(acceptsAs(valid, laneBetween(charging, city), trustIn(charging), city)).toBe('PROOF_FOREIGN');
    expect(
      codeOf(() => accept('receipts', valid, laneBetween(charging, city), { trust, suspended: nobody }, charging)),
    ).toBe('PROOF_FOREIGN');
  });
  test('T02: refuses a batch for another chain than the lane’s, though all signed it', () => {
    const astray = { ...batch, destinationChainId: microgrid };
    expect(
      refusalOf(() => accept('packets', certify(astray, trust), lane, { trust, suspended: nobody }, charging)),
    ).toEqual({
      code: 'PROOF_FOREIGN',
      field: 'batch.destinationChainId',
    });
  });
  test('refuses a batch of another lane between the same chains, and packets in place of receipts', () => {
    const another = { ...lane, id: laneBetween(city, microgrid).id };
    const refusal = { code: 'PROOF_FOREIGN', field: 'batch' };
    expect(refusalOf(() => accept('packets', valid, another, { trust, suspended: nobody }, charging))).toEqual(refusal);
    const turned = { ...lane, sourceChainId: charging, destinationChainId: city };
    expect(refusalOf(() => accept('receipts', valid, turned, { trust, suspended: nobody }, charging))).toEqual(refusal);
  });
  test('refuses another custody mode than the lane’s', () => {
    const other = { ...lane, custody: 'other' as 'federation' };
    expect(acceptsAs(valid, other)).toBe('CUSTODY_MISMATCH');
    expect(codeOf(() => custodyReads(valid, other, trust))).toBe('CUSTODY_MISMATCH');
  });
});

describe('exports', () => {
  const record: OutboxRecord = {
    version: 1,
    packets: [packetWith(), packetWith({ index: 1, destinationChainId: microgrid })],
    receipts: [receiptFor(packetWith({ sourceChainId: charging, destinationChainId: city }))],
  };

  const txIds = [packetWith().txId];

  test('carry the entries of one lane, in the order of the records', () => {
    expect(exportBatch('packets', lane, txIds, [record], city)).toEqual(packetBatchOf(packetWith()));
    const back = laneBetween(charging, city);
    const elsewhere = receiptFor(packetWith({ sourceChainId: microgrid, destinationChainId: city }));
    const mixed = { ...record, receipts: [...record.receipts, elsewhere] };
    const receipts = exportBatch('receipts', back, txIds, [mixed], city);
    expect(receipts).toMatchObject({ sourceChainId: city, destinationChainId: charging, entries: record.receipts });
    expect(receipts.txIds).toEqual(txIds);
    expect(endsOf('receipts', back)).toEqual({ sourceChainId: city, destinationChainId: charging });
  });
  test('T02: of a lane that does not leave here, or receipts of one that does not come here, are refused', () => {
    expect(codeOf(() => exportBatch('packets', laneBetween(charging, city), txIds, [record], city))).toBe(
      'LANE_UNKNOWN',
    );
    expect(codeOf(() => exportBatch('receipts', lane, txIds, [record], city))).toBe('LANE_UNKNOWN');
  });
  test('T39: say which transactions were asked for, in the order asked', () => {
    const others = [txIdNamed('other'), ...txIds, txIdNamed('another')];
    expect(exportBatch('packets', lane, others, [record], city).txIds).toEqual(others);
  });
  test('of nothing, and of more than a batch may hold, are refused', () => {
    expect(codeOf(() => exportBatch('packets', lane, txIds, [], city))).toBe('BATCH_EMPTY');
    const packets = Array.from({ length: limits.batchEntries }, (_, index) => packetWith({ index }));
    expect(codeOf(() => exportBatch('packets', lane, txIds, [{ ...record, packets }], city))).toBe('accepted');
    expect(codeOf(() => exportBatch('packets', lane, txIds, [{ ...record, packets }, record], city))).toBe(
      'BATCH_TOO_LARGE',
    );
  });
});
