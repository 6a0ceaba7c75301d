// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one table, the records of a configuration in all their versions.

import { type Asset, assetCodec, currentAsset, earlierAssetCodec } from './asset';
import {
  converted,
  decimal,
  encode,
  integer,
  list,
  oneOf,
  record,
  type Codec,
  type Decoded,
  text,
  version1,
  version2,
  version3,
  versions,
} from '../codec/codec';
import { hash } from '../codec/hash';
import {
  type Account,
  accountCodec,
  type AssetId,
  assetIdCodec,
  type ChainId,
  chainIdCodec,
  type LaneId,
  laneIdCodec,
  limits,
  type MspId,
  mspIdCodec,
  quantityCodec,
} from '../codec/identifiers';
import { type LaneCustody, type Notary, notaryCodec, type SignatureCustody, signatureCustodyCodec } from './custody';
import { type Window, windowCodec } from './window';

/** Records of docs/spec/05-configuration.md. */

export const pemCodec = text(
  /^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]{1,8192}\n-----END CERTIFICATE-----\n?$/,
  'a PEM certificate',
);
const smallInteger = integer(0, 2 ** 31 - 1);

export const caCertificatesCodec = list(pemCodec, 1, 8);
export const revokedSerialsCodec = list(text(/^[0-9A-F]{1,64}$/, 'a serial number in upper-case hex'), 0, 1000);

/** Whom a chain's organization lets endorse: peers certified by one of these CAs and not revoked. */
export interface Organization {
  readonly mspId: MspId;
  readonly caCertificates: readonly string[];
  readonly peerUnit: string;
  readonly revokedSerials: readonly string[];
}
export const organizationCodec: Codec<Organization> = record({
  mspId: mspIdCodec,
  caCertificates: caCertificatesCodec,
  peerUnit: text(/^[A-Za-z0-9_-]{1,64}$/, 'an organizational unit'),
  revokedSerials: revokedSerialsCodec,
});

export interface Committee {
  readonly epoch: number;
  readonly threshold: number;
  readonly notaries: readonly Notary[];
}
export const thresholdCodec = smallInteger;
export const notariesCodec = list(notaryCodec, 1, 32);
export const committeeCodec: Codec<Committee> = record({
  epoch: smallInteger,
  threshold: thresholdCodec,
  notaries: notariesCodec,
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
export const trustRecordCodec: Codec<TrustRecord> = record({
  version: version1,
  chainId: chainIdCodec,
  chaincodeName: text(/^[A-Za-z0-9_-]{1,64}$/, 'a chaincode name'),
  organizations: list(organizationCodec, 1, 32),
  minimumOrganizations: smallInteger,
  committee: committeeCodec,
});

interface LaneOf<Version, Custody extends LaneCustody> {
  readonly version: Version;
  readonly id: LaneId;
  readonly returnLaneId: LaneId;
  readonly sourceChainId: ChainId;
  readonly destinationChainId: ChainId;
  readonly custody: Custody;
  readonly assets: readonly AssetId[];
  readonly maximumQuantity: bigint;
  readonly window: Window;
}
type FederationLane = LaneOf<2, { readonly mode: 'federation' }>;
type SignatureLane = LaneOf<3, SignatureCustody>;
/** A directed pair of chains with its rules. Version 2 is of the mode `federation`, version 3 of the other modes. */
export type Lane = FederationLane | SignatureLane;
const ends = {
  id: laneIdCodec,
  returnLaneId: laneIdCodec,
  sourceChainId: chainIdCodec,
  destinationChainId: chainIdCodec,
};
const bounds = { assets: list(assetIdCodec, 1, 64), maximumQuantity: quantityCodec, window: windowCodec };
const writtenFederationLane = record<Omit<FederationLane, 'custody'> & { readonly custody: 'federation' }>({
  version: version2,
  ...ends,
  custody: oneOf('federation'),
  ...bounds,
});
export const laneCodec: Codec<Lane> = versions<Lane>({
  2: converted(writtenFederationLane, {
    decode: (lane): FederationLane => ({ ...lane, custody: { mode: 'federation' } }),
    encode: (lane) => ({ ...lane, custody: lane.custody.mode }),
  }),
  3: record<SignatureLane>({ version: version3, ...ends, custody: signatureCustodyCodec, ...bounds }),
});

/** The fields of a lane that say its version and custody mode. */
export function versionedCustody(
  custody: LaneCustody,
): Pick<FederationLane, 'version' | 'custody'> | Pick<SignatureLane, 'version' | 'custody'> {
  return custody.mode === 'federation' ? { version: 2, custody } : { version: 3, custody };
}

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
const members = list(mspIdCodec, 2, 32);
const delayCodec = decimal(0n, limits.delayMs);
const trusted = { chains: list(trustRecordCodec, 1, 16), lanes: list(laneCodec, 0, 64) };
export const configurationCodec: Codec<Configuration> = record({
  version: version3,
  sequence,
  chainId: chainIdCodec,
  members,
  delayMs: delayCodec,
  urgentDelayMs: delayCodec,
  assets: list(assetCodec, 0, 64),
  ...trusted,
});

/** Version 2, whose assets name no issuing accounts and no limit. Ledgers keep it. */
export const earlierConfigurationCodec = record({
  version: version2,
  sequence,
  chainId: chainIdCodec,
  members,
  delayMs: delayCodec,
  assets: list(earlierAssetCodec, 0, 64),
  ...trusted,
});
export type EarlierConfiguration = Decoded<typeof earlierConfigurationCodec>;

/** A configuration as a ledger holds it, in either version. */
export type StoredConfiguration = Configuration | EarlierConfiguration;
export const storedConfigurationCodec: Codec<StoredConfiguration> = versions<StoredConfiguration>({
  2: earlierConfigurationCodec,
  3: configurationCodec,
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
export const chainRecordCodec: Codec<StoredChainRecord> = versions<StoredChainRecord>({
  1: record<ChainRecord1>({ version: version1, chainId: chainIdCodec, sequence }),
  2: record<ChainRecord2>({ version: version2, chainId: chainIdCodec, sequence, members }),
  3: record<ChainRecord>({ version: version3, chainId: chainIdCodec, sequence, members }),
});

export interface Approval {
  readonly version: 1;
  readonly account: Account;
}
export const approvalCodec: Codec<Approval> = record({ version: version1, account: accountCodec });

/** What approvals are for. */
export function configurationHashOf(configuration: StoredConfiguration): string {
  return hash('gridpeg/v1/configuration', encode(storedConfigurationCodec, configuration));
}

/** The *source configuration* under which a notary judged a proof; part of the certificate digest. */
export function trustHashOf(trust: TrustRecord): string {
  return hash('gridpeg/v1/trust', encode(trustRecordCodec, trust));
}
