// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PegClient } from '@gridpeg/gateway-app';
import { configurationCodec, encode, type Action, type Configuration } from '@gridpeg/protocol';
import { gridpegWell } from '../../harness/cli/gridpeg';
import { GovernedPair } from '../../harness/network/governed-pair';
import { inAnHour } from '../../harness/network/manual-relay';
import { sharedNetwork } from '../../harness/network/shared-network';
import {
  energy,
  laneId,
  mspId,
  organizations,
  type OrganizationName,
  type TestNetwork,
} from '../../harness/network/test-network';

const chaincode = 'ungoverned';

/**
 * The same chaincode once more on the city chain, under another name: a ledger of its own that nobody has configured.
 */
describe('governance on a real chain', () => {
  let network: TestNetwork;
  let pair: GovernedPair;
  let wanted: Configuration;

  beforeAll(async () => {
    network = sharedNetwork();
    pair = new GovernedPair(network, chaincode);
    await pair.deploy('city');
    wanted = await pair.firstConfiguration('city');
  });
  afterAll(() => network.close());

  const as = (organization: OrganizationName, user = 'Admin'): PegClient => pair.as('city', organization, user);
  const commit = async <T extends { readonly blockNumber: bigint }>(step: Promise<T>): Promise<T> =>
    network.everywhere('city', step);

  const issue = (user: string, quantity: bigint): ReturnType<PegClient['issue']> => {
    const outputs = [{ recipient: network.account('GridMSP'), quantity, memo: '' }];
    return as('GridMSP', user).issue({ asset: energy, outputs });
  };

  test('T08: nothing can be done before the first configuration', async () => {
    const user = as('GridMSP', 'User1');
    const outputs = [{ recipient: network.account('GridMSP'), quantity: 1n, memo: '' }];
    const noteIds = (await network.issue(network.account('GridMSP'), 1n)).map(({ id }) => id);
    const attempts = [
      () => user.issue({ asset: energy, outputs }),
      () => user.transfer({ noteIds, outputs }),
      () => user.retire({ noteIds, quantity: 1n }),
      () =>
        user.send({
          ...{ laneId: laneId('city-charging'), noteIds, deadlineMs: inAnHour() },
          outputs: outputs.map((output) => ({ kind: 'transfer' as const, ...output })),
        }),
      () => user.getConfiguration(),
      () => user.proveExport('packets', { laneId: laneId('city-charging'), txIds: [txId(noteIds[0]!)] }, organizations),
    ];
    const height = await network.height('city');
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'CHAIN_NOT_CONFIGURED' });
    expect(await network.height('city')).toBe(height);
  });

  /**
   * An organization approves in a folder that holds its own keys only, made of its profile and wallet. @returns how
   * many have
   */
  const approveFrom = async (organization: OrganizationName, configuration: Configuration): Promise<unknown> => {
    const folder = mkdtempSync(join(tmpdir(), 'gridpeg-test-'));
    try {
      const [stateDir, wallet, file] = ['imported', 'wallet', 'first.json'].map((name) => join(folder, name));
      if (stateDir === undefined || wallet === undefined || file === undefined) throw new Error('no paths');
      await gridpegWell(network.stateDir, 'wallet', 'export', wallet, '--user', `${organization}/Admin`);
      const profile = network.organization(organization).connectionProfile.json;
      const importing = ['profile', 'import', profile, '--wallet', wallet, '--chain', `city=${chaincode}`];
      expect((await gridpegWell(stateDir, ...importing)).stdout).toContain('city has no configuration yet');
      writeFileSync(file, encode(configurationCodec, configuration));
      const approving = ['governance', 'approve-first', file, '--chain', 'city', '--as', organization, '--json'];
      const { stdout } = await gridpegWell(stateDir, ...approving);
      return (JSON.parse(stdout) as { readonly approvals?: unknown }).approvals;
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  test('T35: a client cannot approve', async () => {
    await expect(as('GridMSP', 'User1').governance.approveConfiguration(wanted)).rejects.toMatchObject({
      code: 'CALLER_NOT_ADMIN',
    });
  });

  test('T35: no minority configures a chain for itself: half of the organizations is too few', async () => {
    const minority = {
      ...wanted,
      members: (['GridMSP', 'MicrogridMSP'] as const).map(mspId),
      assets: wanted.assets.filter(({ issuers }) => issuers.every((issuer) => issuer.startsWith('GridMSP/'))),
    };
    await expect(as('GridMSP').governance.approveConfiguration(minority)).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      details: { field: 'members' },
    });
  });

  test.each<readonly [what: string, field: string, change: (before: Configuration) => Configuration]>([
    ['a committee that needs nobody', 'committee.threshold', (all) => withCommittee(all, { threshold: 0 })],
    ['a committee that needs one', 'committee.threshold', (all) => withCommittee(all, { threshold: 1 })],
    ['half of a committee', 'committee.threshold', (all) => withCommittee(all, { threshold: 2 })],
    ['more than a committee has', 'committee.threshold', (all) => withCommittee(all, { threshold: 5 })],
    ['proofs of nobody', 'minimumOrganizations', (all) => withTrust(all, { minimumOrganizations: 0 })],
    ['proofs of one organization', 'minimumOrganizations', (all) => withTrust(all, { minimumOrganizations: 1 })],
    ['proofs of more than there are', 'minimumOrganizations', (all) => withTrust(all, { minimumOrganizations: 5 })],
    ['an asset of another chain', 'assets', (all) => ({ ...all, assets: all.assets.map(atCharging) })],
    ['a lane without its way back', 'returnLaneId', (all) => ({ ...all, lanes: all.lanes.slice(1) })],
    ['another channel', 'chainId', (all) => ({ ...all, chainId: all.chains[1]!.chainId })],
    ['a sequence that is not the next', 'sequence', (all) => ({ ...all, sequence: 2 })],
  ])('T08: %s is refused, whoever approves it', async (_what, field, change) => {
    const height = await network.height('city');
    await expect(as('GridMSP').governance.approveConfiguration(change(wanted))).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      details: { field: expect.stringContaining(field) as string },
    });
    expect(await network.height('city')).toBe(height);
  });

  test('T08: a threshold that is no number is refused', async () => {
    const text = JSON.stringify({ ...wanted, sequence: '1' }, (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    const broken = text.replaceAll('"threshold":3', '"threshold":"3"');
    await expect(as('GridMSP').connection.submit('governance:approveConfiguration', broken)).rejects.toMatchObject({
      code: 'REQUEST_MALFORMED',
    });
  });

  test('T35: the first configuration needs every organization, and approvals of other texts do not count', async () => {
    await commit(as('GridMSP').governance.approveConfiguration(wanted));
    await expect(as('GridMSP').governance.commitConfiguration(wanted)).rejects.toMatchObject({
      code: 'CONFIGURATION_NOT_APPROVED',
      details: { approvals: 1, required: 4 },
    });
    // Again by the same organization: still one.
    await commit(as('GridMSP').governance.approveConfiguration(wanted));
    expect(await approveFrom('MicrogridMSP', wanted)).toBe(2);
    await commit(as('ChargingMSP').governance.approveConfiguration(wanted));
    await commit(as('RegulatorMSP').governance.approveConfiguration(withUnit(wanted, 'kWh')));
    await expect(as('GridMSP').governance.commitConfiguration(wanted)).rejects.toMatchObject({
      code: 'CONFIGURATION_NOT_APPROVED',
      details: { approvals: 3, required: 4 },
    });
    await commit(as('RegulatorMSP').governance.approveConfiguration(wanted));
    await commit(as('GridMSP', 'User1').governance.commitConfiguration(wanted));
    expect(await as('ChargingMSP').getConfiguration()).toEqual(wanted);
  });

  test('T35: where there is a configuration, no other is a first one', async () => {
    const again = as('GridMSP').governance.approveConfiguration(wanted);
    await expect(again).rejects.toMatchObject({ code: 'ALREADY_CONFIGURED', details: { sequence: 1 } });
  });

  test('T35: one organization alone changes nothing; more than half of the members do', async () => {
    const lanes = wanted.lanes.map((lane) => ({ ...lane, maximumQuantity: 1_000_000n }));
    const action: Action = { kind: 'configure', configuration: { ...wanted, sequence: 2, lanes } };
    const user = as('GridMSP', 'User1').governance.propose(action);
    await expect(user).rejects.toMatchObject({ code: 'CALLER_NOT_ADMIN' });
    const request = await pair.agree('city', action, 'GridMSP', 'GridMSP');
    const execute = (): Promise<unknown> => as('GridMSP').governance.execute(request);
    await expect(execute()).rejects.toMatchObject({
      code: 'PROPOSAL_NOT_APPROVED',
      details: { approvals: 1, required: 3 },
    });
    await commit(as('ChargingMSP').governance.approve(request));
    await expect(execute()).rejects.toMatchObject({ details: { approvals: 2, required: 3 } });
    await commit(as('RegulatorMSP').governance.approve(request));
    // Consent is free until it is used.
    await commit(as('RegulatorMSP').governance.withdraw(request));
    await expect(execute()).rejects.toMatchObject({ details: { approvals: 2, required: 3 } });
    await commit(as('MicrogridMSP').governance.approve(request));
    expect(await as('MicrogridMSP').governance.proposal(mspId('GridMSP'))).toMatchObject({
      proposal: { action: { kind: 'configure' } },
      consents: [{ organization: 'GridMSP' }, { organization: 'MicrogridMSP' }, { organization: 'ChargingMSP' }],
      required: 3,
      problem: '',
    });
    await pair.execute('city', request);
    expect((await as('MicrogridMSP').getConfiguration()).lanes).toMatchObject([
      { maximumQuantity: 1_000_000n },
      { maximumQuantity: 1_000_000n },
    ]);
    await expect(execute()).rejects.toMatchObject({ code: 'PROPOSAL_UNKNOWN' });
  });

  test('T35: what value may lie under is kept, even when all want it gone', async () => {
    const next = { ...(await as('GridMSP').getConfiguration()), sequence: 3 };
    for (const part of ['lanes', 'assets'] as const) {
      const proposing = as('GridMSP').governance.propose({ kind: 'configure', configuration: { ...next, [part]: [] } });
      await expect(proposing).rejects.toMatchObject({
        code: 'CONFIGURATION_INVALID',
        details: { field: expect.stringContaining(part) as string },
      });
    }
  });

  test('T45: only the accounts that an asset names issue it, no more than its window allows', async () => {
    const now = await as('GridMSP').getConfiguration();
    const assets = now.assets.map((asset) => ({
      ...asset,
      window: { lengthMs: 86_400_000n, quantity: 200n, shards: 2 },
    }));
    const action: Action = { kind: 'configure', configuration: { ...now, sequence: now.sequence + 1, assets } };
    await pair.execute('city', await pair.agree('city', action, 'GridMSP', 'MicrogridMSP', 'ChargingMSP'));
    // The administrator and the notary's user are of the issuer's organization as well.
    for (const lesser of ['Admin', 'User2'])
      await expect(issue(lesser, 1n)).rejects.toMatchObject({ code: 'NOT_ISSUER' });
    await expect(issue('User1', 101n)).rejects.toMatchObject({
      code: 'QUANTITY_ABOVE_LIMIT',
      details: { maximum: '100' },
    });
    // In the shards of the window one after the other: the client finds the one that has room.
    for (let shard = 0; shard < 2; shard += 1) await commit(issue('User1', 60n));
    await expect(issue('User1', 41n)).rejects.toMatchObject({
      code: 'ISSUE_LIMIT_REACHED',
      details: { available: '40' },
    });
    for (let shard = 0; shard < 2; shard += 1) await commit(issue('User1', 40n));
    await expect(issue('User1', 1n)).rejects.toMatchObject({
      code: 'ISSUE_LIMIT_REACHED',
      details: { available: '0' },
    });
  });

  test('T45: a pause stops who issues, and only a majority opens the asset again', async () => {
    const set = (state: 'paused' | 'open', sequence: number): Action => {
      return { kind: 'set-assets', state, assets: [{ asset: energy, sequence }] };
    };
    await pair.execute(
      'city',
      await pair.agree('city', set('paused', 1), 'RegulatorMSP', 'MicrogridMSP', 'ChargingMSP'),
    );
    await expect(issue('User1', 1n)).rejects.toMatchObject({ code: 'ASSET_PAUSED' });
    const opening = await pair.agree('city', set('open', 2), 'GridMSP');
    await expect(pair.execute('city', opening)).rejects.toMatchObject({ code: 'PROPOSAL_NOT_APPROVED' });
    for (const name of ['MicrogridMSP', 'RegulatorMSP'] as const) await commit(as(name).governance.approve(opening));
    await pair.execute('city', opening);
    await expect(issue('User1', 1n)).rejects.toMatchObject({ code: 'ISSUE_LIMIT_REACHED' });
  });

  test('T35, T14: what could move value waits for the delay, also when more than half want it at once', async () => {
    const now = await as('GridMSP').getConfiguration();
    const everybody = ['MicrogridMSP', 'ChargingMSP'] as const;
    const longer: Configuration = { ...now, sequence: now.sequence + 1, delayMs: 86_400_000n };
    await pair.execute(
      'city',
      await pair.agree('city', { kind: 'configure', configuration: longer }, 'GridMSP', ...everybody),
    );
    const lanes = longer.lanes.map((lane) => ({ ...lane, maximumQuantity: 2_000_000n }));
    const looser: Configuration = { ...longer, sequence: longer.sequence + 1, lanes };
    const request = await pair.agree('city', { kind: 'configure', configuration: looser }, 'GridMSP', ...everybody);
    await expect(pair.execute('city', request)).rejects.toMatchObject({
      code: 'PROPOSAL_NOT_DUE',
      details: { dueMs: expect.stringMatching(/^\d{13}$/) as string },
    });
    await commit(as('GridMSP').governance.withdraw(request));
    expect(await as('GridMSP').governance.proposal(mspId('GridMSP'))).toBeUndefined();
  });
});

function withTrust(all: Configuration, change: Partial<Configuration['chains'][number]>): Configuration {
  const [first, ...others] = all.chains;
  return { ...all, chains: [{ ...first!, ...change }, ...others] };
}

function withCommittee(
  all: Configuration,
  change: Partial<Configuration['chains'][number]['committee']>,
): Configuration {
  return withTrust(all, { committee: { ...all.chains[0]!.committee, ...change } });
}

function withUnit(all: Configuration, unit: string): Configuration {
  return { ...all, assets: all.assets.map((asset) => ({ ...asset, unit })) };
}

function atCharging(asset: Configuration['assets'][number]): Configuration['assets'][number] {
  return { ...asset, id: 'charging/energy' as typeof asset.id };
}

function txId(noteId: string): Parameters<PegClient['proveExport']>[1]['txIds'][number] {
  return noteId.slice(17, 81) as Parameters<PegClient['proveExport']>[1]['txIds'][number];
}
