// SPDX-License-Identifier: Apache-2.0

import { type AssetStanding, assetStandingShape } from '../records/asset';
import {
  base64Shape,
  decimal,
  integer,
  list,
  oneOf,
  record,
  type Shape,
  version1,
  version2,
  versions,
} from '../codec/codec';
import {
  type AssetId,
  assetIdShape,
  type ChainId,
  chainIdShape,
  type Label,
  labelShape,
  type LaneId,
  laneIdShape,
  limits,
  type MspId,
  mspIdShape,
  timeMsShape,
  type TxId,
  txIdShape,
} from '../codec/identifiers';

/** Records, requests and answers of docs/spec/08-governance.md. */

const sequenceShape = integer(1, 2 ** 31 - 1);

/** What a lane lets through on this ledger, and how often that has changed. */
export interface LaneStanding {
  readonly version: 1;
  readonly laneId: LaneId;
  readonly sequence: number;
  readonly state: 'open' | 'paused' | 'frozen';
  readonly txId: TxId;
}
export const laneStandingShape: Shape<LaneStanding> = record({
  version: version1,
  laneId: laneIdShape,
  sequence: sequenceShape,
  state: oneOf('open', 'paused', 'frozen'),
  txId: txIdShape,
});

/** A key that is or was a notary's here; `lanes`: those that evidence against it has frozen. */
export interface NotaryStanding {
  readonly version: 1;
  readonly publicKey: string;
  readonly mspId: MspId;
  readonly state: 'trusted' | 'suspended';
  readonly lanes: readonly LaneId[];
  readonly txId: TxId;
}
export const notaryStandingShape: Shape<NotaryStanding> = record({
  version: version1,
  publicKey: base64Shape,
  mspId: mspIdShape,
  state: oneOf('trusted', 'suspended'),
  lanes: list(laneIdShape, 0, 64),
  txId: txIdShape,
});

/**
 * What one shard of a lane has let in of an asset and label, in the window that starts at `startMs`; `label` as on this
 * chain. See docs/spec/03-transfer.md section 3.5.
 */
export interface Usage {
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
export interface UsageByAsset {
  readonly version: 1;
  readonly laneId: LaneId;
  readonly asset: AssetId;
  readonly shard: number;
  readonly startMs: bigint;
  readonly used: bigint;
}
const counted = { shard: integer(0, 255), startMs: timeMsShape, used: decimal(0n, limits.quantity) };
export const usageShape: Shape<Usage | UsageByAsset> = versions<Usage | UsageByAsset>({
  1: record<UsageByAsset>({ version: version1, laneId: laneIdShape, asset: assetIdShape, ...counted }),
  2: record<Usage>({ version: version2, laneId: laneIdShape, asset: assetIdShape, label: labelShape, ...counted }),
});

/** How often members have replaced the committee of a chain, and the last time that they did. */
export interface Replacement {
  readonly version: 1;
  readonly chainId: ChainId;
  readonly sequence: number;
  readonly txId: TxId;
}
export const replacementShape: Shape<Replacement> = record({
  version: version1,
  chainId: chainIdShape,
  sequence: sequenceShape,
  txId: txIdShape,
});

const resultShape = oneOf('done', 'already-done');
export interface RotationAnswer {
  readonly txId: TxId;
  readonly result: 'done' | 'already-done';
}
export const rotationAnswerShape: Shape<RotationAnswer> = record({ txId: txIdShape, result: resultShape });
export interface EvidenceAnswer {
  readonly txId: TxId;
  readonly result: 'done' | 'already-done';
  readonly frozen: readonly LaneId[];
}
export const evidenceAnswerShape: Shape<EvidenceAnswer> = record({
  txId: txIdShape,
  result: resultShape,
  frozen: list(laneIdShape, 0, 4),
});

/**
 * Standings of the configured lanes and assets that have one, of all keys of the committees in force, and of
 * replacements.
 */
export interface Standings {
  readonly lanes: readonly LaneStanding[];
  readonly notaries: readonly NotaryStanding[];
  readonly assets: readonly AssetStanding[];
  readonly replacements: readonly Replacement[];
}
export const standingsShape: Shape<Standings> = record({
  lanes: list(laneStandingShape, 0, 64),
  notaries: list(notaryStandingShape, 0, 512),
  assets: list(assetStandingShape, 0, 64),
  replacements: list(replacementShape, 0, 16),
});
