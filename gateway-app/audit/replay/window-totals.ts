// SPDX-License-Identifier: Apache-2.0

import { currentUsage, shardIn, shareOf, txIdCodec, windowStart, type Window } from '@gridpeg/protocol';
import { type AuditTransaction } from '../blocks/audit-block';

/** A shard that took in more than its part of a window. */
export interface Excess {
  readonly allowed: bigint;
  readonly found: bigint;
}

/**
 * Counts what goes through windows of time, by shard; docs/spec/03-transfer.md section 3.5. The ledger's own usage
 * records are not asked.
 */
export class WindowTotals {
  readonly #counted = new Map<string, { readonly startMs: bigint; readonly used: bigint }>();

  /**
   * @param name - of what is counted together
   * @returns what is wrong; undefined while the shard is within its part
   */
  add(
    name: string,
    window: Window,
    quantity: bigint,
    { txId, timeMs }: Pick<AuditTransaction, 'txId' | 'timeMs'>,
  ): Excess | undefined {
    const key = `${name} ${shardIn(window, txIdCodec.decode(txId, 'txId')).toString()}`;
    const startMs = windowStart(window, timeMs);
    const { used, ...current } = currentUsage(this.#counted.get(key), startMs) ?? { startMs, used: 0n };
    const found = used + quantity;
    this.#counted.set(key, { ...current, used: found });
    const allowed = shareOf(window);
    return found > allowed ? { allowed, found } : undefined;
  }
}
