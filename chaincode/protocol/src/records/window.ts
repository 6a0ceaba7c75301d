// SPDX-License-Identifier: Apache-2.0

import { decimal, integer, record, type Codec } from '../codec/codec';
import { quantityCodec, type TxId } from '../codec/identifiers';

/** What a lane may move, or an asset's issuers may make, in a window of time; docs/spec/03-transfer.md section 3.5. */
export interface Window {
  readonly lengthMs: bigint;
  /** In the asset's unit, on one ledger. */
  readonly quantity: bigint;
  /** Into how many parts, each counted by itself, the quantity is divided. */
  readonly shards: number;
}
export const windowCodec: Codec<Window> = record({
  lengthMs: decimal(60_000n, 31n * 24n * 3600n * 1000n),
  quantity: quantityCodec,
  shards: integer(1, 256),
});

/** The shard that a transaction counts in. Whoever makes the transaction may choose it: each has its own limit. */
export function shardIn({ shards }: Window, txId: TxId): number {
  return Number.parseInt(txId.slice(0, 8), 16) % shards;
}

/** What one shard may move in a window. */
export function shareOf({ quantity, shards }: Window): bigint {
  return quantity / BigInt(shards);
}

/** When the window of that time began. */
export function windowStart({ lengthMs }: Window, timeMs: bigint): bigint {
  return timeMs - (timeMs % lengthMs);
}

/** The record if it still counts. One of a later window is used as it is: a transaction dated back gains nothing. */
export function currentUsage<T extends { readonly startMs: bigint }>(
  usage: T | undefined,
  startMs: bigint,
): T | undefined {
  return usage !== undefined && usage.startMs >= startMs ? usage : undefined;
}
