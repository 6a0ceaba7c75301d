// SPDX-License-Identifier: Apache-2.0

import { join } from 'node:path';
import { deployChaincode } from '@gridpeg/network';
import { type PegClient } from '@gridpeg/gateway-app';
import { type Configuration } from '@gridpeg/protocol';
import { repositoryDir } from '../harness/gridpeg';
import { inAnHour } from '../harness/hand-relay';
import { sharedNetwork } from '../harness/shared-network';
import { energy, laneId, mspId, organizations, type OrganizationName, type TestNetwork } from '../harness/test-network';

const chaincode = 'ungoverned';

/** The same chaincode once more on the city chain, under another name: a ledger of its own that nobody has configured. */
describe('governance on a real chain', () => {
  let network: TestNetwork;
  let wanted: Configuration;

  beforeAll(async () => {
    network = sharedNetwork();
    const path = join(repositoryDir, 'chaincode', 'city');
    await deployChaincode({ stateDir: network.stateDir, chain: 'city', name: chaincode, path });
    wanted = { ...(await network.configuration('city')), sequence: 1 };
  });
  afterAll(() => network.close());

  const as = (organization: OrganizationName, user = 'Admin'): PegClient =>
    network.client('city', organization, user, chaincode);
  const commit = async <T extends { readonly blockNumber: bigint }>(step: Promise<T>): Promise<T> =>
    network.everywhere('city', step);

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

  test('T35: a client cannot approve', async () => {
    await expect(as('GridMSP', 'User1').approveConfiguration(wanted)).rejects.toMatchObject({
      code: 'CALLER_NOT_ADMIN',
    });
  });

  test('T35: no minority configures a chain for itself: a peer refuses what leaves its organization out', async () => {
    const minority = {
      ...wanted,
      members: (['GridMSP', 'MicrogridMSP'] as const).map(mspId),
      assets: wanted.assets.filter(({ issuer }) => issuer === 'GridMSP'),
    };
    await expect(as('GridMSP').approveConfiguration(minority)).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      data: { field: 'members' },
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
    await expect(as('GridMSP').approveConfiguration(change(wanted))).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      data: { field: expect.stringContaining(field) as string },
    });
    expect(await network.height('city')).toBe(height);
  });

  test('T08: a threshold that is no number is refused', async () => {
    const text = JSON.stringify({ ...wanted, sequence: '1' }, (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    const broken = text.replaceAll('"threshold":3', '"threshold":"3"');
    await expect(as('GridMSP').connection.submit('peg:approveConfiguration', broken)).rejects.toMatchObject({
      code: 'REQUEST_MALFORMED',
    });
  });

  test('T35: the first configuration needs every organization, and approvals of other texts do not count', async () => {
    await commit(as('GridMSP').approveConfiguration(wanted));
    await expect(as('GridMSP').commitConfiguration(wanted)).rejects.toMatchObject({
      code: 'CONFIGURATION_NOT_APPROVED',
      data: { approvals: 1, required: 4 },
    });
    // Again by the same organization: still one.
    await commit(as('GridMSP').approveConfiguration(wanted));
    for (const name of ['MicrogridMSP', 'ChargingMSP'] as const) await commit(as(name).approveConfiguration(wanted));
    await commit(as('RegulatorMSP').approveConfiguration(withUnit(wanted, 'kWh')));
    await expect(as('GridMSP').commitConfiguration(wanted)).rejects.toMatchObject({
      code: 'CONFIGURATION_NOT_APPROVED',
      data: { approvals: 3, required: 4 },
    });
    await commit(as('RegulatorMSP').approveConfiguration(wanted));
    await commit(as('GridMSP', 'User1').commitConfiguration(wanted));
    expect(await as('ChargingMSP').getConfiguration()).toEqual(wanted);
  });

  test('T35: a change needs more than half of the members; one organization changes nothing', async () => {
    const next = { ...withUnit(wanted, 'kWh'), sequence: 2 };
    await commit(as('GridMSP').approveConfiguration(next));
    await expect(as('GridMSP').commitConfiguration(next)).rejects.toMatchObject({
      code: 'CONFIGURATION_NOT_APPROVED',
      data: { approvals: 1, required: 3 },
    });
    await commit(as('ChargingMSP').approveConfiguration(next));
    await expect(as('GridMSP').commitConfiguration(next)).rejects.toMatchObject({
      data: { approvals: 2, required: 3 },
    });
    await commit(as('RegulatorMSP').approveConfiguration(next));
    await commit(as('GridMSP').commitConfiguration(next));
    expect((await as('MicrogridMSP').getConfiguration()).assets).toMatchObject([{ unit: 'kWh' }]);
    await expect(as('GridMSP').commitConfiguration(next)).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' });
  });

  test('T35: what value may lie under is kept, even when all want it gone', async () => {
    const next = { ...withUnit(wanted, 'kWh'), sequence: 3 };
    await expect(as('GridMSP').approveConfiguration({ ...next, lanes: [] })).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      data: { field: expect.stringContaining('lanes') as string },
    });
    await expect(as('GridMSP').approveConfiguration({ ...next, assets: [] })).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      data: { field: expect.stringContaining('assets') as string },
    });
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
