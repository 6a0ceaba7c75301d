// SPDX-License-Identifier: Apache-2.0

import { type Asset, assetShape, currentAsset, earlierAssetShape } from './asset';
import {
  base64Shape,
  decimal,
  encode,
  integer,
  list,
  oneOf,
  record,
  type Shape,
  type Shaped,
  text,
  version1,
  version2,
  version3,
  versions,
} from '../codec/codec';
import { hash } from '../codec/hash';
import {
  type Account,
  accountShape,
  type AssetId,
  assetIdShape,
  type ChainId,
  chainIdShape,
  type LaneId,
  laneIdShape,
  limits,
  type MspId,
  mspIdShape,
  quantityShape,
} from '../codec/identifiers';
import { type Window, windowShape } from './window';

/** Records of docs/spec/05-configuration.md. */

const pemShape = text(
  /^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]{1,8192}\n-----END CERTIFICATE-----\n?$/,
  'a PEM certificate',
);
const smallInteger = integer(0, 2 ** 31 - 1);

/** Whom a chain's organization lets endorse: peers certified by one of these CAs and not revoked. */
export interface Organization {
  readonly mspId: MspId;
  readonly caCertificates: readonly string[];
  readonly peerUnit: string;
  readonly revokedSerials: readonly string[];
}
const organizationShape: Shape<Organization> = record({
  mspId: mspIdShape,
  caCertificates: list(pemShape, 1, 8),
  peerUnit: text(/^[A-Za-z0-9_-]{1,64}$/, 'an organizational unit'),
  revokedSerials: list(text(/^[0-9A-F]{1,64}$/, 'a serial number in upper-case hex'), 0, 1000),
});

/** A signer for one organization; `publicKey`: base64 of a P-256 SubjectPublicKeyInfo. */
export interface Notary {
  readonly mspId: MspId;
  readonly publicKey: string;
}
export const notaryShape: Shape<Notary> = record({ mspId: mspIdShape, publicKey: base64Shape });

export interface Committee {
  readonly epoch: number;
  readonly threshold: number;
  readonly notaries: readonly Notary[];
}
export const thresholdShape = smallInteger;
export const notariesShape = list(notaryShape, 1, 32);
export const committeeShape: Shape<Committee> = record({
  epoch: smallInteger,
  threshold: thresholdShape,
  notaries: notariesShape,
});

/** What a verifier holds of one chain, on its own ledger; never an argument of a call. */
export interface TrustRecord {
  readonly version: 1;
  readonly chainId: ChainId;
  readonly chaincodeName: string;
  readonly organizations: readonly Organization[];
  readonly minimumOrganizations: number;
  readonly committee: Committee;
}
export const trustRecordShape: Shape<TrustRecord> = record({
  version: version1,
  chainId: chainIdShape,
  chaincodeName: text(/^[A-Za-z0-9_-]{1,64}$/, 'a chaincode name'),
  organizations: list(organizationShape, 1, 32),
  minimumOrganizations: smallInteger,
  committee: committeeShape,
});

/** The custody modes there are. A mode without a verifier does not compile (chaincode/peg/src/domain/custody). */
export const custodyModes = ['federation'] as const;
export const custodyShape = oneOf(...custodyModes);
export type Custody = Shaped<typeof custodyShape>;

/** A directed pair of chains with its rules. */
export interface Lane {
  readonly version: 2;
  readonly id: LaneId;
  readonly returnLaneId: LaneId;
  readonly sourceChainId: ChainId;
  readonly destinationChainId: ChainId;
  readonly custody: Custody;
  readonly assets: readonly AssetId[];
  readonly maximumQuantity: bigint;
  readonly window: Window;
}
export const laneShape: Shape<Lane> = record({
  version: version2,
  id: laneIdShape,
  returnLaneId: laneIdShape,
  sourceChainId: chainIdShape,
  destinationChainId: chainIdShape,
  custody: custodyShape,
  assets: list(assetIdShape, 1, 64),
  maximumQuantity: quantityShape,
  window: windowShape,
});

