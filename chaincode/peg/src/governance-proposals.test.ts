// SPDX-License-Identifier: Apache-2.0

import {
  limits,
  mspIdCodec,
  type Action,
  type Configuration,
  type ProposalRequest,
  type StatusRecords,
} from '@gridpeg/protocol';
import {
  accountNamed,
  charging,
  chargingMember,
  city,
  configurationOf,
  energy,
  grid,
  laneBetween,
  microgrid,
  microgridMember,
  publicKeyOf,
  regulator,
  trustIn,
} from '@gridpeg/protocol/testing';
import { Channel } from './testing/channel';
import {
  agreed,
  agreedOf,
  asJson,
  change,
  committeeNamed,
  configure,
  dayMs,
  inForce,
  propose,
  replaceCommittee,
  rotationTo,
  setAssets,
  setLanes,
} from './testing/govern';

const hourMs = 3_600_000;
const skewsMs = 120_000;
const others = [microgridMember, regulator] as const;
const { committee } = trustIn(city);
const lanesWith = (maximumQuantity: bigint): Action =>
  configure({ lanes: inForce.lanes.map((lane) => ({ ...lane, maximumQuantity })) });
const suspend = (publicKey: string): Action => ({ kind: 'suspend-notary', publicKey });
const suspendGrid = suspend(publicKeyOf(grid.notaryKey));
const issuing = { asset: energy, outputs: [{ recipient: 'GridMSP/User1@GridMSP', quantity: '5', memo: '' }] };

let town: Channel;
beforeEach(async () => {
  town = await Channel.configured(city);
});

async function configuration(): Promise<Configuration> {
  return (await town.call('getConfiguration', {})) as Configuration;
}
async function epochs(): Promise<readonly number[]> {
  return (await configuration()).chains.map(({ committee: { epoch } }) => epoch);
}
async function statusRecords(): Promise<StatusRecords> {
  return (await town.call('getStandings', {})) as StatusRecords;
}
async function suspendedKeys(): Promise<readonly string[]> {
  const { notaries } = await statusRecords();
  return notaries.filter(({ state }) => state === 'suspended').map(({ publicKey }) => publicKey);
}
async function problemOf({ organization }: ProposalRequest): Promise<string> {
  return ((await town.call('getProposal', { organization })) as { problem: string }).problem;
}

describe('T12, T35: a proposal that another one has overtaken', () => {
  const [one, other] = [committeeNamed('one', 8), committeeNamed('other', 8)];
  test.each<[string, Action, Action]>([
    ['a configuration', lanesWith(50n), lanesWith(60n)],
    ['the same configuration', lanesWith(50n), lanesWith(50n)],
    ['a status of lanes', setLanes('paused', 1), setLanes('open', 1)],
    ['a status of assets', setAssets('paused', 1), setAssets('open', 1)],
    ['a committee', replaceCommittee(one), replaceCommittee(other)],
    ['a suspension', suspendGrid, suspendGrid],
  ])('is carried out no more, approved no more and seen as stale: %s', async (_, better, overtaken) => {
    const late = await agreedOf(microgridMember, town, overtaken, grid, regulator);
    const first = await agreed(town, better, ...others);
    town.aheadMs = dayMs + skewsMs;
    expect(await problemOf(late)).toBe('');
    await town.call('execute', first);
    const before = await configuration();
    const stale = { code: 'PROPOSAL_STALE', proposalId: late.proposalId };
    expect(await town.refusal('execute', late)).toEqual(stale);
    expect(await town.refusal('approve', late, chargingMember.admin)).toEqual(stale);
    expect(await town.refusal('propose', asJson(overtaken), chargingMember.admin)).toMatchObject({
      code: 'PROPOSAL_STALE',
    });
    expect(town.stub.writes.size).toBe(0);
    expect(await problemOf(late)).toBe('PROPOSAL_STALE');
    expect(await configuration()).toEqual(before);
  });

  test('leaves the better committee; the next goes up by one epoch, and counts as the second replacement', async () => {
    const late = await agreedOf(microgridMember, town, replaceCommittee(other), grid, regulator);
    const first = await agreed(town, replaceCommittee(one), ...others);
    town.aheadMs = dayMs + skewsMs;
    await town.call('execute', first);
    expect(await town.refusal('execute', late)).toMatchObject({ code: 'PROPOSAL_STALE' });
    expect((await configuration()).chains[0]!.committee).toEqual(one);
    expect(await epochs()).toEqual([8, 7, 7]);
    const ahead = asJson(replaceCommittee(other, 3));
    expect(await town.refusal('propose', ahead, grid.admin)).toMatchObject({ code: 'PROPOSAL_STALE' });
    const second = await agreed(town, replaceCommittee(other, 2), ...others);
    town.aheadMs += dayMs + skewsMs;
    await town.call('execute', second);
    expect(await epochs()).toEqual([9, 7, 7]);
    expect(await statusRecords()).toMatchObject({ replacements: [{ chainId: city, sequence: 2 }] });
  });

  test('is not one that a rotation came before: a committee cannot outrun its replacement', async () => {
    const request = await agreed(town, replaceCommittee(one), ...others);
    await town.call('rotate', rotationTo('next', committee));
    town.aheadMs = dayMs + skewsMs;
    await town.call('execute', request);
    expect(await epochs()).toEqual([9, 8, 8]);
  });
});

