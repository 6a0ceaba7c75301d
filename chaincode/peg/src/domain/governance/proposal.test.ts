// SPDX-License-Identifier: Apache-2.0

import {
  limits,
  type Action,
  type Configuration,
  type Consent,
  type LaneStatusRecord,
  type NotaryStatusRecord,
  type Proposal,
} from '@gridpeg/protocol';
import {
  alice,
  charging,
  city,
  codeOf,
  configurationOf,
  keyNamed,
  laneIdBetween,
  publicKeyOf,
  refusalOf,
  trustIn,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import { configured, type GovernanceChanges } from './governance-changes';
import { execute, prospectOf, type ProposalView } from './proposal';

const dayMs = 86_400_000n;
const skewMs = 120_000n;
const proposedMs = 1_700_000_000_000n;
const inForce = configurationOf(city);
const { notaries: known } = configured(inForce, new Map(), txIdNamed('first'));
const lane = laneIdBetween(city, charging);
const view = (changes: Partial<ProposalView> = {}): ProposalView => ({
  configuration: inForce,
  laneStatuses: new Map(),
  assetStatuses: new Map(),
  replacements: new Map(),
  organizations: [],
  formerTrust: [],
  notaries: new Map(known.map((notary) => [notary.publicKey, notary])),
  ...changes,
});
const proposalOf = (action: Action): Proposal => ({
  version: 2,
  id: txIdNamed('propose'),
  organization: inForce.members[0]!,
  account: alice,
  timeMs: proposedMs,
  action,
});
const consents = (...agesMs: readonly bigint[]): readonly Consent[] =>
  agesMs.map((ageMs) => ({ version: 1, proposalId: txIdNamed('propose'), account: alice, timeMs: proposedMs + ageMs }));
const three = consents(0n, 1_000n, 2_000n);
const dueMs = proposedMs + 2_000n + dayMs + skewMs;
const run = (action: Action, at: bigint, given = three, seen = view()): GovernanceChanges =>
  execute(proposalOf(action), given, seen, { txId: txIdNamed('execute'), timeMs: at });
const outcome = (...parameters: Parameters<typeof run>): unknown => refusalOf(() => run(...parameters));

const configure = (changes: Partial<Configuration>): Action => ({
  kind: 'configure',
  configuration: { ...inForce, sequence: 2, ...changes },
});
const loosen = configure({ lanes: inForce.lanes.map((each) => ({ ...each, maximumQuantity: 2_000_000n })) });
const restrict = configure({ lanes: inForce.lanes.map((each) => ({ ...each, maximumQuantity: 5n })) });
const pause: Action = { kind: 'set-lanes', state: 'paused', lanes: [{ laneId: lane, sequence: 1 }] };
const thaw: Action = { kind: 'set-lanes', state: 'open', lanes: [{ laneId: lane, sequence: 4 }] };
const freshKey = publicKeyOf(keyNamed('fresh'));
const replacement = {
  threshold: 3,
  notaries: trustIn(city).committee.notaries.with(0, { mspId: inForce.members[0]!, publicKey: freshKey }),
};
const replace = {
  kind: 'replace-committee' as const,
  chains: [city, charging].map((chainId) => ({ chainId, sequence: 1 })),
  ...replacement,
};
const [notary] = known;
const suspend: Action = { kind: 'suspend-notary', publicKey: notary!.publicKey };
const status = (state: LaneStatusRecord['state'], sequence: number): ProposalView['laneStatuses'] =>
  new Map([[lane, { version: 1 as const, laneId: lane, sequence, state, txId: txIdNamed('x') }]]);
const frozen = view({ laneStatuses: status('frozen', 3) });

describe('T35: a proposal', () => {
  test.each<[string, Action, ProposalView]>([
    ['configure', loosen, view()],
    ['restrict', restrict, view()],
    ['pause', pause, view()],
    ['thaw', thaw, frozen],
    ['replace-committee', replace, view()],
    ['suspend-notary', suspend, view()],
  ])('to %s needs more than half of the members, however long one organization waits', (_, action, seen) => {
    for (const few of [consents(0n), consents(0n, 1n)]) {
      expect(outcome(action, dueMs, few, seen)).toEqual({
        code: 'PROPOSAL_NOT_APPROVED',
        approvals: few.length,
        required: 3,
      });
    }
    expect(outcome(action, dueMs, three, seen)).toBe('accepted');
  });

  test.each<[string, Action, ProposalView]>([
    ['loosens a rule', loosen, view()],
    ['thaws a lane', thaw, frozen],
    ['replaces a committee', replace, view()],
  ])('that %s waits for the delay and both skews after the consent that made the majority', (_, action, seen) => {
    expect(outcome(action, dueMs - 1n, three, seen)).toEqual({ code: 'PROPOSAL_NOT_DUE', dueMs: dueMs.toString() });
    expect(outcome(action, dueMs, three, seen)).toBe('accepted');
    // A consent beyond the majority, or an old one given a new date, neither hastens nor hinders.
    expect(outcome(action, dueMs, [...three, ...consents(dayMs)], seen)).toBe('accepted');
    expect(outcome(action, dueMs, [...consents(dayMs), ...three], seen)).toBe('accepted');
    const early = { code: 'PROPOSAL_NOT_DUE', dueMs: dueMs.toString() };
    for (const unordered of [
      [...consents(dayMs), ...three],
      [...three.toReversed(), ...consents(dayMs)],
      consents(2_000n, 0n, dayMs, 2_000n),
    ]) {
      expect(outcome(action, dueMs - 1n, unordered, seen)).toEqual(early);
    }
  });

  test('that thaws one lane of several waits as well', () => {
    const other = laneIdBetween(charging, city);
    const both: Action = { ...thaw, lanes: [...thaw.lanes, { laneId: other, sequence: 1 }] };
    expect(outcome(both, dueMs - 1n, three, frozen)).toMatchObject({ code: 'PROPOSAL_NOT_DUE' });
    expect(run(both, dueMs, three, frozen)).toMatchObject({
      laneStatuses: [{ laneId: lane }, { laneId: other }],
      notaries: [],
    });
  });

  test.each<[string, Action]>([
    ['restricts a rule', restrict],
    ['pauses a lane', pause],
    ['suspends a notary', suspend],
  ])('that %s need not wait', (_, action) => {
    expect(outcome(action, proposedMs)).toBe('accepted');
  });

  test('where the delay is nought nothing waits', () => {
    const hasty = view({ configuration: { ...inForce, delayMs: 0n } });
    const action = configure({ delayMs: 0n, members: inForce.members.slice(0, 3) });
    expect(outcome(action, proposedMs, three, hasty)).toBe('accepted');
  });

  test('leaves a paused lane without waiting', () => {
    const paused = view({ laneStatuses: status('paused', 3) });
    expect(run(thaw, proposedMs, three, paused).laneStatuses).toMatchObject([{ sequence: 4, state: 'open' }]);
  });

  test('T14: lapses after the delay and 30 days, by the time that endorsers bound', () => {
    const last = proposedMs + dayMs + limits.proposalLifeMs;
    expect(outcome(pause, last)).toBe('accepted');
    expect(outcome(pause, last + 1n)).toEqual({ code: 'PROPOSAL_LAPSED', proposalId: txIdNamed('propose') });
  });
});

describe('a stale proposal', () => {
  test('does not come in: another configuration came first', () => {
    const later = view({ configuration: { ...inForce, sequence: 2 } });
    expect(outcome(loosen, dueMs, three, later)).toMatchObject({ code: 'PROPOSAL_STALE' });
  });
  test('does not thaw a lane that new evidence has frozen again', () => {
    const again = view({ laneStatuses: status('frozen', 5) });
    expect(outcome(thaw, dueMs, three, again)).toMatchObject({ code: 'PROPOSAL_STALE' });
    expect(outcome(thaw, dueMs)).toMatchObject({ code: 'PROPOSAL_STALE' });
  });
  test('is seen with its problem, and a good one without', () => {
    const later = view({ configuration: { ...inForce, sequence: 2 } });
    const facts = { txId: txIdNamed('x'), timeMs: proposedMs };
    expect(prospectOf(proposalOf(loosen), later, facts)).toMatchObject({ problem: 'PROPOSAL_STALE' });
    expect(prospectOf(proposalOf(loosen), view(), facts)).toEqual({ problem: '', delayMs: dayMs });
    expect(prospectOf(proposalOf(pause), view(), facts)).toEqual({ problem: '', delayMs: 0n });
  });
});

describe('an action', () => {
  test('on an unknown lane, or with a sequence left out, is refused', () => {
    const laneId = laneIdBetween(charging, charging);
    const lanes = [{ laneId, sequence: 1 }];
    expect(outcome({ kind: 'set-lanes', state: 'paused', lanes }, dueMs)).toEqual({ code: 'LANE_UNKNOWN', laneId });
    const ahead: Action = { kind: 'set-lanes', state: 'paused', lanes: [{ laneId: lane, sequence: 2 }] };
    expect(outcome(ahead, dueMs)).toMatchObject({ code: 'PROPOSAL_STALE' });
  });
  test('T08: that breaks a rule of configurations is refused, whoever consents', () => {
    const action = configure({ lanes: [] });
    expect(outcome(action, dueMs)).toMatchObject({ code: 'CONFIGURATION_INVALID' });
    expect(outcome(configure({ sequence: 3 }), dueMs)).toMatchObject({ field: 'sequence' });
  });
  test('configure writes the configuration, and a record for each key that is new', () => {
    expect(run(restrict, proposedMs)).toMatchObject({ configuration: { sequence: 2 }, laneStatuses: [], notaries: [] });
  });
  test('longer than a ledger reads back is refused', () => {
    const long = '-----BEGIN CERTIFICATE-----\n' + 'A'.repeat(8_000) + '\n-----END CERTIFICATE-----\n';
    const chains = inForce.chains.map((chain) => ({
      ...chain,
      organizations: chain.organizations.map((each) => ({ ...each, caCertificates: Array(12).fill(long) as string[] })),
    }));
    expect(codeOf(() => configured({ ...inForce, chains }, new Map(), txIdNamed('x')))).toBe('CONFIGURATION_INVALID');
  });
});

describe('T12: a lost committee', () => {
  test('is replaced in the records that are named, one epoch later, whatever epoch was meant', () => {
    const { configuration, notaries } = run(replace, dueMs);
    const epochs = configuration!.chains.map(({ chainId, committee }) => [chainId, committee.epoch]);
    expect(new Map(epochs as [string, number][])).toEqual(
      new Map(inForce.chains.map(({ chainId }) => [chainId, [city, charging].includes(chainId) ? 8 : 7])),
    );
    expect(configuration!.sequence).toBe(2);
    expect(notaries.map(({ publicKey }) => publicKey)).toEqual([freshKey]);
  });
  test('is remembered with the chains that it signed for, and the replacement is counted for each', () => {
    const { pastCommittees, replacements } = run(replace, dueMs);
    const { committee } = trustIn(city);
    expect(pastCommittees).toEqual([city, charging].map((chainId) => ({ version: 1, chainId, committee })));
    const txId = txIdNamed('execute');
    expect(replacements).toEqual([city, charging].map((chainId) => ({ version: 1, chainId, sequence: 1, txId })));
  });
  test('waits for the long delay when the next one adds signers on one of its chains', () => {
    const chains = inForce.chains.map((chain) =>
      chain.chainId === charging ? { ...chain, committee: { epoch: 7, ...replacement } } : chain,
    );
    const seen = view({ configuration: { ...inForce, chains } });
    expect(outcome(replace, dueMs - 1n, three, seen)).toMatchObject({ code: 'PROPOSAL_NOT_DUE' });
    expect(outcome({ ...replace, chains: [replace.chains[1]!] }, proposedMs, three, seen)).toBe('accepted');
  });
  test.each<[string, readonly number[], readonly (number | undefined)[], boolean]>([
    ['the first', [1, 1], [undefined, undefined], true],
    ['the next', [2, 4], [1, 3], true],
    ['one of two overtaken', [1, 1], [undefined, 1], false],
    ['both overtaken', [1, 1], [1, 1], false],
    ['one left out at the start', [2, 1], [undefined, undefined], false],
    ['one left out later', [2, 4], [1, 2], false],
  ])('is replaced by the replacement that follows the last: %s', (_, sequences, before, good) => {
    const ids = [city, charging];
    const chains = ids.map((chainId, index) => ({ chainId, sequence: sequences[index]! }));
    const replacements = new Map(
      ids.flatMap((chainId, index) => {
        const sequence = before[index];
        return sequence === undefined
          ? []
          : [[chainId, { version: 1 as const, chainId, sequence, txId: txIdNamed('x') }] as const];
      }),
    );
    const found = outcome({ ...replace, chains }, dueMs, three, view({ replacements }));
    if (good) expect(found).toBe('accepted');
    else expect(found).toEqual({ code: 'PROPOSAL_STALE', proposalId: txIdNamed('propose') });
  });
  test('cannot outrun its replacement by rotating on', () => {
    const rotated = {
      ...inForce,
      sequence: 9,
      chains: inForce.chains.map((chain) => ({ ...chain, committee: { ...chain.committee, epoch: 15 } })),
    };
    const { configuration } = run(replace, dueMs, three, view({ configuration: rotated }));
    expect(configuration).toMatchObject({ sequence: 10 });
    expect(configuration!.chains.map(({ committee }) => committee.epoch)).toEqual([16, 15, 16]);
  });
  const unknown = `city-${'0'.repeat(64)}` as typeof city;
  test.each<[string, Partial<Extract<Action, { kind: 'replace-committee' }>>, string]>([
    ['of a chain without trust record', { chains: [{ chainId: unknown, sequence: 1 }] }, 'COMMITTEE_INVALID'],
    ['of a chain named twice', { chains: [replace.chains[0]!, replace.chains[0]!] }, 'COMMITTEE_INVALID'],
    [
      'of chains one of which has none',
      { chains: [replace.chains[0]!, { chainId: unknown, sequence: 1 }] },
      'COMMITTEE_INVALID',
    ],
    ['T08: by half of the notaries', { threshold: 2 }, 'COMMITTEE_INVALID'],
    ['T08: by nobody', { threshold: 0 }, 'COMMITTEE_INVALID'],
    ['T08: by more than all', { threshold: 5 }, 'COMMITTEE_INVALID'],
  ])('%s is not replaced', (_, changes, code) => {
    expect(outcome({ ...replace, ...changes }, dueMs)).toMatchObject({ code });
  });
  test('is not replaced by one with a suspended key', () => {
    const suspended: NotaryStatusRecord = { ...notary!, state: 'suspended' };
    const seen = view({ notaries: new Map([...view().notaries, [suspended.publicKey, suspended]]) });
    const same: Action = { ...replace, notaries: trustIn(city).committee.notaries };
    expect(outcome(same, dueMs, three, seen)).toEqual({ code: 'NOTARY_SUSPENDED', notary: notary!.mspId });
  });
});

describe('T13: a notary’s key', () => {
  test('is suspended by a majority', () => {
    const suspended = { ...notary, state: 'suspended', txId: txIdNamed('execute') };
    expect(run(suspend, proposedMs)).toEqual({ laneStatuses: [], notaries: [suspended] });
  });
  test('that was never a notary’s cannot be', () => {
    expect(outcome({ kind: 'suspend-notary', publicKey: freshKey }, proposedMs)).toEqual({
      code: 'NOTARY_STRANGER',
      notary: freshKey,
    });
  });
});
