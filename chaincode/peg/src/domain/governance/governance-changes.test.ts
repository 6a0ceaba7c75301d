// SPDX-License-Identifier: Apache-2.0

import { configurationCodec, encode, limits } from '@gridpeg/protocol';
import { city, configurationOf, refusalOf, trustIn, txIdNamed } from '@gridpeg/protocol/testing';
import { configured, notaryKeysOf } from './governance-changes';

const configuration = configurationOf(city);
const txId = txIdNamed('configured');

describe('a configuration', () => {
  test('brings a record for each key of its committees, once', () => {
    const keys = trustIn(city).committee.notaries.map(({ publicKey }) => publicKey);
    expect(notaryKeysOf(configuration)).toEqual(keys);
    const { notaries, laneStatuses } = configured(configuration, new Map(), txId);
    expect(laneStatuses).toEqual([]);
    expect(notaries).toEqual(
      trustIn(city).committee.notaries.map((notary) => ({ version: 1, ...notary, state: 'trusted', lanes: [], txId })),
    );
  });
  test('is at most as long as a ledger reads back', () => {
    const bulk = { revokedSerials: Array.from({ length: 388 }, () => 'A'.repeat(64)) };
    const chains = [...configuration.chains, ...configuration.chains, ...configuration.chains].map((chain) => ({
      ...chain,
      organizations: chain.organizations.map((organization) => ({ ...organization, ...bulk })),
    }));
    const of = (length: number): typeof configuration => {
      const [first, ...others] = chains;
      const [organization, ...organizations] = first!.organizations;
      const filled = Array.from({ length: 8 }, (_, index) => pemOf(index === 0 ? length : 4000));
      const long = { ...organization!, caCertificates: filled };
      return { ...configuration, chains: [{ ...first!, organizations: [long, ...organizations] }, ...others] };
    };
    const rest = limits.configurationLength + 1 - encode(configurationCodec, of(1)).length;
    expect(configured(of(rest), new Map(), txId).configuration).toBeDefined();
    expect(refusalOf(() => configured(of(rest + 1), new Map(), txId))).toEqual({
      code: 'CONFIGURATION_INVALID',
      field: 'configuration',
      expected: 'text of at most 1000000 characters',
    });
  });
  test('T08: with a number that a ledger would not read back is refused', () => {
    const [first, ...others] = configuration.chains;
    const last = { ...first!, committee: { ...first!.committee, epoch: 2 ** 31 } };
    expect(refusalOf(() => configured({ ...configuration, chains: [last, ...others] }, new Map(), txId))).toMatchObject(
      {
        code: 'CONFIGURATION_INVALID',
        field: 'chains[0].committee.epoch',
      },
    );
    expect(refusalOf(() => configured({ ...configuration, sequence: 2 ** 31 }, new Map(), txId))).toMatchObject({
      code: 'CONFIGURATION_INVALID',
      field: 'sequence',
    });
  });
});

function pemOf(length: number): string {
  return `-----BEGIN CERTIFICATE-----\n${'A'.repeat(length)}\n-----END CERTIFICATE-----\n`;
}
