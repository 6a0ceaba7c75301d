// SPDX-License-Identifier: Apache-2.0

import {
  decimal,
  integer,
  list,
  oneOf,
  record,
  type Shape,
  type Shaped,
  text,
  version1,
  version2,
} from '../codec/codec';
import {
  type Account,
  accountShape,
  type AssetId,
  assetIdShape,
  limits,
  mspIdShape,
  timeMsShape,
  type TxId,
  txIdShape,
} from '../codec/identifiers';
import { type Window, windowShape } from './window';

/** Records of docs/spec/02-notes.md about assets and their issuing. */

const unitShape = text(/^[A-Za-z0-9 -]{1,32}$/, 'a unit');

/** A class of value at home on this chain. */
export interface Asset {
  readonly version: 2;
  readonly id: AssetId;
  readonly unit: string;
  /** The accounts that may issue it; none: nobody may. */
  readonly issuers: readonly Account[];
  /** How much they may issue together. */
  readonly window: Window;
}
export const assetShape: Shape<Asset> = record({
  version: version2,
  id: assetIdShape,
  unit: unitShape,
  issuers: list(accountShape, 0, 32),
  window: windowShape,
});

/** The first version, which named an organization and no limit. Ledgers keep it. */
export const earlierAssetShape = record({ id: assetIdShape, unit: unitShape, issuer: mspIdShape });
export type EarlierAsset = Shaped<typeof earlierAssetShape>;

/** An asset as a ledger holds it, in either version. */
export const storedAssetShape: Shape<Asset | EarlierAsset> = {
  read: (value, field) => {
    const earlier = typeof value === 'object' && value !== null && !('version' in value);
    return earlier ? earlierAssetShape.read(value, field) : assetShape.read(value, field);
  },
  write: (asset) => ('version' in asset ? assetShape.write(asset) : earlierAssetShape.write(asset)),
};

/** What a stored asset means: nobody issues one of the first version, until members name accounts and a limit. */
export function currentAsset(stored: Asset | EarlierAsset): Asset {
  if ('version' in stored) return stored;
  const { id, unit } = stored;
  return { version: 2, id, unit, issuers: [], window: { lengthMs: 86_400_000n, quantity: 1n, shards: 1 } };
}

/** Whether an asset may be issued, and how often that has changed. */
export interface AssetStanding {
  readonly version: 1;
  readonly asset: AssetId;
  readonly sequence: number;
  readonly state: 'open' | 'paused';
  readonly txId: TxId;
}
export const assetStandingShape: Shape<AssetStanding> = record({
  version: version1,
  asset: assetIdShape,
  sequence: integer(1, 2 ** 31 - 1),
  state: oneOf('open', 'paused'),
  txId: txIdShape,
});

/** What one shard of an asset's window has issued in the window that starts at `startMs`. */
export interface AssetUsage {
  readonly version: 1;
  readonly asset: AssetId;
  readonly shard: number;
  readonly startMs: bigint;
  readonly used: bigint;
}
export const assetUsageShape: Shape<AssetUsage> = record({
  version: version1,
  asset: assetIdShape,
  shard: integer(0, 255),
  startMs: timeMsShape,
  used: decimal(0n, limits.quantity),
});
