// SPDX-License-Identifier: Apache-2.0

import { type EarlierAsset } from '../records/asset';
import { type Configuration, type EarlierConfiguration, type TrustRecord } from '../records/configuration';
import { city, configurationOf, energy, trustIn } from './consortium';
import { grid } from './members';

/** Certificates carry random signatures, so what has to be the same each time has a stand-in for them. */
const placeholderCertificate = '-----BEGIN CERTIFICATE-----\nTm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n';
function withoutCertificates(trust: TrustRecord): TrustRecord {
  const organizations = trust.organizations.map((organization) => ({
    ...organization,
    caCertificates: [placeholderCertificate],
    revokedSerials: ['0A', 'FF'],
  }));
  return { ...trust, organizations };
}
export const trustFixture: TrustRecord = withoutCertificates(trustIn(city));
export const configurationFixture: Configuration = {
  ...configurationOf(city),
  chains: configurationOf(city).chains.map(withoutCertificates),
};

export const earlierAssetFixture: EarlierAsset = { id: energy, unit: 'Wh', issuer: grid.mspId };
const { sequence, chainId, members, delayMs, chains, lanes } = configurationFixture;
export const earlierConfigurationFixture: EarlierConfiguration = {
  ...{ sequence, chainId, members, delayMs, chains, lanes },
  version: 2,
  assets: [earlierAssetFixture],
};