describe('T14: a proposal that has lapsed', () => {
  const lifeMs = dayMs + Number(limits.proposalLifeMs);
  test('is neither approved nor carried out, and seen with its problem', async () => {
    const request = await agreed(town, setLanes('paused', 1), ...others);
    town.aheadMs = lifeMs - 60_000;
    expect(await problemOf(request)).toBe('');
    town.aheadMs = lifeMs + 60_000;
    const lapsed = { code: 'PROPOSAL_LAPSED', proposalId: request.proposalId };
    expect(await town.refusal('approve', request, chargingMember.admin)).toEqual(lapsed);
    expect(await town.refusal('execute', request)).toEqual(lapsed);
    expect(town.stub.writes.size).toBe(0);
    expect(await problemOf(request)).toBe('PROPOSAL_LAPSED');
    await town.call('withdraw', request, grid.admin);
  });
});

describe('T35: an organization that is no member any more', () => {
  const members = inForce.members.filter((member) => member !== regulator.mspId);
  test('has no say: its consent counts no more, and its proposal can only be withdrawn, by itself', async () => {
    const removal = await agreed(town, configure({ members }), microgridMember, chargingMember);
    town.aheadMs = dayMs + skewsMs;
    const own = await propose(town, setLanes('paused', 1), regulator);
    const left = await agreedOf(microgridMember, town, setAssets('paused', 1), regulator);
    await town.call('execute', removal);
    expect(await town.refusal('execute', left)).toEqual({ code: 'PROPOSAL_NOT_APPROVED', approvals: 1, required: 2 });
    for (const [name, argument] of [
      ['propose', asJson(setLanes('paused', 1))],
      ['approve', left],
      ['withdraw', left],
    ] as const) {
      expect(await town.refusal(name, argument, regulator.admin)).toMatchObject({ code: 'CALLER_NOT_MEMBER' });
    }
    await town.call('withdraw', own, regulator.admin);
    expect(await town.refusal('execute', own)).toMatchObject({ code: 'PROPOSAL_UNKNOWN' });
    await town.call('approve', left, grid.admin);
    await town.call('execute', left);
  });
  test('comes in again, as anybody else, where the channel has it', async () => {
    const stranger = configure({ members: [...inForce.members, mspIdCodec.decode('NewMSP', 'member')] });
    const refusal = { code: 'CONFIGURATION_INVALID', field: 'members' };
    expect(await town.refusal('propose', asJson(stranger), grid.admin)).toMatchObject(refusal);
    town.stub.organizations = [...town.stub.organizations, 'NewMSP'];
    const request = await agreed(town, stranger, ...others);
    town.aheadMs = dayMs + skewsMs;
    await town.call('execute', request);
    expect((await configuration()).members).toHaveLength(5);
  });
});

