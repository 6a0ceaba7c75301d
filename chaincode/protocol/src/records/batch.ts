// SPDX-License-Identifier: Apache-2.0

import {
  decode,
  encode,
  list,
  oneOf,
  record,
  type Codec,
  type Decoded,
  variant,
  version1,
  version2,
} from '../codec/codec';
import { hash } from '../codec/hash';
import {
  type ChainId,
  chainIdCodec,
  type LaneId,
  laneIdCodec,
  limits,
  type TxId,
  txIdCodec,
} from '../codec/identifiers';
import { type Packet, packetCodec, type Receipt, receiptCodec } from './records';
import { Refused } from '../codec/refusal';

const laneAndEnds = { laneId: laneIdCodec, sourceChainId: chainIdCodec, destinationChainId: chainIdCodec };
const txIds = list(txIdCodec, 1, limits.batchEntries);
const packets = list(packetCodec, 1, limits.batchEntries);
const receipts = list(receiptCodec, 1, limits.batchEntries);

interface BatchOf<Kind, Entry> {
  readonly version: 2;
  readonly kind: Kind;
  readonly laneId: LaneId;
  readonly sourceChainId: ChainId;
  readonly destinationChainId: ChainId;
  /** The transactions asked for, as they were asked for. */
  readonly txIds: readonly TxId[];
  readonly entries: readonly Entry[];
}
/** Packets of one lane, travelling from its source to its destination. */
export type PacketBatch = BatchOf<'packets', Packet>;
/** Receipts of one lane, travelling from its destination to its source. */
export type ReceiptBatch = BatchOf<'receipts', Receipt>;
/** What one proof and one certificate carry; docs/spec/04-proof.md section 4.1. */
export type Batch = PacketBatch | ReceiptBatch;
export type BatchKind = Batch['kind'];
export const packetBatchCodec: Codec<PacketBatch> = record<PacketBatch>({
  version: version2,
  kind: oneOf('packets'),
  ...laneAndEnds,
  txIds,
  entries: packets,
});
export const receiptBatchCodec: Codec<ReceiptBatch> = record<ReceiptBatch>({
  version: version2,
  kind: oneOf('receipts'),
  ...laneAndEnds,
  txIds,
  entries: receipts,
});

export const packetBatch1Codec = record({
  version: version1,
  kind: oneOf('packets'),
  ...laneAndEnds,
  entries: packets,
});
export const receiptBatch1Codec = record({
  version: version1,
  kind: oneOf('receipts'),
  ...laneAndEnds,
  entries: receipts,
});
/** A batch of any version: what a reader of history meets. Only {@link Batch} is acted upon. */
export type RecordedBatch = Batch | Decoded<typeof packetBatch1Codec> | Decoded<typeof receiptBatch1Codec>;
type Batch1 = Exclude<RecordedBatch, Batch>;
const batch1Codec: Codec<Batch1> = variant<Batch1>({ packets: packetBatch1Codec, receipts: receiptBatch1Codec });
export const batchCodec: Codec<Batch> = variant<Batch>({ packets: packetBatchCodec, receipts: receiptBatchCodec });
export const recordedBatchCodec: Codec<RecordedBatch> = {
  decode: (value, field) => {
    const first = typeof value === 'object' && value !== null && 'version' in value && value.version === 1;
    return first ? batch1Codec.decode(value, field) : batchCodec.decode(value, field);
  },
  encode: (batch) => (batch.version === 1 ? batch1Codec.encode(batch) : batchCodec.encode(batch)),
};

/** The one argument of an export function. */
export interface ExportRequest {
  readonly laneId: LaneId;
  readonly txIds: readonly TxId[];
}
export const exportRequestCodec: Codec<ExportRequest> = record({
  laneId: laneIdCodec,
  txIds,
});

/** The chaincode function whose committed answer is a batch of this kind. */
export const exportFunctions: Readonly<Record<BatchKind, string>> = {
  packets: 'peg:exportPackets',
  receipts: 'peg:exportReceipts',
};

export function encodeBatch(batch: RecordedBatch): string {
  return encode(recordedBatchCodec, batch);
}

/** @throws Refused BATCH_MALFORMED */
export function decodeBatch(kind: BatchKind, json: string): Batch {
  return asBatch(() => (kind === 'packets' ? decode(packetBatchCodec, json) : decode(receiptBatchCodec, json)));
}

/** A batch of any version and kind. @throws Refused BATCH_MALFORMED */
export function decodeRecordedBatch(json: string): RecordedBatch {
  return asBatch(() => decode(recordedBatchCodec, json));
}

/** A refusal of the form, as one of a batch. */
export function asBatch<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refused && error.refusal.code === 'REQUEST_MALFORMED') {
      throw new Refused({ ...error.refusal, code: 'BATCH_MALFORMED' });
    }
    throw error;
  }
}

/** Binds a packet's whole content; docs/spec/01-encoding.md section 1.4. */
export function packetHashOf(packet: Packet): string {
  return hash('gridpeg/v1/packet', encode(packetCodec, packet));
}

export function receiptHashOf(receipt: Receipt): string {
  return hash('gridpeg/v1/receipt', encode(receiptCodec, receipt));
}

/** The hashes of a batch's entries, in order. */
export function entryHashesOf(batch: RecordedBatch): readonly string[] {
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

export function outlineOf(batch: RecordedBatch): BatchOutline {
  const { kind, laneId, sourceChainId, destinationChainId } = batch;
  return { kind, laneId, sourceChainId, destinationChainId, entryHashes: entryHashesOf(batch) };
}

/** Recomputed from all entries. */
export function batchRootOf(batch: RecordedBatch): string {
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
