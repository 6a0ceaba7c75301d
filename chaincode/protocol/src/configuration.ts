// SPDX-License-Identifier: Apache-2.0

import { encode, integer, list, oneOf, record, text, version1, type Shaped } from './codec';
import { hash } from './hash';
import { accountShape, assetIdShape, chainIdShape, laneIdShape, mspIdShape, quantityShape } from './identifiers';

/** Records of docs/spec/05-configuration.md. */

export const base64Shape = text(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'base64');
const pemShape = text(
  /^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]{1,8192}\n-----END CERTIFICATE-----\n?$/,
  'a PEM certificate',
);
const smallInteger = integer(0, 2 ** 31 - 1);

export const organizationShape = record({
  mspId: mspIdShape,
  caCertificates: list(pemShape, 1, 8),
  peerUnit: text(/^[A-Za-z0-9_-]{1,64}$/, 'an organizational unit'),
  revokedSerials: list(text(/^[0-9A-F]{1,64}$/, 'a serial number in upper-case hex'), 0, 1000),
});
/** Whom a chain's organization lets endorse: peers certified by one of these CAs and not revoked. */
export type Organization = Shaped<typeof organizationShape>;

export const notaryShape = record({ mspId: mspIdShape, publicKey: base64Shape });
/** A signer for one organization; `publicKey`: base64 of a P-256 SubjectPublicKeyInfo. */
export type Notary = Shaped<typeof notaryShape>;

export const committeeShape = record({
  epoch: smallInteger,
  threshold: smallInteger,
  notaries: list(notaryShape, 1, 32),
});
export type Committee = Shaped<typeof committeeShape>;

export const trustRecordShape = record({
  version: version1,
  chainId: chainIdShape,
  chaincodeName: text(/^[A-Za-z0-9_-]{1,64}$/, 'a chaincode name'),
  organizations: list(organizationShape, 1, 32),
  minimumOrganizations: smallInteger,
  committee: committeeShape,
});
/** What a verifier holds of one chain, on its own ledger; never an argument of a call. */
export type TrustRecord = Shaped<typeof trustRecordShape>;

/** The custody modes there are. A mode without a verifier does not compile (chaincode/peg/src/domain/custody). */
export const custodyModes = ['federation'] as const;
export const custodyShape = oneOf(...custodyModes);
export type Custody = Shaped<typeof custodyShape>;

export const laneShape = record({
  version: version1,
  id: laneIdShape,
  returnLaneId: laneIdShape,
  sourceChainId: chainIdShape,
  destinationChainId: chainIdShape,
  custody: custodyShape,
  assets: list(assetIdShape, 1, 64),
  maximumQuantity: quantityShape,
});
/** A directed pair of chains with its rules. */
export type Lane = Shaped<typeof laneShape>;

export const assetShape = record({
  id: assetIdShape,
  unit: text(/^[A-Za-z0-9 -]{1,32}$/, 'a unit'),
  issuer: mspIdShape,
});
/** A class of value at home on this chain. */
export type Asset = Shaped<typeof assetShape>;

export const configurationShape = record({
  version: version1,
  sequence: integer(1, 2 ** 31 - 1),
  chainId: chainIdShape,
  members: list(mspIdShape, 2, 32),
  assets: list(assetShape, 0, 64),
  chains: list(trustRecordShape, 1, 16),
  lanes: list(laneShape, 0, 64),
});
/** All that a chain trusts and allows; changed only by its members' approvals. */
export type Configuration = Shaped<typeof configurationShape>;

export const chainRecordShape = record({ version: version1, chainId: chainIdShape, sequence: integer(1, 2 ** 31 - 1) });
/** Which chain this ledger is, and the sequence of its configuration. */
export type ChainRecord = Shaped<typeof chainRecordShape>;

export const approvalShape = record({ version: version1, account: accountShape });
export type Approval = Shaped<typeof approvalShape>;

/** What approvals are for. */
export function configurationHashOf(configuration: Configuration): string {
  return hash('gridpeg/v1/configuration', encode(configurationShape, configuration));
}

/** The *source configuration* under which a notary judged a proof; part of the certificate digest. */
export function trustHashOf(trust: TrustRecord): string {
  return hash('gridpeg/v1/trust', encode(trustRecordShape, trust));
}
