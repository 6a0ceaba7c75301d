// SPDX-License-Identifier: Apache-2.0

import {
  limits,
  Refused,
  type BatchKind,
  type ChainId,
  type Batch,
  type Lane,
  type OutboxRecord,
  type TxId,
} from '@gridpeg/protocol';

/**
 * The batch that a proof of committed outbox records carries.
 *
 * @param txIds - what was asked for
 * @param records - of those transactions, committed outbox records of this chain
 * @throws Refused LANE_UNKNOWN when the lane does not leave (packets) or reach (receipts) this chain, BATCH_EMPTY,
 * BATCH_TOO_LARGE
 * @see docs/spec/04-proof.md section 4.1
 */
export function exportBatch(
  kind: BatchKind,
  lane: Lane,
  txIds: readonly TxId[],
  records: readonly OutboxRecord[],
  chainId: ChainId,
): Batch {
  const ends = endsOf(kind, lane);
  if (ends.sourceChainId !== chainId) throw new Refused({ code: 'LANE_UNKNOWN', laneId: lane.id });
  const asked = { version: 2, laneId: lane.id, ...ends, txIds } as const;
  const batch: Batch =
    kind === 'packets'
      ? { ...asked, kind, entries: records.flatMap((r) => r.packets).filter((p) => p.laneId === lane.id) }
      : { ...asked, kind, entries: records.flatMap((r) => r.receipts).filter((r) => r.laneId === lane.id) };
  if (batch.entries.length === 0) throw new Refused({ code: 'BATCH_EMPTY', maximum: limits.batchEntries });
  if (batch.entries.length > limits.batchEntries) {
    throw new Refused({ code: 'BATCH_TOO_LARGE', maximum: limits.batchEntries });
  }
  return batch;
}

/** Packets travel along the lane, receipts against it. */
export function endsOf(
  kind: BatchKind,
  lane: Lane,
): { readonly sourceChainId: ChainId; readonly destinationChainId: ChainId } {
  return kind === 'packets'
    ? { sourceChainId: lane.sourceChainId, destinationChainId: lane.destinationChainId }
    : { sourceChainId: lane.destinationChainId, destinationChainId: lane.sourceChainId };
}
