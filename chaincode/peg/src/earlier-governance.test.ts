// SPDX-License-Identifier: Apache-2.0

import {
  consentCodec,
  encode,
  stateKey,
  storedConfigurationCodec,
  storedProposalCodec,
  type EarlierConfiguration,
  type EarlierProposal,
} from '@gridpeg/protocol';
import {
  accountNamed,
  chargingMember,
  city,
  energy,
  energyAsset,
  grid,
  members,
  microgridMember,
  publicKeyOf,
  regulator,
  trustIn,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import { Channel } from './testing/channel';
import {
  agreed,
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

/**
 * Ledgers that were written before records had their present versions; docs/spec/05-configuration.md and
 * 08-governance.md.
 */

const { committee } = trustIn(city);
const { sequence, chainId, delayMs, chains, lanes } = inForce;
const before: EarlierConfiguration = {
  ...{ version: 2, sequence, chainId, members: inForce.members, delayMs, chains, lanes },
  assets: [{ id: energy, unit: 'Wh', issuer: grid.mspId }],
};
const issuing = { asset: energy, outputs: [{ recipient: 'GridMSP/User1@GridMSP', quantity: '5', memo: '' }] };

let town: Channel;
beforeEach(async () => {
  town = await Channel.configured(city);
});
const keep = (text: string, ...key: Parameters<typeof stateKey>): void => {
  town.stub.state.set(stateKey(...key), Buffer.from(text));
};
const stored = (...key: Parameters<typeof stateKey>): unknown =>
  JSON.parse(town.stub.state.get(stateKey(...key))!.toString('utf8'));

describe('a ledger with a configuration of version 2', () => {
  beforeEach(() => {
    keep(encode(storedConfigurationCodec, before), 'configuration');
    keep(JSON.stringify(before.assets[0]), 'asset', energy);
    keep(JSON.stringify({ version: 1, chainId, sequence }), 'chain');
  });

  test('reads as one of version 3 whose assets nobody issues and whose urgent changes do not wait', async () => {
    expect(await town.call('getConfiguration', {})).toMatchObject({
      ...{ version: 3, sequence: 1, delayMs: delayMs.toString(), urgentDelayMs: '0' },
      assets: [{ version: 2, id: energy, unit: 'Wh', issuers: [] }],
    });
    for (const { client, admin } of members) {
      for (const caller of [client, admin]) {
        expect(await town.refusal('issue', issuing, caller)).toEqual({ code: 'NOT_ISSUER', asset: energy });
      }
    }
    await change(town, { kind: 'suspend-notary', publicKey: publicKeyOf(grid.notaryKey) });
  });

  test('rotates, and is of the present version from then on', async () => {
    expect(await town.call('rotate', rotationTo('next', committee))).toMatchObject({ result: 'done' });
    expect(stored('configuration')).toMatchObject({
      ...{ version: 3, sequence: 2, urgentDelayMs: '0', members: inForce.members },
      chains: chains.map(() => ({ committee: committeeNamed('next', 8) })),
      assets: [{ version: 2, id: energy, issuers: [] }],
    });
    expect(stored('chain')).toMatchObject({ version: 3, sequence: 2, members: inForce.members });
    expect(stored('asset', energy)).toMatchObject({ version: 2, issuers: [] });
    expect(await town.refusal('issue', issuing)).toMatchObject({ code: 'NOT_ISSUER' });
  });

  test('is configured again: issuers wait for the long delay, and issue from then on', async () => {
    const request = await agreed(town, configure({}), microgridMember, regulator);
    town.aheadMs = dayMs + 60_000;
    expect(await town.refusal('execute', request)).toMatchObject({ code: 'PROPOSAL_NOT_DUE' });
    town.aheadMs = dayMs + 120_000;
    await town.call('execute', request);
    town.aheadMs = 0;
    expect(stored('configuration')).toMatchObject({ version: 3, sequence: 2 });
    expect(await town.call('issue', issuing)).toMatchObject({ noteIds: [expect.any(String)] });
  });

  test('takes no other one of version 2, proposed or first', async () => {
    const old = { ...before, sequence: 2 };
    const text = encode(storedConfigurationCodec, old);
    expect(await town.refusal('propose', `{"kind":"configure","configuration":${text}}`, grid.admin)).toMatchObject({
      code: 'REQUEST_MALFORMED',
    });
    const fresh = new Channel('city');
    const first = encode(storedConfigurationCodec, before);
    expect(await fresh.refusal('approveConfiguration', first, grid.admin)).toMatchObject({ code: 'REQUEST_MALFORMED' });
  });

  test('pauses an asset, whose status stays when the asset comes back', async () => {
    await change(town, setAssets('paused', 1));
    const anew = configure({ assets: [{ ...energyAsset, issuers: [accountNamed('GridMSP/User1@GridMSP')] }] });
    const request = await agreed(town, anew, microgridMember, regulator);
    town.aheadMs = dayMs + 120_000;
    await town.call('execute', request);
    town.aheadMs = 0;
    expect(await town.refusal('issue', issuing)).toEqual({ code: 'ASSET_PAUSED', asset: energy });
  });
});

describe('a proposal of version 1', () => {
  const id = txIdNamed('proposed before');
  const proposalOf = (action: EarlierProposal['action']): EarlierProposal => ({
    ...{ version: 1, id, organization: grid.mspId, account: accountNamed('GridMSP/Admin@GridMSP'), action },
    timeMs: BigInt(Date.now()),
  });
  const setting = setLanes('paused', 1) as Extract<EarlierProposal['action'], { kind: 'set-lanes' }>;
  const request = { organization: grid.mspId, proposalId: id };

  test.each<[string, EarlierProposal['action']]>([
    ['configure', { kind: 'configure', configuration: { ...before, sequence: 2 } }],
    ['set-lanes', setting],
    ['replace-committee', { kind: 'replace-committee', chainIds: [city], committee: committeeNamed('old', 8) }],
    ['suspend-notary', { kind: 'suspend-notary', publicKey: publicKeyOf(grid.notaryKey) }],
  ])('to %s is read, and does nothing, whoever has consented: it can be withdrawn', async (kind, action) => {
    const { timeMs, account } = proposalOf(action);
    keep(encode(storedProposalCodec, proposalOf(action)), 'proposal', grid.mspId);
    for (const { mspId } of [grid, microgridMember, regulator]) {
      keep(encode(consentCodec, { version: 1, proposalId: id, account, timeMs }), 'consent', grid.mspId, mspId);
    }
    expect(await town.call('getProposal', { organization: grid.mspId })).toMatchObject({
      proposal: { version: 1, id, action: { kind } },
      consents: [{}, {}, {}],
      required: 3,
      problem: 'PROPOSAL_STALE',
    });
    town.aheadMs = 2 * dayMs;
    const stale = { code: 'PROPOSAL_STALE', proposalId: id };
    expect(await town.refusal('approve', request, chargingMember.admin)).toEqual(stale);
    expect(await town.refusal('execute', request)).toEqual(stale);
    expect(town.stub.writes.size).toBe(0);
    expect(await town.call('withdraw', request, grid.admin)).toMatchObject({ proposalId: id });
    expect(await town.refusal('getProposal', { organization: grid.mspId })).toMatchObject({ code: 'PROPOSAL_UNKNOWN' });
  });

  test('gives way to a new one of the same organization, whose consents are its own', async () => {
    keep(encode(storedProposalCodec, proposalOf(setting)), 'proposal', grid.mspId);
    const account = accountNamed('MicrogridMSP/Admin@MicrogridMSP');
    const consent = encode(consentCodec, { version: 1, proposalId: id, account, timeMs: 0n });
    for (const { mspId } of [microgridMember, regulator]) keep(consent, 'consent', grid.mspId, mspId);
    const anew = await propose(town, setLanes('paused', 1));
    expect(await town.refusal('execute', anew)).toEqual({ code: 'PROPOSAL_NOT_APPROVED', approvals: 1, required: 3 });
  });

  test('names a committee and its epoch: nobody can propose that any more', async () => {
    const old = { kind: 'replace-committee', chainIds: [city], committee: committeeNamed('old', 2 ** 31 - 1) };
    expect(await town.refusal('propose', old, grid.admin)).toMatchObject({ code: 'REQUEST_MALFORMED' });
    const text = asJson(replaceCommittee(committeeNamed('new', 8)));
    const named = text.replace('"threshold"', `"epoch":${(2 ** 31 - 1).toString()},"threshold"`);
    expect(await town.refusal('propose', named, grid.admin)).toMatchObject({ code: 'REQUEST_MALFORMED' });
  });
});
