// SPDX-License-Identifier: Apache-2.0

import { limits, type OutboxRecord } from '@gridpeg/protocol';
import {
  charging,
  city,
  codeOf,
  laneBetween,
  microgrid,
  packetBatchOf,
  packetWith,
  receiptFor,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import { endsOf, exportBatch } from './export-batch';

const lane = laneBetween(city, charging);

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
