// SPDX-License-Identifier: Apache-2.0

import {
  classOf,
  currentUsage,
  shardIn,
  shareOf,
  windowStart,
  type AssetId,
  type Label,
  type Lane,
  type TxId,
  type RateLimitUsage,
} from '@gridpeg/protocol';
import type { Transaction } from '../transaction';

/** What is counted together. */
export interface ValueClass {
  readonly asset: AssetId;
  /** As on this chain. */
  readonly label: Label;
}

/** The shard of a lane's window that a transaction counts in. */
export function shardOf(lane: Lane, txId: TxId): number {
  return shardIn(lane.window, txId);
}

/**
 * Counts what one transaction lets in through a lane, of each asset and label, against its shard's part of the window
 * (PEG-11).
 *
 * @see docs/spec/03-transfer.md section 3.5
 */
export class RateLimiter {
  readonly #lane: Lane;
  readonly #shard: number;
  readonly #startMs: bigint;
  readonly #share: bigint;
  readonly #usages: Map<string, RateLimitUsage>;
  readonly #touched = new Set<string>();

  /** @param usages - this ledger's records of the lane and the transaction's shard, those that there are */
  constructor(lane: Lane, usages: readonly RateLimitUsage[], transaction: Pick<Transaction, 'txId' | 'timeMs'>) {
    this.#lane = lane;
    this.#shard = shardOf(lane, transaction.txId);
    this.#startMs = windowStart(lane.window, transaction.timeMs);
    this.#share = shareOf(lane.window);
    const current = usages.flatMap((usage) => currentUsage(usage, this.#startMs) ?? []);
    this.#usages = new Map(current.map((usage) => [classOf(usage), usage]));
  }

  /** Whether as much may still come in. */
  allows(value: ValueClass, quantity: bigint): boolean {
    return (this.#usages.get(classOf(value))?.used ?? 0n) + quantity <= this.#share;
  }

  /** Counts what comes in; the caller has asked before. */
  count(value: ValueClass, quantity: bigint): void {
    const { asset, label } = value;
    const { id: laneId } = this.#lane;
    const fresh: RateLimitUsage = {
      version: 2,
      laneId,
      asset,
      label,
      shard: this.#shard,
      startMs: this.#startMs,
      used: 0n,
    };
    const usage = this.#usages.get(classOf(value)) ?? fresh;
    this.#usages.set(classOf(value), { ...usage, used: usage.used + quantity });
    this.#touched.add(classOf(value));
  }

  /** Records to store. */
  close(): readonly RateLimitUsage[] {
    return [...this.#usages.values()].filter((usage) => this.#touched.has(classOf(usage)));
  }
}
