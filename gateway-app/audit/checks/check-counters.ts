// SPDX-License-Identifier: Apache-2.0

import {
  assetUsageCodec,
  currentUsage,
  encode,
  labelBehind,
  labelHashOf,
  shardIn,
  txIdCodec,
  rateLimitUsageCodec,
  windowStart,
  type AssetUsage,
  type RateLimitUsage,
  type Window,
} from '@gridpeg/protocol';
import { type Report } from '../report/finding';
import { type CarriedBatch } from '../replay/carried-batch';
import { type LedgerState } from '../replay/ledger-state';
import { receivedBy } from '../replay/received-by';
import { recordBefore, type TransactionFacts } from '../replay/transaction-facts';

/**
 * Recomputes what each transaction leaves in the counters of windows: what was there before, and what it let in or
 * issued. A counter that is too low would let in more than members allow, one that is too high less;
 * docs/spec/03-transfer.md section 3.5 and docs/spec/02-notes.md section 2.1.
 */
export class CounterWatch {
  /** Whether the ledger has counted by label yet: before, it counted by asset, and refunds too. */
  #byLabel = false;

  /** @param state - as the transaction left it; transactions that count change no lane and no asset */
  check(facts: TransactionFacts, carried: CarriedBatch, state: LedgerState, report: Report): void {
    const { usage, 'asset-usage': assetUsage } = facts.written;
    const byLabel = usage.filter((each) => each.version === 2);
    const byAsset = usage.filter((each) => each.version === 1);
    this.#byLabel ||= byLabel.length > 0;
    if (this.#byLabel || byAsset.length === 0) {
      const found = usage.map((each) => encode(rateLimitUsageCodec, each));
      const expected = usagesAfter(facts, carried, state).map((each) => encode(rateLimitUsageCodec, each));
      compare(found, expected, report);
    }
    const found = assetUsage.map((each) => encode(assetUsageCodec, each));
    compare(
      found,
      assetUsagesAfter(facts, state).map((each) => encode(assetUsageCodec, each)),
      report,
    );
  }
}

/** The usage of each lane, asset and label of which something was received. */
function usagesAfter(facts: TransactionFacts, carried: CarriedBatch, state: LedgerState): readonly RateLimitUsage[] {
  const usages = new Map<string, RateLimitUsage>();
  for (const { laneId, asset, label: sent, quantity } of receivedBy(facts, carried)) {
    const lane = state.get('lane', laneId);
    if (lane === undefined) continue;
    const label = labelBehind(sent, lane);
    const { shard, startMs } = placeIn(lane.window, facts);
    const key = [laneId, asset, labelHashOf(label), shard.toString()];
    const before = recordBefore(facts.before, 'usage', ...key);
    const current = before?.version === 2 ? currentUsage(before, startMs) : undefined;
    const fresh: RateLimitUsage = { version: 2, laneId, asset, label, shard, startMs, used: 0n };
    const usage = usages.get(key.join()) ?? current ?? fresh;
    usages.set(key.join(), { ...usage, used: usage.used + quantity });
  }
  return [...usages.values()];
}

/** The usage of each asset of which something was issued. Assets of the first version have no window. */
function assetUsagesAfter(facts: TransactionFacts, state: LedgerState): readonly AssetUsage[] {
  const usages = new Map<string, AssetUsage>();
  for (const { kind, asset, quantity } of facts.written.supply) {
    const record = kind === 'issued' ? state.get('asset', asset) : undefined;
    if (record === undefined || !('window' in record)) continue;
    const { shard, startMs } = placeIn(record.window, facts);
    const current = currentUsage(recordBefore(facts.before, 'asset-usage', asset, shard.toString()), startMs);
    const fresh: AssetUsage = { version: 1, asset, shard, startMs, used: 0n };
    const usage = usages.get(asset) ?? current ?? fresh;
    usages.set(asset, { ...usage, used: usage.used + quantity });
  }
  return [...usages.values()];
}

function placeIn(
  window: Window,
  { transaction }: TransactionFacts,
): { readonly shard: number; readonly startMs: bigint } {
  const { txId, timeMs } = transaction;
  return { shard: shardIn(window, txIdCodec.decode(txId, 'txId')), startMs: windowStart(window, timeMs) };
}

function compare(found: readonly string[], expected: readonly string[], report: Report): void {
  const wrong = found.filter((each) => !expected.includes(each));
  const missing = expected.filter((each) => !found.includes(each));
  if (wrong.length + missing.length === 0) return;
  report('COUNTER_DIFFERS', 'counter of a window', missing.join(' ') || 'none', wrong.join(' ') || 'none');
}
