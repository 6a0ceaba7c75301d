// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { builtInTopology, loadTopology } from '../topology/load-topology';
import { derivedPlan, type Runnable } from './derived-plan';
import type { Deployment, Plan } from './plan';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gridpeg-derived-')));
const repositoryDir = join(folder, 'repository');
const elsewhere = join(folder, 'elsewhere');
const topology = loadTopology(builtInTopology('dev'));
const runnable: Runnable = { repositoryDir, chaincodeDirs: [], searchPath: '/usr/bin' };
for (const { chaincode } of topology.chains) mkdirSync(join(repositoryDir, chaincode.path), { recursive: true });
mkdirSync(elsewhere);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const city = topology.chains.find(({ name }) => name === 'city')!;
const deployment: Deployment = {
  ...{ chain: 'city', name: city.chaincode.name, version: '1.0', sequence: 1, policy: '' },
  path: join(repositoryDir, city.chaincode.path),
};
const evil = (name: string): string => `/tmp/evil/${name}`;
const plan: Plan = {
  ...{ format: 1, driver: 'native', topology, searchPath: '/tmp/evil', ports: {}, deployments: [deployment] },
  binaries: {
    ...{ peer: evil('peer'), orderer: evil('orderer'), configtxgen: evil('configtxgen') },
    ...{ cryptogen: evil('cryptogen'), osnadmin: evil('osnadmin'), discover: evil('discover') },
  },
  caBinaries: { 'fabric-ca-server': evil('server'), 'fabric-ca-client': evil('client') },
};
const withDeployment = (change: Partial<Deployment>): Plan => ({
  ...plan,
  deployments: [{ ...deployment, ...change }],
});

describe('T50: the plan of a snapshot', () => {
  test('runs no program that the snapshot names, and finds none by its PATH', () => {
    const derived = derivedPlan(plan, runnable);
    expect(JSON.stringify(derived)).not.toContain('evil');
    expect(derived).toMatchObject({ searchPath: '/usr/bin', deployments: [deployment], topology });
    expect(Object.keys(derived.binaries)).toEqual(Object.keys(plan.binaries));
  });

  test('runs the chaincode of this repository when the snapshot is from where another lies', () => {
    for (const path of ['/somewhere/else/chaincode/city', elsewhere, `${repositoryDir}/../elsewhere`])
      expect(derivedPlan(withDeployment({ path }), runnable).deployments).toEqual([deployment]);
  });

  test.each<readonly [what: string, change: Partial<Deployment>]>([
    ['another chaincode elsewhere', { name: 'mine', path: elsewhere }],
    ['an upgrade elsewhere', { sequence: 2, path: elsewhere }],
    ['what leads out of the repository', { name: 'mine', path: `${repositoryDir}/../elsewhere` }],
    ['a folder that begins like the repository', { name: 'mine', path: `${repositoryDir}-evil` }],
    ['a relative path', { name: 'mine', path: 'chaincode' }],
  ])('is refused with %s, unless its folder is named', (_what, change) => {
    const refused = expect.objectContaining({ code: 'SNAPSHOT_CHAINCODE' }) as Error;
    expect(() => derivedPlan(withDeployment(change), runnable)).toThrow(refused);
  });

  test('runs chaincode in a folder that the user names', () => {
    const named = derivedPlan(withDeployment({ name: 'mine', path: elsewhere }), {
      ...runnable,
      chaincodeDirs: [elsewhere],
    });
    expect(named.deployments[0]!.path).toBe(elsewhere);
  });

  test('is refused when the path of its own topology leads out of the repository', () => {
    const chains = topology.chains.map((chain) => ({
      ...chain,
      chaincode: { ...chain.chaincode, path: '../elsewhere' },
    }));
    const led = { ...withDeployment({ path: '/none' }), topology: { ...topology, chains } };
    expect(() => derivedPlan(led, runnable)).toThrow(expect.objectContaining({ code: 'SNAPSHOT_CHAINCODE' }) as Error);
  });

  test('is refused when scripts of others run the network', () => {
    const refused = expect.objectContaining({ code: 'SNAPSHOT_FOREIGN' }) as Error;
    expect(() => derivedPlan({ ...plan, attached: '/tmp/evil' }, runnable)).toThrow(refused);
  });
});
