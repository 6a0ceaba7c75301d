// SPDX-License-Identifier: Apache-2.0

import { generateKeyPairSync } from 'node:crypto';
import { mspIdCodec, type Committee, type Configuration, type Lane, type TrustRecord } from '@gridpeg/protocol';
import {
  accountNamed,
  alice,
  charging,
  city,
  codeOf,
  configurationOf,
  laneBetween,
  microgrid,
  refusalOf,
  trustIn,
} from '@gridpeg/protocol/testing';
import { checkApproved, checkConfiguration, checkFirst, majorityOf } from './configure';

const first = configurationOf(city);
const committee = trustIn(city).committee;
const next = (changes: Partial<Configuration> = {}): Configuration => ({ ...first, sequence: 2, ...changes });
const check = (changes: Partial<Configuration>, previous?: Configuration, suspended: readonly string[] = []): unknown =>
  refusalOf(() => {
    checkConfiguration({ ...first, ...changes }, previous, new Set(suspended));
  });
const invalid = (field: string): object => ({
  code: 'CONFIGURATION_INVALID',
  field,
  expected: expect.stringMatching(/\w/) as string,
});
const withTrust = (changes: Partial<TrustRecord>): Partial<Configuration> => ({
  chains: first.chains.map((chain) => (chain.chainId === charging ? { ...chain, ...changes } : chain)),
});
const withCommittee = (changes: Partial<Committee>): Partial<Configuration> =>
  withTrust({ committee: { ...committee, ...changes } });
const withLane = (changes: Partial<Omit<Lane, 'version' | 'custody'>>): Partial<Configuration> => ({
  lanes: first.lanes.map((lane) => (lane.id === laneBetween(city, charging).id ? { ...lane, ...changes } : lane)),
});
const [grid] = first.members;
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  .publicKey.export({ type: 'spki', format: 'der' })
  .toString('base64');

