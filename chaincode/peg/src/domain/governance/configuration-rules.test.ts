// SPDX-License-Identifier: Apache-2.0

import {
  configurationCodec,
  decode,
  encode,
  limits,
  mspIdCodec,
  type AssetId,
  type Committee,
  type Configuration,
  type Lane,
  type MspId,
  type Notary,
  type Organization,
  type TrustRecord,
} from '@gridpeg/protocol';
import {
  charging,
  city,
  codeOf,
  configurationOf,
  energy,
  identityOf,
  keyNamed,
  keyUsages,
  laneBetween,
  members,
  microgrid,
  publicKeyOf,
  refusalOf,
  trustIn,
  type Member,
} from '@gridpeg/protocol/testing';
import { checkConfiguration, checkMembers } from './configure';

const first = configurationOf(city);
const [asset] = first.assets;
const { organizations, committee } = trustIn(charging);
const verdict = (changes: Partial<Configuration>, previous?: Configuration): unknown =>
  refusalOf(() => {
    const sequence = (previous?.sequence ?? 0) + 1;
    checkConfiguration({ ...first, sequence, ...changes }, previous, new Set());
  });
const invalid = (field: string, expected: string): object => ({ code: 'CONFIGURATION_INVALID', field, expected });
const withTrust = (changes: Partial<TrustRecord>): Partial<Configuration> => ({
  chains: first.chains.map((chain) => (chain.chainId === charging ? { ...chain, ...changes } : chain)),
});
const withOrganization = (changes: Partial<Organization>): Partial<Configuration> =>
  withTrust({ organizations: organizations.with(1, { ...organizations[1]!, ...changes }) });
const withLane = (changes: Partial<Omit<Lane, 'version' | 'custody'>>): Partial<Configuration> => ({
  lanes: first.lanes.with(0, { ...first.lanes[0]!, ...changes }),
});
/** A certificate of a CA, with the key of that name. */
const authority = (name: string, keyName = name): string => {
  const key = keyNamed(keyName);
  const self = { mspId: members[0].mspId, caName: name, caKey: key };
  const plan = { commonNames: [name], units: [], key, authority: true, keyUsage: keyUsages.keyCertSign };
  return identityOf(self, plan).certificate;
};

describe('T07: the key of a CA', () => {
  const [own, other] = [organizations[0]!.caCertificates[0]!, organizations[1]!.caCertificates[0]!];
  const keyName = (member: Member): string => member.caName;
  const renewed = authority('ca.renewed', keyName(members[0]));

  test.each<[string, readonly string[]]>([
    ['one certificate', [own]],
    ['one certificate beside its own', [other, own]],
    ['another certificate with the same key', [renewed]],
    ['another certificate with the same key beside its own', [other, renewed]],
  ])('does not vouch for two organizations: %s', (_, caCertificates) => {
    expect(verdict(withOrganization({ caCertificates }))).toEqual(
      invalid('chains.charging.organizations.caCertificates', 'another key for each organization'),
    );
  });
  test.each<[string, readonly string[]]>([
    ['two certificates with one key', [other, authority('ca.renewed', keyName(members[1]))]],
    ['two keys', [other, authority('ca.second')]],
  ])('may vouch for one organization: %s', (_, caCertificates) => {
    expect(verdict(withOrganization({ caCertificates }))).toBe('accepted');
  });
});

describe('T06: the role of those who endorse', () => {
  test.each(['client', 'admin', 'orderer', 'member', 'Client', 'ADMIN'])('is not another one: %s', (peerUnit) => {
    expect(verdict(withOrganization({ peerUnit }))).toEqual(
      invalid('chains.charging.organizations.peerUnit', "the name of the peers' role, as peer"),
    );
  });
  test.each(['peer', 'node', 'administrator'])('may be called as an organization likes: %s', (peerUnit) => {
    expect(verdict(withOrganization({ peerUnit }))).toBe('accepted');
  });
});

