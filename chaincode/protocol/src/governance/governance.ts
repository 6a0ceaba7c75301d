// SPDX-License-Identifier: Apache-2.0

import { type AssetStatusRecord, assetStatusCodec } from '../records/asset';
import {
  base64Codec,
  decimal,
  integer,
  list,
  oneOf,
  record,
  type Codec,
  version1,
  version2,
  versions,
} from '../codec/codec';
import {
  type AssetId,
  assetIdCodec,
  type ChainId,
  chainIdCodec,
  type Label,
  labelCodec,
  type LaneId,
  laneIdCodec,
  limits,
  type MspId,
  mspIdCodec,
  timeMsCodec,
  type TxId,
  txIdCodec,
} from '../codec/identifiers';

/** Records, requests and answers of docs/spec/08-governance.md. */

const sequenceCodec = integer(1, 2 ** 31 - 1);

/** What a lane lets through on this ledger, and how often that has changed. */
export interface LaneStatusRecord {
  readonly version: 1;
  readonly laneId: LaneId;
  readonly sequence: number;
  readonly state: 'open' | 'paused' | 'frozen';
  readonly txId: TxId;
}
export const laneStatusCodec: Codec<LaneStatusRecord> = record({
  version: version1,
  laneId: laneIdCodec,
  sequence: sequenceCodec,
  state: oneOf('open', 'paused', 'frozen'),
  txId: txIdCodec,
});

/** A key that is or was a notary's here, with the lanes that evidence against it has frozen. */
export interface NotaryStatusRecord {
  readonly version: 1;
  readonly publicKey: string;
  readonly mspId: MspId;
  readonly state: 'trusted' | 'suspended';
  readonly lanes: readonly LaneId[];
  readonly txId: TxId;
}
export const notaryStatusCodec: Codec<NotaryStatusRecord> = record({
  version: version1,
  publicKey: base64Codec,
  mspId: mspIdCodec,
  state: oneOf('trusted', 'suspended'),
  lanes: list(laneIdCodec, 0, 64),
  txId: txIdCodec,
});

/**
 * What one shard of a lane has let in of an asset and label, in the window that starts at `startMs`; `label` as on this
 * chain. See docs/spec/03-transfer.md section 3.5.
 */
export interface RateLimitUsage {
  readonly version: 2;
  readonly laneId: LaneId;
  readonly asset: AssetId;
  readonly label: Label;
  readonly shard: number;
  readonly startMs: bigint;
  readonly used: bigint;
}
/**
 * Counted all labels of the asset together; it still lies on ledgers from before version 2, and nothing counts by it.
 */
export interface EarlierRateLimitUsage {
  readonly version: 1;
  readonly laneId: LaneId;
  readonly asset: AssetId;
  readonly shard: number;
  readonly startMs: bigint;
  readonly used: bigint;
}
const counted = { shard: integer(0, 255), startMs: timeMsCodec, used: decimal(0n, limits.quantity) };
export const rateLimitUsageCodec: Codec<RateLimitUsage | EarlierRateLimitUsage> = versions<
  RateLimitUsage | EarlierRateLimitUsage
>({
  1: record<EarlierRateLimitUsage>({ version: version1, laneId: laneIdCodec, asset: assetIdCodec, ...counted }),
  2: record<RateLimitUsage>({
    version: version2,
    laneId: laneIdCodec,
    asset: assetIdCodec,
    label: labelCodec,
    ...counted,
  }),
});

/** How often members have replaced the committee of a chain, and the last time that they did. */
export interface Replacement {
  readonly version: 1;
  readonly chainId: ChainId;
  readonly sequence: number;
  readonly txId: TxId;
}
export const replacementCodec: Codec<Replacement> = record({
  version: version1,
  chainId: chainIdCodec,
  sequence: sequenceCodec,
  txId: txIdCodec,
});

const resultCodec = oneOf('done', 'already-done');
export interface RotationResponse {
  readonly txId: TxId;
  readonly result: 'done' | 'already-done';
}
export const rotationResponseCodec: Codec<RotationResponse> = record({ txId: txIdCodec, result: resultCodec });
export interface EvidenceResponse {
  readonly txId: TxId;
  readonly result: 'done' | 'already-done';
  readonly frozen: readonly LaneId[];
}
export const evidenceResponseCodec: Codec<EvidenceResponse> = record({
  txId: txIdCodec,
  result: resultCodec,
  frozen: list(laneIdCodec, 0, 4),
});

/**
 * Standings of the configured lanes and assets that have one, of all keys of the committees in force, and of
 * replacements.
 */
export interface StatusRecords {
  readonly lanes: readonly LaneStatusRecord[];
  readonly notaries: readonly NotaryStatusRecord[];
  readonly assets: readonly AssetStatusRecord[];
  readonly replacements: readonly Replacement[];
}
export const statusRecordsCodec: Codec<StatusRecords> = record({
  lanes: list(laneStatusCodec, 0, 64),
  notaries: list(notaryStatusCodec, 0, 512),
  assets: list(assetStatusCodec, 0, 64),
  replacements: list(replacementCodec, 0, 16),
});
