// SPDX-License-Identifier: Apache-2.0

import {
  decimal,
  integer,
  list,
  oneOf,
  record,
  type Codec,
  type Decoded,
  text,
  version1,
  version2,
} from '../codec/codec';
import {
  type Account,
  accountCodec,
  type AssetId,
  assetIdCodec,
  limits,
  mspIdCodec,
  timeMsCodec,
  type TxId,
  txIdCodec,
} from '../codec/identifiers';
import { type Window, windowCodec } from './window';

/** Records of docs/spec/02-notes.md about assets and their issuing. */

const unitCodec = text(/^[A-Za-z0-9 -]{1,32}$/, 'a unit');

/** A class of value at home on this chain. */
export interface Asset {
  readonly version: 2;
  readonly id: AssetId;
  readonly unit: string;
  /** The accounts that may issue it. If the list is empty, nobody may. */
  readonly issuers: readonly Account[];
  /** How much they may issue together. */
  readonly window: Window;
}
export const assetCodec: Codec<Asset> = record({
  version: version2,
  id: assetIdCodec,
  unit: unitCodec,
  issuers: list(accountCodec, 0, 32),
  window: windowCodec,
});

/** The first version, which named an organization and no limit. Ledgers keep it. */
export const earlierAssetCodec = record({ id: assetIdCodec, unit: unitCodec, issuer: mspIdCodec });
export type EarlierAsset = Decoded<typeof earlierAssetCodec>;

/** An asset as a ledger holds it, in either version. */
export const storedAssetCodec: Codec<Asset | EarlierAsset> = {
  decode: (value, field) => {
    const earlier = typeof value === 'object' && value !== null && !('version' in value);
    return earlier ? earlierAssetCodec.decode(value, field) : assetCodec.decode(value, field);
  },
  encode: (asset) => ('version' in asset ? assetCodec.encode(asset) : earlierAssetCodec.encode(asset)),
};

/** What a stored asset means: nobody issues one of the first version, until members name accounts and a limit. */
export function currentAsset(stored: Asset | EarlierAsset): Asset {
  if ('version' in stored) return stored;
  const { id, unit } = stored;
  return { version: 2, id, unit, issuers: [], window: { lengthMs: 86_400_000n, quantity: 1n, shards: 1 } };
}

/** Whether an asset may be issued, and how often that has changed. */
export interface AssetStatusRecord {
  readonly version: 1;
  readonly asset: AssetId;
  readonly sequence: number;
  readonly state: 'open' | 'paused';
  readonly txId: TxId;
}
export const assetStatusCodec: Codec<AssetStatusRecord> = record({
  version: version1,
  asset: assetIdCodec,
  sequence: integer(1, 2 ** 31 - 1),
  state: oneOf('open', 'paused'),
  txId: txIdCodec,
});

/** What one shard of an asset's window has issued in the window that starts at `startMs`. */
export interface AssetUsage {
  readonly version: 1;
  readonly asset: AssetId;
  readonly shard: number;
  readonly startMs: bigint;
  readonly used: bigint;
}
export const assetUsageCodec: Codec<AssetUsage> = record({
  version: version1,
  asset: assetIdCodec,
  shard: integer(0, 255),
  startMs: timeMsCodec,
  used: decimal(0n, limits.quantity),
});
