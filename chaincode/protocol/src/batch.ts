// SPDX-License-Identifier: Apache-2.0

import { decode, encode, list, oneOf, record, type Shape, variant, version1 } from './codec';
import { hash } from './hash';
import { type ChainId, chainIdShape, type LaneId, laneIdShape, limits, type TxId, txIdShape } from './identifiers';
import { type Packet, packetShape, type Receipt, receiptShape } from './records';
import { Refused } from './refusal';

const laneAndEnds = { laneId: laneIdShape, sourceChainId: chainIdShape, destinationChainId: chainIdShape };

/** Packets of one lane, travelling from its source to its destination. */
export interface PacketBatch {
  readonly version: 1;
  readonly kind: 'packets';
  readonly laneId: LaneId;
  readonly sourceChainId: ChainId;
  readonly destinationChainId: ChainId;
  readonly entries: readonly Packet[];
}
export const packetBatchShape: Shape<PacketBatch> = record({
  version: version1,
  kind: oneOf('packets'),
  ...laneAndEnds,
  entries: list(packetShape, 1, limits.batchEntries),
});
/** Receipts of one lane, travelling from its destination to its source. */
export interface ReceiptBatch {
  readonly version: 1;
  readonly kind: 'receipts';
  readonly laneId: LaneId;
  readonly sourceChainId: ChainId;
  readonly destinationChainId: ChainId;
  readonly entries: readonly Receipt[];
}
export const receiptBatchShape: Shape<ReceiptBatch> = record({
  version: version1,
  kind: oneOf('receipts'),
  ...laneAndEnds,
  entries: list(receiptShape, 1, limits.batchEntries),
});
/** What one proof and one certificate carry; docs/spec/04-proof.md section 4.1. */
export type Batch = PacketBatch | ReceiptBatch;
export type BatchKind = Batch['kind'];
export const batchShape: Shape<Batch> = variant<Batch>({ packets: packetBatchShape, receipts: receiptBatchShape });

/** The one argument of an export function. */
export interface ExportRequest {
  readonly laneId: LaneId;
  readonly txIds: readonly TxId[];
}
export const exportRequestShape: Shape<ExportRequest> = record({
  laneId: laneIdShape,
  txIds: list(txIdShape, 1, limits.batchEntries),
});

/** The chaincode function whose committed answer is a batch of this kind. */
export const exportFunctions: Readonly<Record<BatchKind, string>> = {
  packets: 'peg:exportPackets',
  receipts: 'peg:exportReceipts',
};

export function encodeBatch(batch: Batch): string {
  return encode(batchShape, batch);
}

/** @throws Refused BATCH_MALFORMED */
export function decodeBatch(kind: BatchKind, json: string): Batch {
  try {
    return kind === 'packets' ? decode(packetBatchShape, json) : decode(receiptBatchShape, json);
  } catch (error) {
    if (error instanceof Refused && error.refusal.code === 'REQUEST_MALFORMED') {
      throw new Refused({ ...error.refusal, code: 'BATCH_MALFORMED' });
    }
    throw error;
  }
}

/** Binds a packet's whole content; docs/spec/01-encoding.md section 1.4. */
export function packetHashOf(packet: Packet): string {
  return hash('gridpeg/v1/packet', encode(packetShape, packet));
}

export function receiptHashOf(receipt: Receipt): string {
  return hash('gridpeg/v1/receipt', encode(receiptShape, receipt));
}

/** The hashes of a batch's entries, in order. */
export function entryHashesOf(batch: Batch): readonly string[] {
  return batch.kind === 'packets' ? batch.entries.map(packetHashOf) : batch.entries.map(receiptHashOf);
}

/** What a batch root is made of: no tree, so no confusion of leaf and node, and the count is inside. */
export interface BatchOutline {
  readonly kind: BatchKind;
  readonly laneId: LaneId;
  readonly sourceChainId: ChainId;
  readonly destinationChainId: ChainId;
  readonly entryHashes: readonly string[];
}

export function outlineOf(batch: Batch): BatchOutline {
  const { kind, laneId, sourceChainId, destinationChainId } = batch;
  return { kind, laneId, sourceChainId, destinationChainId, entryHashes: entryHashesOf(batch) };
}

/** Recomputed from all entries. */
export function batchRootOf(batch: Batch): string {
  return outlineRootOf(outlineOf(batch));
}

export function outlineRootOf(outline: BatchOutline): string {
  const { kind, laneId, sourceChainId, destinationChainId, entryHashes } = outline;
  return hash(
    'gridpeg/v1/batch',
    ...[kind, laneId, sourceChainId, destinationChainId],
    entryHashes.length,
    ...entryHashes,
  );
}