describe('a configuration', () => {
  test('that keeps the rules is accepted, first and next', () => {
    expect(check({})).toBe('accepted');
    expect(check(next(), first)).toBe('accepted');
    expect(check(configurationOf(charging))).toBe('accepted');
  });
  test('may have several assets, and keeps each', () => {
    const money = { ...first.assets[0]!, id: 'city/money' as 'x' & (typeof first.assets)[0]['id'] };
    expect(check({ assets: [...first.assets, money] })).toBe('accepted');
    expect(check(next({ assets: [money] }), first)).toMatchObject(invalid('assets.city/energy'));
  });
  test('pairs lanes for good, ends and all', () => {
    const [out, back] = [laneBetween(city, charging), laneBetween(charging, city)];
    const otherOut = { ...out, id: laneBetween(city, microgrid).id };
    const otherBack = { ...back, id: laneBetween(microgrid, city).id };
    const pair = (...ids: readonly [Lane, Lane][]): Partial<Configuration> => ({
      lanes: ids.flatMap(([to, fro]) => [
        { ...to, returnLaneId: fro.id },
        { ...fro, returnLaneId: to.id },
      ]),
    });
    // Two pairs between the same ends are refused when they come in; a ledger may have them from before that rule.
    const before = { ...first, ...pair([out, back], [otherOut, otherBack]) };
    expect(check(pair([out, back], [otherOut, otherBack]))).toMatchObject(invalid('lanes.city-to-charging'));
    expect(check(next(pair([out, back], [otherOut, otherBack])), before)).toBe('accepted');
    const third = { ...out, id: `${out.id}-2` as typeof out.id };
    const thirdBack = { ...back, id: `${back.id}-2` as typeof out.id };
    const more = next(pair([out, back], [otherOut, otherBack], [third, thirdBack]));
    expect(check(more, before)).toMatchObject(invalid('lanes.city-to-charging-2'));
    const crossed = next(pair([out, otherBack], [otherOut, back]));
    expect(check(crossed, before)).toMatchObject(invalid('lanes.city-to-charging'));
    const shared = [out, { ...back, returnLaneId: otherOut.id }, { ...otherOut, returnLaneId: back.id }];
    expect(check({ lanes: shared })).toMatchObject(invalid('lanes.city-to-charging.returnLaneId'));
    for (const ends of [{ sourceChainId: microgrid }, { destinationChainId: microgrid }]) {
      const lanes = [out, { ...back, ...ends }];
      expect(check({ lanes })).toMatchObject(invalid('lanes.city-to-charging.returnLaneId'));
    }
  });
  test('needs a sequence one more than the last', () => {
    expect(check({ sequence: 2 })).toMatchObject(invalid('sequence'));
    expect(check({ sequence: 1 }, first)).toMatchObject(invalid('sequence'));
    expect(check({ sequence: 3 }, first)).toMatchObject(invalid('sequence'));
  });
  test.each<[string, Partial<Configuration>, string]>([
    ['a member twice', { members: [...first.members, grid!] }, 'members'],
    ['an asset twice', { assets: [...first.assets, ...first.assets] }, 'assets'],
    ['a chain twice', { chains: [...first.chains, trustIn(city)] }, 'chains'],
    ['a lane twice', { lanes: [...first.lanes, first.lanes[0]!] }, 'lanes'],
    [
      'an asset at home elsewhere',
      { assets: [{ ...first.assets[0]!, id: 'city2/energy' as 'x' & (typeof first.assets)[0]['id'] }] },
      'assets.city2/energy',
    ],
    [
      'an issuer who is of no member',
      { assets: [{ ...first.assets[0]!, issuers: [alice, accountNamed('OutsideMSP/alice')] }] },
      'assets.city/energy.issuers',
    ],
    [
      'a CA certificate that is none',
      withTrust({
        organizations: trustIn(city).organizations.map((organization) => ({
          ...organization,
          caCertificates: ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
        })),
      }),
      'chains.charging.organizations.caCertificates',
    ],
    [
      'a CA certificate that is none, of one organization',
      withTrust({
        organizations: trustIn(city).organizations.map((organization, index) => ({
          ...organization,
          ...(index === 1 && { caCertificates: ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'] }),
        })),
      }),
      'chains.charging.organizations.caCertificates',
    ],
    [
      'a notary whose key is none on P-256',
      withCommittee({
        notaries: committee.notaries.map((notary, index) => (index === 0 ? { ...notary, publicKey: p384 } : notary)),
      }),
      'chains.charging.committee.notaries.publicKey',
    ],
    [
      'a notary whose key is no key',
      withCommittee({
        notaries: committee.notaries.map((notary, index) => (index === 0 ? { ...notary, publicKey: 'AAAA' } : notary)),
      }),
      'chains.charging.committee.notaries.publicKey',
    ],
    ['no trust record of itself', { chains: first.chains.filter(({ chainId }) => chainId !== city) }, 'chains'],
    [
      'no trust record of a lane’s end',
      { chains: first.chains.filter(({ chainId }) => chainId !== charging) },
      'lanes.city-to-charging',
    ],
    [
      'a lane between two others',
      { lanes: [laneBetween(microgrid, charging), laneBetween(charging, microgrid)] },
      'lanes.microgrid-to-charging',
    ],
    ['a lane to itself', withLane({ destinationChainId: city }), 'lanes.city-to-charging'],
    ['a lane without return', { lanes: [laneBetween(city, charging)] }, 'lanes.city-to-charging.returnLaneId'],
    [
      'a lane that is its own return',
      withLane({ returnLaneId: laneBetween(city, charging).id }),
      'lanes.city-to-charging.returnLaneId',
    ],
    [
      'a return lane of another pair',
      withLane({ returnLaneId: laneBetween(microgrid, city).id }),
      'lanes.city-to-charging.returnLaneId',
    ],
    [
      'a lane’s asset twice',
      withLane({ assets: [first.assets[0]!.id, first.assets[0]!.id] }),
      'lanes.city-to-charging.assets',
    ],
    [
      'an organization twice',
      withTrust({ organizations: [...trustIn(city).organizations, trustIn(city).organizations[0]!] }),
      'chains.charging.organizations',
    ],
    [
      'a notary twice',
      withCommittee({ notaries: [...committee.notaries.slice(0, 3), { ...committee.notaries[3]!, mspId: grid! }] }),
      'chains.charging.committee.notaries',
    ],
    [
      'a notary’s key twice',
      withCommittee({
        notaries: committee.notaries.with(3, {
          ...committee.notaries[3]!,
          publicKey: committee.notaries[0]!.publicKey,
        }),
      }),
      'chains.charging.committee.notaries.publicKey',
    ],
  ])('with %s is refused', (_, changes, field) => {
    expect(check(changes)).toMatchObject(invalid(field));
  });
  test('whose return lane starts or ends elsewhere is refused', () => {
    const onward = { ...laneBetween(charging, city), destinationChainId: microgrid };
    expect(check({ lanes: [laneBetween(city, charging), onward] })).toMatchObject({ code: 'CONFIGURATION_INVALID' });
  });
});

describe('T08: quorums that are none fail closed', () => {
  test.each([
    [0, 4, false],
    [1, 1, false],
    [1, 4, false],
    [2, 2, true],
    [2, 3, true],
    [2, 4, false],
    [3, 4, true],
    [4, 4, true],
    [5, 4, false],
    [2 ** 31 - 1, 4, false],
  ])('threshold %d of %d notaries: %s', (threshold, size, accepted) => {
    const found = check(withCommittee({ threshold, notaries: committee.notaries.slice(0, size) }));
    if (accepted) expect(found).toBe('accepted');
    else expect(found).toMatchObject(invalid('chains.charging.committee.threshold'));
  });
  test.each([
    [0, false],
    [1, false],
    [2, true],
    [4, true],
    [5, false],
  ])('%d of 4 organizations: %s', (minimumOrganizations, accepted) => {
    const found = check(withTrust({ minimumOrganizations }));
    if (accepted) expect(found).toBe('accepted');
    else expect(found).toMatchObject(invalid('chains.charging.minimumOrganizations'));
  });
});

describe('what value may lie under stays', () => {
  test.each<[string, Partial<Configuration>, string]>([
    ['an asset', { assets: [] }, 'assets.city/energy'],
    ['a lane', { lanes: first.lanes.filter(({ id }) => !id.includes('charging')) }, 'lanes.city-to-charging'],
  ])('%s cannot be left out', (_, changes, field) => {
    expect(check(next(changes), first)).toMatchObject(invalid(field));
  });
  test('a chain cannot be left out, even without lanes', () => {
    const lone = configurationOf(city, { lanes: [] });
    const chains = first.chains.filter(({ chainId }) => chainId !== charging);
    expect(check({ ...lone, sequence: 2, chains }, lone)).toMatchObject(invalid(`chains.${charging}`));
  });
  test('the chain cannot become another', () => {
    const other = configurationOf(city, { sequence: 2, chainId: `city-${'0'.repeat(64)}` as typeof city });
    const chains = [...other.chains, trustIn(city, { chainId: other.chainId })];
    expect(check({ ...other, chains, lanes: [] }, first)).toMatchObject(invalid('chainId'));
  });
  test('a lane cannot be turned, or given another end or return lane', () => {
    const turned = first.lanes.map((lane) => ({
      ...lane,
      sourceChainId: lane.destinationChainId,
      destinationChainId: lane.sourceChainId,
    }));
    expect(check(next({ lanes: turned }), first)).toMatchObject({ code: 'CONFIGURATION_INVALID' });
    const [there, back] = [laneBetween(city, charging), laneBetween(charging, city)];
    const ids = [there.id, back.id];
    const elsewhere = first.lanes.map((lane) =>
      ids.includes(lane.id)
        ? {
            ...lane,
            sourceChainId: lane.sourceChainId === charging ? microgrid : city,
            destinationChainId: lane.sourceChainId === charging ? city : microgrid,
          }
        : lane,
    );
    expect(check(next({ lanes: elsewhere }), first)).toMatchObject(invalid('lanes.city-to-charging'));
  });
  test.each<[string, string, Partial<Omit<Lane, 'version' | 'custody'>>]>([
    ['source', 'charging-to-city', { sourceChainId: microgrid }],
    ['destination', 'city-to-charging', { destinationChainId: microgrid }],
    ['return lane', 'city-to-charging', { returnLaneId: laneBetween(microgrid, city).id }],
  ])('a lane keeps its %s', (_, id, changes) => {
    const lanes = first.lanes.map((lane) => (lane.id === id ? { ...lane, ...changes } : lane));
    expect(check(next({ lanes }), first)).toEqual({
      ...{ code: 'CONFIGURATION_INVALID', field: `lanes.${id}` },
      expected: 'kept, with the same ends and return lane',
    });
  });
  test('limits, assets and organizations may change', () => {
    expect(check(next(withLane({ maximumQuantity: 5n })), first)).toBe('accepted');
    expect(check(next(withTrust({ minimumOrganizations: 3 })), first)).toBe('accepted');
  });
  test('T12: a committee in force changes by rotation or replacement only', () => {
    for (const changes of [{ epoch: 8 }, { threshold: 4 }, { notaries: committee.notaries.slice(0, 3) }]) {
      expect(check(next(withCommittee(changes)), first)).toMatchObject(invalid('chains.charging.committee'));
    }
  });
});

describe('T13: suspended keys', () => {
  const key = committee.notaries[0]!.publicKey;
  const before = configurationOf(city, {
    chains: first.chains.filter(({ chainId }) => chainId !== charging),
    lanes: first.lanes.filter(({ id }) => !id.includes('charging')),
  });

  test('a chain that is new here may not bring one in; where it serves already it stays listed', () => {
    expect(check(next(), before, [key])).toMatchObject(invalid('chains.charging.committee.notaries.publicKey'));
    expect(check(next(), before, [])).toBe('accepted');
    expect(check(next(), first, [key])).toBe('accepted');
  });
});

describe('PEG-11: a window', () => {
  test.each([
    [1_000_000n, 100n, 100_000_000n, 'accepted'],
    [1_000_000n, 101n, 100_000_000n, 'refused'],
    [1_000_000n, 100n, 99_999_999n, 'refused'],
  ])('lets every packet of %d through one of %d shards of %d: %s', (maximumQuantity, shards, quantity, outcome) => {
    const window = { lengthMs: 60_000n, quantity, shards: Number(shards) };
    const found = check(withLane({ maximumQuantity, window }));
    if (outcome === 'accepted') expect(found).toBe('accepted');
    else expect(found).toMatchObject(invalid('lanes.city-to-charging.maximumQuantity'));
  });
});

describe('T35: the first configuration', () => {
  const organizations = first.members;
  const checked = (configuration: Configuration, previous?: Configuration, channel = organizations): unknown =>
    refusalOf(() => {
      checkFirst(configuration, previous, channel);
    });

  test('lists more than half of the organizations of the channel, and no other', () => {
    const listing = (count: number): Configuration => ({
      ...first,
      members: first.members.slice(0, count),
    });
    expect([4, 3].map((count) => checked(listing(count)))).toEqual(['accepted', 'accepted']);
    expect(checked(listing(2))).toMatchObject(invalid('members'));
    expect(checked(first, undefined, organizations.slice(1))).toMatchObject(invalid('members'));
  });
  test('keeps the rules of every other one', () => {
    expect(checked(next())).toMatchObject(invalid('sequence'));
    expect(checked({ ...first, chains: [] })).toMatchObject(invalid('chains'));
  });
  test('is refused where there is one, whoever approves it', () => {
    expect(checked(first, first)).toEqual({ code: 'ALREADY_CONFIGURED', sequence: 1 });
    expect(checked(next(), first)).toEqual({ code: 'ALREADY_CONFIGURED', sequence: 1 });
  });
  test('with one approval too few is refused', () => {
    const counted = (approvals: number): string =>
      codeOf(() => {
        checkApproved(approvals, 4);
      });
    expect([counted(3), counted(4)]).toEqual(['CONFIGURATION_NOT_APPROVED', 'accepted']);
  });
  test.each([
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
  ])('later changes among %d members need %d', (count, required) => {
    expect(majorityOf(Array.from({ length: count }, (_, i) => mspIdCodec.decode(`M${i.toString()}`, '')))).toBe(
      required,
    );
  });
});
