// SPDX-License-Identifier: Apache-2.0

import { mspIdCodec, type Asset, type Committee, type Configuration, type Lane, type TrustRecord } from '..';
import {
  bob,
  charging,
  city,
  configurationOf,
  keyNamed,
  laneBetween,
  microgrid,
  publicKeyOf,
  trustIn,
} from '../testing';
import { addsSigners, requiresTimelock } from './requires-timelock';

const before = configurationOf(city, {
  chains: [city, charging].map((chain) => trustIn(chain)),
  lanes: [laneBetween(city, charging), laneBetween(charging, city)],
});
const waits = (changes: Partial<Configuration>): boolean =>
  requiresTimelock({ ...before, sequence: 2, ...changes }, before);
const withLane = (changes: Partial<Omit<Lane, 'version' | 'custody'>>): Partial<Configuration> => ({
  lanes: before.lanes.map((lane, index) => (index === 0 ? { ...lane, ...changes } : lane)),
});
const withTrust = (changes: Partial<TrustRecord>): Partial<Configuration> => ({
  chains: before.chains.map((chain, index) => (index === 1 ? { ...chain, ...changes } : chain)),
});
const [asset] = before.assets;
const withAsset = (changes: Partial<Asset>): Partial<Configuration> => ({ assets: [{ ...asset!, ...changes }] });
const [lane] = before.lanes;
const { window } = lane!;
const [organization, ...organizations] = trustIn(charging).organizations;
const stranger = { ...organization!, mspId: mspIdCodec.decode('NewMSP', '') };
const revoking = (...revokedSerials: string[]): Partial<Configuration> =>
  withTrust({ organizations: [{ ...organization!, revokedSerials }, ...organizations] });
const money = { ...before.assets[0]!, id: 'city/money' as 'x' & (typeof before.assets)[0]['id'] };

describe('PEG-10: a change can move no value that is there, and waits for the urgent delay only, when it', () => {
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
    ['asks for more organizations', withTrust({ minimumOrganizations: 3 })],
    ['trusts one organization less', withTrust({ organizations })],
    ['trusts fewer, and asks for more', withTrust({ organizations, minimumOrganizations: 3 })],
    ['lists organizations in another order', withTrust({ organizations: [...organizations, organization!] })],
    ['takes an account off the issuers', withAsset({ issuers: asset!.issuers.slice(1) })],
    ['lets nobody issue', withAsset({ issuers: [] })],
    ['lowers what may be issued', withAsset({ window: { ...asset!.window, quantity: 1n } })],
  ])('%s', (_, changes) => {
    expect(waits(changes)).toBe(false);
  });
});

describe('PEG-10: a change waits when it', () => {
  test.each<[string, Partial<Configuration>]>([
    ['lengthens what is urgent', { urgentDelayMs: 1n }],
    ['swaps an issuer', withAsset({ issuers: asset!.issuers.with(0, bob) })],
    ['raises what may be issued', withAsset({ window: { ...asset!.window, quantity: asset!.window.quantity + 1n } })],
    ['shortens the window of issuing', withAsset({ window: { ...asset!.window, lengthMs: 60_000n } })],
    ['divides the window of issuing otherwise', withAsset({ window: { ...asset!.window, shards: 2 } })],
    ['calls an asset’s unit otherwise', withAsset({ unit: 'kWh' })],
    [
      'names another unit of peers',
      withTrust({ organizations: [{ ...organization!, peerUnit: 'x' }, ...organizations] }),
    ],
    ['trusts fewer and asks for fewer', withTrust({ organizations, minimumOrganizations: 1 })],
    ['swaps an organization', withTrust({ organizations: [...organizations, stranger] })],
    ['changes the members', { members: [...before.members, mspIdCodec.decode('NewMSP', '')] }],
    ['shortens the delay', { delayMs: 0n }],
    ['lengthens the delay', { delayMs: before.delayMs + 1n }],
    [
      'gives an asset another issuer',
      { assets: before.assets.map((asset) => ({ ...asset, issuers: [...asset.issuers, bob] })) },
    ],
    ['raises the largest packet', withLane({ maximumQuantity: lane!.maximumQuantity + 1n })],
    ['raises the window', withLane({ window: { ...window, quantity: window.quantity + 1n } })],
    ['shortens the window', withLane({ window: { ...window, lengthMs: window.lengthMs - 1n } })],
    ['divides the window otherwise', withLane({ window: { ...window, shards: 2 } })],
    ['lets a lane carry another asset', withLane({ assets: [...lane!.assets, money.id] })],
    ['asks for fewer organizations', withTrust({ minimumOrganizations: 1 })],
    [
      'trusts another organization',
      withTrust({ organizations: [...organizations, { ...organization!, mspId: mspIdCodec.decode('NewMSP', '') }] }),
    ],
    [
      'trusts another CA',
      withTrust({
        organizations: [{ ...organization!, caCertificates: organizations[0]!.caCertificates }, ...organizations],
      }),
    ],
    ['names another chaincode', withTrust({ chaincodeName: 'other' })],
  ])('%s', (_, changes) => {
    expect(waits(changes)).toBe(true);
  });
  test('takes a revocation back', () => {
    const revoked = { ...before, ...revoking('1001', '1002') };
    expect(requiresTimelock({ ...revoked, ...revoking('1001') }, revoked)).toBe(true);
    expect(requiresTimelock({ ...revoked, ...revoking('1002', '1001', '1003') }, revoked)).toBe(false);
  });
  test('hides a loosening behind an addition', () => {
    const chains = [...before.chains, trustIn(microgrid)];
    expect(waits({ chains, ...withLane({ maximumQuantity: lane!.maximumQuantity + 1n }) })).toBe(true);
  });
});