describe('PEG-15: issuing', () => {
  test('stops while members have paused it, and goes on at once when they open it', async () => {
    await change(town, setAssets('paused', 1));
    expect(await town.refusal('issue', issuing)).toEqual({ code: 'ASSET_PAUSED', asset: energy });
    expect(await statusRecords()).toMatchObject({ assets: [{ asset: energy, state: 'paused', sequence: 1 }] });
    await change(town, setAssets('open', 2));
    expect(await town.call('issue', issuing)).toMatchObject({ noteIds: [expect.any(String)] });
    expect(await statusRecords()).toMatchObject({ assets: [{ asset: energy, state: 'open', sequence: 2 }] });
  });
  test('ends where its window does, whoever issues', async () => {
    const window = { lengthMs: 31n * BigInt(dayMs), quantity: 8n, shards: 1 };
    town = await Channel.configured(city, { assets: inForce.assets.map((asset) => ({ ...asset, window })) });
    await town.call('issue', issuing);
    expect(await town.refusal('issue', issuing)).toEqual({
      code: 'ISSUE_LIMIT_REACHED',
      asset: energy,
      available: '3',
    });
  });
  test('T16: endorsed before a pause and ordered after it is invalid', async () => {
    await town.text('issue', issuing);
    const held = new Set(town.stub.reads);
    const pause = await agreed(town, setAssets('paused', 1), ...others);
    await town.text('execute', pause);
    expect([...town.stub.writes.keys()].filter((key) => held.has(key))).not.toEqual([]);
  });
  test('is paused of assets that there are, each named once and with the next sequence', async () => {
    const unknown = 'city/money' as typeof energy;
    const pausing = (...assets: readonly (typeof energy)[]): string =>
      asJson({ kind: 'set-assets', state: 'paused', assets: assets.map((asset) => ({ asset, sequence: 1 })) });
    expect(await town.refusal('propose', pausing(energy, unknown), grid.admin)).toEqual({
      code: 'ASSET_UNKNOWN',
      asset: unknown,
    });
    expect(await town.refusal('propose', asJson(setAssets('paused', 2)), grid.admin)).toMatchObject({
      code: 'PROPOSAL_STALE',
    });
    expect(await town.refusal('propose', pausing(energy, energy), grid.admin)).toMatchObject({
      code: 'REQUEST_MALFORMED',
      field: 'action.assets',
    });
  });
});

test('T35: lanes are named once in a proposal, so that no status is written twice', async () => {
  const { lanes } = setLanes('paused', 1) as Extract<Action, { kind: 'set-lanes' }>;
  const twice = asJson({ kind: 'set-lanes', state: 'paused', lanes: [lanes[0]!, lanes[0]!] });
  expect(await town.refusal('propose', twice, grid.admin)).toMatchObject({
    code: 'REQUEST_MALFORMED',
    field: 'action.lanes',
  });
});

describe('PEG-10: where what is urgent waits for an hour', () => {
  const { notaries } = committee;
  const fewer = { threshold: 3, notaries: notaries.slice(1) };
  const issuer = accountNamed('GridMSP/bob');
  beforeEach(async () => {
    town = await Channel.configured(city, { urgentDelayMs: BigInt(hourMs) });
  });
  const within = (changes: Partial<Configuration>): Action => configure({ urgentDelayMs: BigInt(hourMs), ...changes });

  test.each<[string, number, Action]>([
    ['a lower limit', hourMs, within({ lanes: inForce.lanes.map((lane) => ({ ...lane, maximumQuantity: 50n })) })],
    ['a suspension', hourMs, suspendGrid],
    ['a committee of fewer', hourMs, replaceCommittee(fewer)],
    ['no issuer', hourMs, within({ assets: inForce.assets.map((asset) => ({ ...asset, issuers: [] })) })],
    ['an issuer', dayMs, within({ assets: inForce.assets.map((asset) => ({ ...asset, issuers: [issuer] })) })],
    [
      'a higher limit',
      dayMs,
      within({ lanes: inForce.lanes.map((lane) => ({ ...lane, maximumQuantity: 2_000_000n })) }),
    ],
    ['a committee of others', dayMs, replaceCommittee(committeeNamed('other', 8))],
    ['a shorter delay', dayMs, within({ urgentDelayMs: 0n })],
  ])('%s comes in after %d ms and both skews, and not before', async (_, delayMs, action) => {
    const request = await agreed(town, action, ...others);
    town.aheadMs = delayMs + 60_000;
    expect(await town.refusal('execute', request)).toMatchObject({ code: 'PROPOSAL_NOT_DUE' });
    town.aheadMs = delayMs + skewsMs;
    await town.call('execute', request);
  });
  test('a pause, and its end, do not wait', async () => {
    for (const action of [setLanes('paused', 1), setLanes('open', 2), setAssets('paused', 1), setAssets('open', 2)]) {
      await change(town, action);
    }
  });
});

