// SPDX-License-Identifier: Apache-2.0

import { configurationCodec, encode, limits, type Action, type Configuration } from '@gridpeg/protocol';
import {
  charging,
  chargingMember,
  city,
  configurationOf,
  grid,
  members,
  microgridMember,
  regulator,
  trustIn,
} from '@gridpeg/protocol/testing';
import { GovernanceContract } from './contract/governance-contract';
import { Channel } from './testing/channel';

import {
  agreed,
  asJson,
  configure,
  dayMs,
  inForce,
  propose,
  replaceCommittee,
  setAssets,
  setLanes,
} from './testing/govern';

const lanesWith = (maximumQuantity: bigint): Partial<Configuration> => ({
  lanes: inForce.lanes.map((lane) => ({ ...lane, maximumQuantity })),
});
const restrict = configure(lanesWith(50n));
const loosen = configure(lanesWith(2_000_000n));
const { committee } = trustIn(city);
async function configurationIn(channel: Channel): Promise<{ sequence: number }> {
  return (await channel.call('getConfiguration', {})) as { sequence: number };
}

test('T09: only the functions of the specification can be called', () => {
  const metadata = Reflect as unknown as { getMetadata: (key: string, target: object) => unknown };
  const called = metadata.getMetadata('fabric:transactions', GovernanceContract.prototype) as { name: string }[];
  expect(called.map(({ name }) => name).sort()).toEqual([
    'approve',
    'approveConfiguration',
    'commitConfiguration',
    'execute',
    'getProposal',
    'getStandings',
    'propose',
    'rotate',
    'submitEvidence',
    'withdraw',
  ]);
});

describe('T35, PEG-10: governance by one organization', () => {
  let town: Channel;
  beforeEach(async () => {
    town = await Channel.configured(city);
  });

  test('needs an administrator of a member, to propose, to approve and to withdraw', async () => {
    const request = await propose(town, restrict);
    for (const [name, argument] of [
      ['propose', asJson(restrict)],
      ['approve', request],
      ['withdraw', request],
    ] as const) {
      expect(await town.refusal(name, argument, grid.client)).toMatchObject({ code: 'CALLER_NOT_ADMIN' });
      const stranger = { ...grid.admin, mspId: 'StrangerMSP' as typeof grid.mspId };
      expect(await town.refusal(name, argument, stranger)).toMatchObject({ code: 'CALLER_NOT_MEMBER' });
    }
    expect(await town.refusal('execute', request, grid.peer)).toMatchObject({ code: 'CALLER_NOT_CLIENT' });
  });

  test.each<[string, Action]>([
    ['a restriction', restrict],
    ['a loosening', loosen],
    ['a pause', setLanes('paused', 1)],
    ['a pause of issuing', setAssets('paused', 1)],
    ['a committee', replaceCommittee(committee)],
    ['a suspension', { kind: 'suspend-notary', publicKey: committee.notaries[1]!.publicKey }],
  ])('puts %s nowhere, however often it consents and however long it waits', async (_, action) => {
    const request = await agreed(town, action, grid, grid);
    town.aheadMs = 10 * dayMs;
    expect(await town.refusal('execute', request)).toEqual({
      code: 'PROPOSAL_NOT_APPROVED',
      approvals: 1,
      required: 3,
    });
    expect(town.stub.writes.size).toBe(0);
  });

  test('a majority does, once', async () => {
    const request = await agreed(town, restrict, microgridMember, regulator);
    await town.call('execute', request, chargingMember.client);
    expect(await configurationIn(town)).toMatchObject({ sequence: 2 });
    expect(await town.refusal('execute', request)).toEqual({ code: 'PROPOSAL_UNKNOWN', organization: grid.mspId });
  });

  test('consents to another proposal, and those taken back, do not count', async () => {
    const first = await agreed(town, restrict, microgridMember, regulator);
    // The same content, proposed once more, is another proposal without consents.
    const second = await propose(town, restrict);
    expect(await town.refusal('execute', first)).toMatchObject({ code: 'PROPOSAL_UNKNOWN' });
    expect(await town.refusal('execute', second)).toMatchObject({ approvals: 1 });
    for (const { admin } of [microgridMember, regulator]) await town.call('approve', second, admin);
    await town.call('withdraw', second, regulator.admin);
    expect(await town.refusal('execute', second)).toMatchObject({ approvals: 2 });
    await town.call('withdraw', second, grid.admin);
    expect(await town.refusal('approve', second, regulator.admin)).toMatchObject({ code: 'PROPOSAL_UNKNOWN' });
    expect(await town.refusal('getProposal', { organization: grid.mspId })).toMatchObject({ code: 'PROPOSAL_UNKNOWN' });
  });

  test('there is one open proposal an organization at most, and none larger than a configuration may be', async () => {
    for (let count = 0; count < 5; count += 1) await propose(town, count % 2 === 0 ? restrict : loosen);
    const keys = [...town.stub.state.keys()].filter((key) => key.startsWith('\u0000proposal'));
    expect(keys).toHaveLength(1);
    const endless = { kind: 'suspend-notary', publicKey: 'A'.repeat(limits.configurationLength) };
    expect(await town.refusal('propose', endless, grid.admin)).toMatchObject({ code: 'REQUEST_MALFORMED' });
  });

  test('T14: what could move value is seen, and waits, whatever a client’s clock says within the skew', async () => {
    const request = await agreed(town, loosen, microgridMember, regulator);
    const status = (await town.call('getProposal', { organization: grid.mspId })) as { dueMs: string };
    expect(status).toMatchObject({ required: 3, problem: '', consents: [{}, {}, {}] });
    expect(Number(status.dueMs) - Date.now()).toBeGreaterThan(dayMs + 60_000);
    town.aheadMs = dayMs + 60_000;
    expect(await town.refusal('execute', request)).toEqual({ code: 'PROPOSAL_NOT_DUE', dueMs: status.dueMs });
    // Approving once more does not change the date of the consent.
    await town.call('approve', request, regulator.admin);
    town.aheadMs = dayMs + 120_000;
    await town.call('execute', request);
    expect(await configurationIn(town)).toMatchObject({ sequence: 2 });
  });
});