describe('PEG-10: where there is more than one', () => {
  test('asset, each is compared with itself', () => {
    const both = { ...before, assets: [...before.assets, money] };
    expect(requiresTimelock({ ...both, sequence: 2 }, both)).toBe(false);
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
    expect(requiresTimelock(revoked('2001', '2002'), revoked('2001'))).toBe(false);
    expect(requiresTimelock(revoked('1001'), revoked('2001'))).toBe(true);
  });
  test('asset on a lane, one can be taken off at once', () => {
    const wide = { ...before, ...withLane({ assets: [...lane!.assets, money.id] }) };
    expect(requiresTimelock({ ...wide, ...withLane({}) }, wide)).toBe(false);
  });
});

describe('PEG-10: taking trust away', () => {
  const [first, second] = organization!.caCertificates.concat(organizations[0]!.caCertificates);
  const trusting = (...caCertificates: readonly string[]): Configuration => ({
    ...before,
    ...withTrust({ organizations: [{ ...organization!, caCertificates }, ...organizations.slice(1)] }),
  });
  test('from a CA waits for the urgent delay only; giving it back, or another for it, for the long one', () => {
    expect(requiresTimelock(trusting(second!), trusting(first!, second!))).toBe(false);
    expect(requiresTimelock(trusting(first!), trusting(first!, second!))).toBe(false);
    expect(requiresTimelock(trusting(first!, second!), trusting(second!))).toBe(true);
    expect(requiresTimelock(trusting(first!), trusting(second!))).toBe(true);
  });
  test('and adding some in one change waits for the long delay', () => {
    const mixed = withTrust({
      organizations: [{ ...organization!, caCertificates: [...organization!.caCertificates, second!] }],
    });
    expect(waits(mixed)).toBe(true);
    expect(waits({ ...revoking('1001'), ...withLane({ maximumQuantity: lane!.maximumQuantity + 1n }) })).toBe(true);
    expect(waits({ ...revoking('1001'), ...withLane({ maximumQuantity: 1n }) })).toBe(false);
  });
});

describe('PEG-10: a committee that replaces another', () => {
  const { committee } = trustIn(charging);
  const { notaries } = committee;
  const fresh = publicKeyOf(keyNamed('fresh'));
  test.each<[string, Partial<Committee>, boolean]>([
    ['the same', {}, false],
    ['fewer notaries', { notaries: notaries.slice(1) }, false],
    ['a higher threshold', { threshold: 4 }, false],
    ['a lower threshold', { notaries: notaries.slice(2), threshold: 2 }, true],
    ['another key', { notaries: notaries.with(0, { ...notaries[0]!, publicKey: fresh }) }, true],
    [
      'another key and a higher threshold',
      { threshold: 4, notaries: notaries.with(3, { ...notaries[3]!, publicKey: fresh }) },
      true,
    ],
    ['a key in another name', { notaries: notaries.with(0, { ...notaries[0]!, mspId: stranger.mspId }) }, true],
    ['one more', { notaries: [...notaries, { mspId: stranger.mspId, publicKey: fresh }] }, true],
  ])('with %s', (_, changes, adds) => {
    expect(addsSigners({ ...committee, ...changes }, committee)).toBe(adds);
  });
});
