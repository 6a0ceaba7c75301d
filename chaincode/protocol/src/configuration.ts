// SPDX-License-Identifier: Apache-2.0

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
  versions,
} from './codec';
import { hash } from './hash';
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
} from './identifiers';

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
export const organizationShape: Shape<Organization> = record({
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
export const committeeShape: Shape<Committee> = record({
  epoch: smallInteger,
  threshold: smallInteger,
  notaries: list(notaryShape, 1, 32),
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

/** What a lane may move of each asset in a window of time; docs/spec/03-transfer.md section 3.5. */
export interface Window {
  readonly lengthMs: bigint;
  /** In the asset's unit, on one ledger. */
  readonly quantity: bigint;
  /** Into how many parts, each counted by itself, the quantity is divided. */
  readonly shards: number;
}
const windowShape: Shape<Window> = record({
  lengthMs: decimal(60_000n, 31n * 24n * 3600n * 1000n),
  quantity: quantityShape,
  shards: integer(1, 256),
});

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

/** A class of value at home on this chain. */
export interface Asset {
  readonly id: AssetId;
  readonly unit: string;
  readonly issuer: MspId;
}
export const assetShape: Shape<Asset> = record({
  id: assetIdShape,
  unit: text(/^[A-Za-z0-9 -]{1,32}$/, 'a unit'),
  issuer: mspIdShape,
});

/** All that a chain trusts and allows; docs/spec/08-governance.md says how it changes. */
export interface Configuration {
  readonly version: 2;
  readonly sequence: number;
  readonly chainId: ChainId;
  readonly members: readonly MspId[];
  /** How long an approved change that could move value waits. */
  readonly delayMs: bigint;
  readonly assets: readonly Asset[];
  readonly chains: readonly TrustRecord[];
  readonly lanes: readonly Lane[];
}
export const configurationShape: Shape<Configuration> = record({
  version: version2,
  sequence: integer(1, 2 ** 31 - 1),
  chainId: chainIdShape,
  members: list(mspIdShape, 2, 32),
  delayMs: decimal(0n, limits.delayMs),
  assets: list(assetShape, 0, 64),
  chains: list(trustRecordShape, 1, 16),
  lanes: list(laneShape, 0, 64),
});

/** Which chain this ledger is, the sequence of its configuration, and whose accounts can hold value here. */
export interface ChainRecord {
  readonly version: 2;
  readonly chainId: ChainId;
  readonly sequence: number;
  readonly members: readonly MspId[];
}
/** As configurations before version 2 of this record left it: the members are in the configuration only. */
export interface ChainRecordBefore {
  readonly version: 1;
  readonly chainId: ChainId;
  readonly sequence: number;
}
const sequenceShape = integer(1, 2 ** 31 - 1);
const membersShape = list(mspIdShape, 2, 32);
export const chainRecordShape: Shape<ChainRecord | ChainRecordBefore> = versions<ChainRecord | ChainRecordBefore>({
  1: record<ChainRecordBefore>({ version: version1, chainId: chainIdShape, sequence: sequenceShape }),
  2: record<ChainRecord>({
    version: version2,
    chainId: chainIdShape,
    sequence: sequenceShape,
    members: membersShape,
  }),
});

export interface Approval {
  readonly version: 1;
  readonly account: Account;
}
export const approvalShape: Shape<Approval> = record({ version: version1, account: accountShape });

/** What approvals are for. */
export function configurationHashOf(configuration: Configuration): string {
  return hash('gridpeg/v1/configuration', encode(configurationShape, configuration));
}

/** The *source configuration* under which a notary judged a proof; part of the certificate digest. */
export function trustHashOf(trust: TrustRecord): string {
  return hash('gridpeg/v1/trust', encode(trustRecordShape, trust));
}