/** All that a chain trusts and allows; docs/spec/08-governance.md says how it changes. */
export interface Configuration {
  readonly version: 3;
  readonly sequence: number;
  readonly chainId: ChainId;
  readonly members: readonly MspId[];
  /** How long an approved change that could move value waits. */
  readonly delayMs: bigint;
  /** How long one waits that only takes trust away, or adds what no value depends on yet. */
  readonly urgentDelayMs: bigint;
  readonly assets: readonly Asset[];
  readonly chains: readonly TrustRecord[];
  readonly lanes: readonly Lane[];
}
const sequence = integer(1, 2 ** 31 - 1);
const members = list(mspIdShape, 2, 32);
const delayShape = decimal(0n, limits.delayMs);
const trusted = { chains: list(trustRecordShape, 1, 16), lanes: list(laneShape, 0, 64) };
export const configurationShape: Shape<Configuration> = record({
  version: version3,
  sequence,
  chainId: chainIdShape,
  members,
  delayMs: delayShape,
  urgentDelayMs: delayShape,
  assets: list(assetShape, 0, 64),
  ...trusted,
});

/** Version 2, whose assets name no issuing accounts and no limit. Ledgers keep it. */
export const earlierConfigurationShape = record({
  version: version2,
  sequence,
  chainId: chainIdShape,
  members,
  delayMs: delayShape,
  assets: list(earlierAssetShape, 0, 64),
  ...trusted,
});
export type EarlierConfiguration = Shaped<typeof earlierConfigurationShape>;

/** A configuration as a ledger holds it, in either version. */
export type StoredConfiguration = Configuration | EarlierConfiguration;
export const storedConfigurationShape: Shape<StoredConfiguration> = versions<StoredConfiguration>({
  2: earlierConfigurationShape,
  3: configurationShape,
});

/**
 * What a stored configuration means; in one of version 2 nobody issues anything, and what takes trust away does not
 * wait.
 */
export function currentConfiguration(stored: StoredConfiguration): Configuration {
  if (stored.version === 3) return stored;
  return { ...stored, version: 3, urgentDelayMs: 0n, assets: stored.assets.map(currentAsset) };
}

/** Which chain this ledger is, the sequence of its configuration, and whose accounts can hold value here. */
export interface ChainRecord {
  /** 3 since urgent changes leave former trust records behind; docs/spec/08-governance.md section 8.5. */
  readonly version: 3;
  readonly chainId: ChainId;
  readonly sequence: number;
  readonly members: readonly MspId[];
}
/** The same, from before there were former trust records. */
interface ChainRecord2 extends Omit<ChainRecord, 'version'> {
  readonly version: 2;
}
/** The members are in the configuration only. */
interface ChainRecord1 extends Omit<ChainRecord, 'version' | 'members'> {
  readonly version: 1;
}
export type StoredChainRecord = ChainRecord | ChainRecord2 | ChainRecord1;
export const chainRecordShape: Shape<StoredChainRecord> = versions<StoredChainRecord>({
  1: record<ChainRecord1>({ version: version1, chainId: chainIdShape, sequence }),
  2: record<ChainRecord2>({ version: version2, chainId: chainIdShape, sequence, members }),
  3: record<ChainRecord>({ version: version3, chainId: chainIdShape, sequence, members }),
});

export interface Approval {
  readonly version: 1;
  readonly account: Account;
}
export const approvalShape: Shape<Approval> = record({ version: version1, account: accountShape });

/** What approvals are for. */
export function configurationHashOf(configuration: StoredConfiguration): string {
  return hash('gridpeg/v1/configuration', encode(storedConfigurationShape, configuration));
}

/** The *source configuration* under which a notary judged a proof; part of the certificate digest. */
export function trustHashOf(trust: TrustRecord): string {
  return hash('gridpeg/v1/trust', encode(trustRecordShape, trust));
}