describe('T13: a suspended key', () => {
  const key = publicKeyOf(grid.notaryKey);
  /** The charging chain's committee has the same keys, and its own epoch, so it does not rotate with the others. */
  const apart = { ...committee, epoch: 9 };
  const chains = inForce.chains.map((chain) => (chain.chainId === charging ? { ...chain, committee: apart } : chain));

  test('stays suspended whatever else changes: by rotation, configuration and replacement', async () => {
    town = await Channel.configured(city, { chains });
    await change(town, suspendGrid);
    expect(await suspendedKeys()).toEqual([key]);
    await town.call('rotate', rotationTo('next', committee));
    expect(await epochs()).toEqual([8, 8, 9]);
    expect(await suspendedKeys()).toEqual([key]);
    const rotated = (await configurationInForce()).chains;
    const lanes = inForce.lanes.map((lane) => ({ ...lane, maximumQuantity: 50n }));
    await change(town, configure({ sequence: 3, chains: rotated, lanes }));
    expect(await suspendedKeys()).toEqual([key]);
    const request = await agreed(town, replaceCommittee(committeeNamed('other', 9)), ...others);
    town.aheadMs = dayMs + skewsMs;
    await town.call('execute', request);
    expect(await epochs()).toEqual([9, 8, 9]);
    expect(await suspendedKeys()).toEqual([key]);
  });

  test('comes back by none of them, even when no committee names it any more', async () => {
    const lone = { lanes: inForce.lanes.filter(({ id }) => !id.includes('microgrid')) };
    town = await Channel.configured(city, {
      ...lone,
      chains: inForce.chains.filter(({ chainId }) => chainId !== microgrid),
    });
    await change(town, suspendGrid);
    await town.call('rotate', rotationTo('next', committee));
    const next = committeeNamed('next', 8);
    expect(await suspendedKeys()).toEqual([]);
    expect(await town.refusal('rotate', rotationBack(next))).toEqual({ code: 'NOTARY_SUSPENDED', notary: grid.mspId });
    expect(await town.refusal('propose', asJson(replaceCommittee(committee)), grid.admin)).toEqual({
      code: 'NOTARY_SUSPENDED',
      notary: grid.mspId,
    });
    const rotated = (await configurationInForce()).chains;
    const bringing = configure({ sequence: 3, chains: [...rotated, trustIn(microgrid)] });
    expect(await town.refusal('propose', asJson(bringing), grid.admin)).toMatchObject({
      code: 'CONFIGURATION_INVALID',
      field: 'chains.microgrid.committee.notaries.publicKey',
    });
    // The others of that committee are known still, and can be suspended as well.
    await change(town, suspend(publicKeyOf(regulator.notaryKey)));
  });

  async function configurationInForce(): Promise<Configuration> {
    const { chains: found } = await configuration();
    return { ...configurationOf(city), chains: found };
  }
  function rotationBack(from: typeof committee): string {
    return rotationTo('unused', from, { notaries: committee.notaries });
  }
});

describe('T12: a rotation handed to a chain', () => {
  test.each([
    ['leaves an epoch out', 9],
    ['stays at its epoch', 7],
    ['goes back', 6],
    ['goes to the last number that there is', 2 ** 31 - 1],
  ])('is refused when it %s', async (_, epoch) => {
    const rotation = rotationTo('next', committee, { epoch });
    expect(await town.refusal('rotate', rotation)).toEqual({ code: 'EPOCH_STALE', epoch });
    expect(await epochs()).toEqual([7, 7, 7]);
  });
  test('is submitted by a client, and before a chain is configured by nobody', async () => {
    const rotation = rotationTo('next', committee);
    expect(await town.refusal('rotate', rotation, grid.peer)).toMatchObject({ code: 'CALLER_NOT_CLIENT' });
    expect(await new Channel('city').refusal('rotate', rotation)).toEqual({ code: 'CHAIN_NOT_CONFIGURED' });
  });
});

test('PEG-10: a chain comes in with its lanes, and waits for the urgent delay only', async () => {
  const lone = { lanes: inForce.lanes.filter(({ id }) => !id.includes('microgrid')) };
  const chains = inForce.chains.filter(({ chainId }) => chainId !== microgrid);
  town = await Channel.configured(city, { ...lone, chains });
  const lanes = [...lone.lanes, laneBetween(city, microgrid), laneBetween(microgrid, city)];
  await change(town, configure({ lanes }));
  expect((await configuration()).lanes).toHaveLength(4);
});
