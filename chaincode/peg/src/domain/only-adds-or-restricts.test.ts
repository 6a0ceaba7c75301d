// SPDX-License-Identifier: Apache-2.0

import { mspIdShape, type Configuration, type Lane, type TrustRecord } from '@gridpeg/protocol';
import { charging, city, configurationOf, laneBetween, microgrid, trustIn } from '@gridpeg/protocol/testing';
import { onlyAddsOrRestricts } from './only-adds-or-restricts';

const before = configurationOf(city, {
  chains: [city, charging].map((chain) => trustIn(chain)),
  lanes: [laneBetween(city, charging), laneBetween(charging, city)],
});
const immediate = (changes: Partial<Configuration>): boolean =>
  onlyAddsOrRestricts({ ...before, sequence: 2, ...changes }, before);
const withLane = (changes: Partial<Lane>): Partial<Configuration> => ({
  lanes: before.lanes.map((lane, index) => (index === 0 ? { ...lane, ...changes } : lane)),
});
const withTrust = (changes: Partial<TrustRecord>): Partial<Configuration> => ({
  chains: before.chains.map((chain, index) => (index === 1 ? { ...chain, ...changes } : chain)),
});
const [lane] = before.lanes;
const { window } = lane!;
const [organization, ...organizations] = trustIn(charging).organizations;
const revoking = (...revokedSerials: string[]): Partial<Configuration> =>
  withTrust({ organizations: [{ ...organization!, revokedSerials }, ...organizations] });
const money = { ...before.assets[0]!, id: 'city/money' as 'x' & (typeof before.assets)[0]['id'] };

describe('PEG-10: a change can move no value that is there, and need not wait, when it', () => {
  test.each<[string, Partial<Configuration>]>([
    ['changes nothing', {}],
    ['adds an asset', { assets: [...before.assets, money] }],
    [
      'adds a chain and its lanes',
      {
        chains: [...before.chains, trustIn(microgrid)],
        lanes: [...before.lanes, laneBetween(city, microgrid), laneBetween(microgrid, city)],
      },
    ],
    ['revokes a certificate', revoking('1001')],
    ['lowers the largest packet', withLane({ maximumQuantity: 1n })],
    ['lowers the window', withLane({ window: { ...window, quantity: window.quantity - 1n } })],
  ])('%s', (_, changes) => {
    expect(immediate(changes)).toBe(true);
  });
});

describe('PEG-10: a change waits when it', () => {
  test.each<[string, Partial<Configuration>]>([
    ['changes the members', { members: [...before.members, mspIdShape.read('NewMSP', '')] }],
    ['shortens the delay', { delayMs: 0n }],
    ['lengthens the delay', { delayMs: before.delayMs + 1n }],
    [
      'gives an asset another issuer',
      { assets: before.assets.map((asset) => ({ ...asset, issuer: before.members[1]! })) },
    ],
    ['raises the largest packet', withLane({ maximumQuantity: lane!.maximumQuantity + 1n })],
    ['raises the window', withLane({ window: { ...window, quantity: window.quantity + 1n } })],
    ['shortens the window', withLane({ window: { ...window, lengthMs: window.lengthMs - 1n } })],
    ['divides the window otherwise', withLane({ window: { ...window, shards: 2 } })],
    ['lets a lane carry another asset', withLane({ assets: [...lane!.assets, money.id] })],
    ['asks for fewer organizations', withTrust({ minimumOrganizations: 1 })],
    ['asks for more organizations', withTrust({ minimumOrganizations: 3 })],
    [
      'trusts another organization',
      withTrust({ organizations: [...organizations, { ...organization!, mspId: mspIdShape.read('NewMSP', '') }] }),
    ],
    ['trusts one organization less', withTrust({ organizations })],
    [
      'trusts another CA',
      withTrust({
        organizations: [{ ...organization!, caCertificates: organizations[0]!.caCertificates }, ...organizations],
      }),
    ],
    ['names another chaincode', withTrust({ chaincodeName: 'other' })],
  ])('%s', (_, changes) => {
    expect(immediate(changes)).toBe(false);
  });
  test('takes a revocation back', () => {
    const revoked = { ...before, ...revoking('1001', '1002') };
    expect(onlyAddsOrRestricts({ ...revoked, ...revoking('1001') }, revoked)).toBe(false);
    expect(onlyAddsOrRestricts({ ...revoked, ...revoking('1002', '1001', '1003') }, revoked)).toBe(true);
  });
  test('hides a loosening behind an addition', () => {
    const chains = [...before.chains, trustIn(microgrid)];
    expect(immediate({ chains, ...withLane({ maximumQuantity: lane!.maximumQuantity + 1n }) })).toBe(false);
  });
});

describe('PEG-10: where there is more than one', () => {
  test('asset, each is compared with itself', () => {
    const both = { ...before, assets: [...before.assets, money] };
    expect(onlyAddsOrRestricts({ ...both, sequence: 2 }, both)).toBe(true);
  });
  test('organization, each keeps its own revocations', () => {
    const [second, ...rest] = organizations;
    const revoked = (...serials: string[]): Configuration => ({
      ...before,
      ...withTrust({
        organizations: [
          { ...organization!, revokedSerials: ['1001'] },
          { ...second!, revokedSerials: serials },
          ...rest,
        ],
      }),
    });
    expect(onlyAddsOrRestricts(revoked('2001', '2002'), revoked('2001'))).toBe(true);
    expect(onlyAddsOrRestricts(revoked('1001'), revoked('2001'))).toBe(false);
  });
  test('asset on a lane, one can be taken off at once', () => {
    const wide = { ...before, ...withLane({ assets: [...lane!.assets, money.id] }) };
    expect(onlyAddsOrRestricts({ ...wide, ...withLane({}) }, wide)).toBe(true);
  });
});