describe('T08: of 17 organizations', () => {
  const many = Array.from({ length: limits.endorsements + 1 }, (_, index): Organization => {
    const name = `Org${index.toString()}MSP`;
    const mspId = mspIdCodec.decode(name, 'mspId');
    return { mspId, caCertificates: [authority(`ca.${name}`)], peerUnit: 'peer', revokedSerials: [] };
  });
  test('at most 16 are asked for, as many as a proof holds', () => {
    const asking = (minimumOrganizations: number): unknown =>
      verdict(withTrust({ organizations: many, minimumOrganizations }));
    expect(asking(limits.endorsements)).toBe('accepted');
    expect(asking(limits.endorsements + 1)).toEqual(
      invalid(
        'chains.charging.minimumOrganizations',
        'at least 2, at most the organizations listed and the 16 that a proof holds',
      ),
    );
  });
});

describe('the delay of what is urgent', () => {
  test.each<[bigint, bigint, unknown]>([
    [0n, 0n, 'accepted'],
    [0n, 5n, 'accepted'],
    [5n, 5n, 'accepted'],
    [6n, 5n, invalid('urgentDelayMs', 'at most delayMs')],
    [1n, 0n, invalid('urgentDelayMs', 'at most delayMs')],
  ])('of %d ms beside one of %d ms', (urgentDelayMs, delayMs, expected) => {
    expect(verdict({ urgentDelayMs, delayMs })).toEqual(expected);
  });
  test('is at most 14 days, as the other', () => {
    const stored = (changes: Partial<Configuration>): string =>
      codeOf(() => decode(configurationCodec, encode(configurationCodec, { ...first, ...changes })));
    const [delayMs, longer] = [limits.delayMs, limits.delayMs + 1n];
    expect(stored({ delayMs, urgentDelayMs: delayMs })).toBe('accepted');
    expect(stored({ delayMs: longer })).toBe('REQUEST_MALFORMED');
    expect(stored({ urgentDelayMs: longer })).toBe('REQUEST_MALFORMED');
    expect(stored({ urgentDelayMs: -1n })).toBe('REQUEST_MALFORMED');
  });
});

describe('T08: the epoch of a committee that comes in', () => {
  const at = (epoch: number): Committee => ({ ...committee, epoch });
  test('leaves room for rotations', () => {
    expect(verdict(withTrust({ committee: at(limits.firstEpoch) }))).toBe('accepted');
    expect(verdict(withTrust({ committee: at(limits.firstEpoch + 1) }))).toEqual(
      invalid('chains.charging.committee.epoch', 'one with room for rotations'),
    );
  });
  test('is looked at once: one that got there by rotating stays', () => {
    const before = { ...first, ...withTrust({ committee: at(limits.firstEpoch + 1) }) };
    expect(verdict({ chains: before.chains }, before)).toBe('accepted');
  });
});

test.each<[bigint, number, unknown]>([
  [4n, 4, 'accepted'],
  [3n, 4, invalid('assets.city/energy.window.quantity', 'at least 1 for each shard')],
  [1n, 1, 'accepted'],
])('PEG-15: a window of issuing of %d in %d shards', (quantity, shards, expected) => {
  const window = { lengthMs: 60_000n, quantity, shards };
  expect(verdict({ assets: [{ ...asset!, window }] })).toEqual(expected);
});

test('PEG-15: an account issues an asset once, however often it is named', () => {
  const [issuer] = asset!.issuers;
  const assets = [{ ...asset!, issuers: [issuer!, issuer!] }];
  expect(verdict({ assets })).toEqual(invalid('assets.city/energy.issuers', 'each once'));
});

describe('a chain that no lane ends at', () => {
  const lone = { lanes: first.lanes.filter(({ id }) => !id.includes('charging')) };
  const without = { ...first, ...lone, chains: first.chains.filter(({ chainId }) => chainId !== charging) };

  test('does not come in, first or later: it would be trusted for nothing', () => {
    expect(verdict(lone)).toEqual(invalid('chains.charging', 'an end of a lane'));
    expect(verdict(lone, without)).toEqual(invalid('chains.charging', 'an end of a lane'));
    expect(verdict({}, without)).toBe('accepted');
  });
  test('stays where it was there before', () => {
    const before = { ...first, ...lone };
    expect(verdict(lone, before)).toBe('accepted');
  });
  test('may be the chain itself', () => {
    expect(verdict({ chains: [trustIn(city)], lanes: [] })).toBe('accepted');
  });
});

