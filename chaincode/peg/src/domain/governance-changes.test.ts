// SPDX-License-Identifier: Apache-2.0

import { configurationShape, encode, limits } from '@gridpeg/protocol';
import { city, configurationOf, refusalOf, trustIn, txIdNamed } from '@gridpeg/protocol/testing';
import { configured, notaryKeysOf } from './governance-changes';

const configuration = configurationOf(city);
const txId = txIdNamed('configured');

describe('a configuration', () => {
  test('brings a record for each key of its committees, once', () => {
    const keys = trustIn(city).committee.notaries.map(({ publicKey }) => publicKey);
    expect(notaryKeysOf(configuration.chains)).toEqual(keys);
    const { notaries, standings } = configured(configuration, new Map(), txId);
    expect(standings).toEqual([]);
    expect(notaries).toEqual(
      trustIn(city).committee.notaries.map((notary) => ({ version: 1, ...notary, state: 'trusted', lanes: [], txId })),
    );
  });
  test('is at most as long as a ledger reads back', () => {
    const [first, ...others] = configuration.chains;
    const [organization, ...organizations] = first!.organizations;
    const of = (length: number): typeof configuration => {
      const certificate = `-----BEGIN CERTIFICATE-----\n${'A'.repeat(length)}\n-----END CERTIFICATE-----\n`;
      const long = { ...organization!, caCertificates: [certificate] };
      return { ...configuration, chains: [{ ...first!, organizations: [long, ...organizations] }, ...others] };
    };
    const rest = limits.configurationLength - encode(configurationShape, of(0)).length;
    expect(configured(of(rest), new Map(), txId).configuration).toBeDefined();
    expect(refusalOf(() => configured(of(rest + 1), new Map(), txId))).toEqual({
      code: 'CONFIGURATION_INVALID',
      field: 'configuration',
      expected: 'at most 1000000 characters',
    });
  });
});
