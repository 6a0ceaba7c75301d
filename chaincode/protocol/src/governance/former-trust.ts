// SPDX-License-Identifier: Apache-2.0

import { encode, integer, list, record, type Codec, version1 } from '../codec/codec';
import { type ChainId, chainIdCodec, limits, timeMsCodec, type TxId, txIdCodec } from '../codec/identifiers';
import { type Configuration, type TrustRecord, trustRecordCodec } from '../records/configuration';
import { requiresTimelock } from './requires-timelock';

/**
 * A trust record as it was before an urgent configuration changed it. Evidence is judged under it too, until those whom
 * the change left out have had as long to speak as they would have had before a change that is not urgent. Nothing is
 * received by it.
 *
 * @see docs/spec/08-governance.md section 8.5
 */
export interface FormerTrust {
  readonly version: 1;
  /** Which of the places for this chain it takes; one whose time is over makes room. */
  readonly slot: number;
  readonly trust: TrustRecord;
  /** Evidence counts before this time; Unix milliseconds. */
  readonly untilMs: bigint;
  /** The transaction that changed the trust record. */
  readonly txId: TxId;
}
export const formerTrustCodec: Codec<FormerTrust> = record({
  version: version1,
  slot: integer(0, limits.formerTrust - 1),
  trust: trustRecordCodec,
  untilMs: timeMsCodec,
  txId: txIdCodec,
});

/** Under which trust records does a ledger judge evidence about what a committee of this epoch signed? */
export interface TrustRecordsRequest {
  readonly chainId: ChainId;
  readonly epoch: number;
}
export const trustRecordsRequestCodec: Codec<TrustRecordsRequest> = record({
  chainId: chainIdCodec,
  epoch: integer(0, 2 ** 31 - 1),
});
/**
 * The one in force first. Each names the committee of that epoch, so that one of them is what its notaries signed
 * under.
 */
export interface TrustRecordsResponse {
  readonly trustRecords: readonly TrustRecord[];
}
export const trustRecordsResponseCodec: Codec<TrustRecordsResponse> = record({
  trustRecords: list(trustRecordCodec, 0, limits.formerTrust + 1),
});

/** The change, and the former trust records that there are already. */
interface TrustChange {
  readonly txId: TxId;
  readonly timeMs: bigint;
  readonly known: readonly FormerTrust[];
}

/** Those trust records in force that a configuration changes. */
export function changedTrust(
  next: Pick<Configuration, 'chains'>,
  { chains }: Pick<Configuration, 'chains'>,
): readonly TrustRecord[] {
  const texts = new Set(next.chains.map((trust) => encode(trustRecordCodec, trust)));
  return chains.filter((trust) => !texts.has(encode(trustRecordCodec, trust)));
}

/** Those former trust records under which evidence is still judged at a time. */
export function unexpiredTrust(known: readonly FormerTrust[], timeMs: bigint): readonly FormerTrust[] {
  return known.filter(({ untilMs }) => timeMs < untilMs);
}

/**
 * The records that an urgent configuration leaves behind, each in a place that is free.
 *
 * @returns undefined when the configuration waits for the long delay: it adds trust, or there is no place for one of
 *   the records
 */
export function formerTrustAfter(
  next: Configuration,
  previous: Configuration,
  { txId, timeMs, known }: TrustChange,
): readonly FormerTrust[] | undefined {
  if (requiresTimelock(next, previous)) return undefined;
  const unexpired = unexpiredTrust(known, timeMs);
  // Both times may be off by the skew, as those of a proposal that waits.
  const untilMs = timeMs + previous.delayMs + 2n * BigInt(limits.skewSeconds) * 1000n;
  const changed = changedTrust(next, previous);
  const kept = changed.flatMap((trust): readonly FormerTrust[] => {
    const taken = unexpired.filter((former) => former.trust.chainId === trust.chainId).map(({ slot }) => slot);
    const free = formerTrustSlots.filter((slot) => !taken.includes(slot));
    return free.slice(0, 1).map((slot) => ({ version: 1, slot, trust, untilMs, txId }));
  });
  return kept.length < changed.length ? undefined : kept;
}

/** The places that former trust records of one chain may take. */
export const formerTrustSlots: readonly number[] = Array.from({ length: limits.formerTrust }, (_, slot) => slot);