describe('a lane', () => {
  const money = 'city/money' as AssetId;
  test('carries of what is at home here only what there is', () => {
    expect(verdict(withLane({ assets: [energy, money] }))).toEqual(
      invalid(`lanes.${first.lanes[0]!.id}.assets`, 'of those at home here, only assets that there are'),
    );
    const assets = [asset!, { ...asset!, id: money }];
    expect(verdict({ assets, ...withLane({ assets: [energy, money] }) })).toBe('accepted');
  });
  test.each(['microgrid/energy', 'city2/energy'])('carries what is at home elsewhere: %s', (id) => {
    expect(verdict(withLane({ assets: [id as AssetId] }))).toBe('accepted');
  });
  test('that comes in is the only one in its direction', () => {
    const [out, back] = [laneBetween(city, microgrid), laneBetween(microgrid, city)];
    const named = (lane: Lane): Lane => ({
      ...lane,
      id: `${lane.id}-2` as Lane['id'],
      returnLaneId: `${lane.returnLaneId}-2` as Lane['id'],
    });
    const lanes = [...first.lanes, named(out), named(back)];
    expect(verdict({ lanes }, first)).toMatchObject({ expected: 'the only lane between these ends' });
    expect(verdict({ lanes }, { ...first, lanes })).toBe('accepted');
  });
});

describe('T35: a member that comes in', () => {
  const [gone, ...others] = first.members;
  const stranger = mspIdCodec.decode('NewMSP', 'member');
  const verdictOn = (next: readonly MspId[], channel: readonly MspId[]): unknown =>
    refusalOf(() => {
      checkMembers({ ...first, members: next }, first, channel);
    });
  test('is an organization of the channel', () => {
    expect(verdictOn([...first.members, stranger], [...first.members, stranger])).toBe('accepted');
    expect(verdictOn([...first.members, stranger], first.members)).toEqual(
      invalid('members', 'organizations of the channel'),
    );
    expect(verdictOn([...others, stranger], [])).toEqual(invalid('members', 'organizations of the channel'));
  });
  test('was there already where the channel has lost it', () => {
    expect(verdictOn([gone!, ...others], others)).toBe('accepted');
  });
});

describe('PEG-8, T52: the custodian of a lane', () => {
  const [notary, other] = committee.notaries;
  const appointing = (custodian: Notary): Partial<Configuration> => ({
    lanes: first.lanes.with(0, { ...first.lanes[0]!, version: 3, custody: { mode: 'custodian', custodian } }),
  });
  const field = `lanes.${first.lanes[0]!.id}.custody.custodian.publicKey`;
  const apart = { mspId: notary!.mspId, publicKey: publicKeyOf(keyNamed('a custodian')) };
  const check = (changes: Partial<Configuration>, previous?: Configuration, suspended = new Set<string>()): unknown =>
    refusalOf(() => {
      checkConfiguration({ ...first, sequence: (previous?.sequence ?? 0) + 1, ...changes }, previous, suspended);
    });

  test('may be a notary of a committee, or somebody with a key of its own', () => {
    expect(check(appointing(notary!))).toBe('accepted');
    expect(check(appointing(apart))).toBe('accepted');
  });
  test('has a P-256 key', () => {
    const refused = invalid(field, 'a P-256 public key');
    expect(check(appointing({ ...apart, publicKey: 'AA==' }))).toEqual(refused);
    const large = publicKeyOf(keyNamed('a custodian', 'P-384'));
    expect(check(appointing({ ...apart, publicKey: large }))).toEqual(refused);
  });
  test('has a key that no other organization signs with', () => {
    const stolen = { mspId: notary!.mspId, publicKey: other!.publicKey };
    expect(check(appointing(stolen))).toEqual(invalid(field, 'a key of one organization only'));
  });
  test('T13: comes in with a key that is not suspended, and may stay when it is', () => {
    const suspended = new Set([apart.publicKey]);
    expect(check(appointing(apart), first, suspended)).toEqual(invalid(field, 'a key that is not suspended'));
    const before = { ...first, ...appointing(apart) };
    expect(check(appointing(apart), before, suspended)).toBe('accepted');
  });
});