describe('T35: a first configuration', () => {
  const text = encode(configurationCodec, inForce);
  const other = encode(configurationCodec, { ...inForce, delayMs: 1n });
  let channel: Channel;
  beforeEach(() => {
    channel = new Channel('city');
  });

  test('is put in force by approvals of its very text', async () => {
    for (const { admin } of members) await channel.call('approveConfiguration', text, admin);
    const few = { code: 'CONFIGURATION_NOT_APPROVED', required: 4 };
    expect(await channel.refusal('commitConfiguration', other)).toEqual({ ...few, approvals: 0 });
    for (const { admin } of members.slice(1)) await channel.call('approveConfiguration', other, admin);
    expect(await channel.refusal('commitConfiguration', other)).toEqual({ ...few, approvals: 3 });
    expect(await channel.refusal('getConfiguration', {})).toEqual({ code: 'CHAIN_NOT_CONFIGURED' });
    await channel.call('commitConfiguration', text);
    expect(await channel.call('getConfiguration', {})).toMatchObject({ delayMs: inForce.delayMs.toString() });
  });
  test('is the only one, and breaks no rule', async () => {
    const broken = encode(configurationCodec, { ...inForce, urgentDelayMs: inForce.delayMs + 1n });
    for (const name of ['approveConfiguration', 'commitConfiguration']) {
      expect(await channel.refusal(name, broken, grid.admin)).toMatchObject({ field: 'urgentDelayMs' });
    }
    for (const { admin } of members) await channel.call('approveConfiguration', text, admin);
    await channel.call('commitConfiguration', text);
    for (const name of ['approveConfiguration', 'commitConfiguration']) {
      expect(await channel.refusal(name, text, grid.admin)).toEqual({ code: 'ALREADY_CONFIGURED', sequence: 1 });
    }
  });
  test('has a trust record of the chain itself, by which its organizations are asked for', async () => {
    const chains = inForce.chains.filter(({ chainId }) => chainId !== city);
    const lone = encode(configurationCodec, { ...inForce, chains });
    expect(await channel.refusal('approveConfiguration', lone, grid.admin)).toMatchObject({
      code: 'CONFIGURATION_INVALID',
      field: 'chains',
    });
  });
  test('is approved by the organizations that it lists', async () => {
    const listed = encode(configurationCodec, { ...inForce, members: inForce.members.slice(0, 3) });
    expect(await channel.refusal('approveConfiguration', listed, regulator.admin)).toMatchObject({
      code: 'CALLER_NOT_MEMBER',
    });
    for (const { admin } of members.slice(0, 3)) await channel.call('approveConfiguration', listed, admin);
    expect(await channel.call('commitConfiguration', listed)).toMatchObject({ hash: expect.any(String) as string });
  });
});

test('T08: nobody governs what has no first configuration', async () => {
  const channel = new Channel('city');
  expect(await channel.refusal('propose', asJson(restrict), grid.admin)).toEqual({ code: 'CHAIN_NOT_CONFIGURED' });
  expect(await channel.refusal('getStandings', {})).toEqual({ code: 'CHAIN_NOT_CONFIGURED' });
  const text = encode(configurationCodec, inForce);
  await channel.call('approveConfiguration', text, grid.admin);
  await channel.call('approveConfiguration', text, grid.admin);
  expect(await channel.refusal('commitConfiguration', text)).toEqual({
    code: 'CONFIGURATION_NOT_APPROVED',
    approvals: 1,
    required: 4,
  });
  expect(await channel.refusal('approveConfiguration', text)).toMatchObject({ code: 'CALLER_NOT_ADMIN' });
  const elsewhere = encode(configurationCodec, configurationOf(charging));
  expect(await channel.refusal('approveConfiguration', elsewhere, grid.admin)).toMatchObject({ field: 'chainId' });
  const unknown = text.replace('"chaincodeName":"gridpeg"', '"chaincodeName":"moon"');
  expect(await channel.refusal('approveConfiguration', unknown, grid.admin)).toMatchObject({
    code: 'CONFIGURATION_INVALID',
    field: expect.stringMatching(/^chains\.city.*\.chaincodeName$/) as string,
  });
  channel.stub.organizations = [...channel.stub.organizations, ...['Org5MSP', 'Org6MSP', 'Org7MSP', 'Org8MSP']];
  expect(await channel.refusal('approveConfiguration', text, grid.admin)).toMatchObject({ field: 'members' });
});
