// SPDX-License-Identifier: Apache-2.0

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { networkStatus, stopNode, takeDown } from '@gridpeg/network';
import { gridpeg, gridpegWell, repositoryDir, runProgram, type Ended } from '../harness/gridpeg';
import { SamplesStandIn } from '../harness/samples-stand-in';
import { waitUntil } from '../harness/wait-until';

const chains = ['city', 'microgrid', 'charging'];
const deployed = (chain: string): string =>
  `deployCCAAS -c ${chain} -ccn ${chain} -ccp ${join(repositoryDir, 'chaincode', chain)} -ccv 1.0 ` +
  "-ccep AND('Org1MSP.peer','Org2MSP.peer') -r 10";

describe("deploying to the samples' test-network, here a stand-in that serves a native network", () => {
  const samples = new SamplesStandIn();
  const stateDir = join(samples.folder, 'state');
  afterAll(async () => {
    if (existsSync(stateDir)) await takeDown({ stateDir });
    await samples.remove();
  });

  const deploy = (...parameters: readonly string[]): Promise<Ended> =>
    runProgram(
      'env',
      `CONTAINER_CLI=${samples.engine}`,
      ...['bash', join(repositoryDir, 'scripts', 'deploy-to-test-network.sh'), ...parameters],
    );
  const deployWell = async (...parameters: readonly string[]): Promise<void> => {
    const { status, stderr } = await deploy('--state', stateDir, ...parameters, samples.testNetwork);
    if (status !== 0) throw new Error(stderr);
  };

  test.each([
    ['no folder', [], 2, 'USAGE'],
    ['an option that is none', ['--moon'], 2, 'USAGE'],
    ["a folder that is not the samples'", [repositoryDir], 1, 'TEST_NETWORK_INCOMPLETE'],
  ])('%s is refused in one line', async (_what, parameters, status, code) => {
    const told = await deploy(...parameters);
    expect(told).toMatchObject({ status, stdout: '' });
    expect(told.stderr).toMatch(new RegExp(`^gridpeg: ${code}: [^\\n]+\\.\\n$`));
  });

  test('network.sh is called with its documented options, chain by chain, and the notaries answer', async () => {
    await deployWell();
    expect(samples.calls()).toEqual([
      'up',
      ...chains.map((chain) => `createChannel -c ${chain} -r 10`),
      ...chains.map(deployed),
    ]);
    const { chains: known, notaries } = JSON.parse((await gridpegWell(stateDir, 'status', '--json')).stdout) as {
      readonly chains: ReadonlyArray<{ readonly name: string; readonly configuration: number }>;
      readonly notaries: { readonly members: ReadonlyArray<{ readonly answers: boolean }> };
    };
    expect(known.map(({ name, configuration }) => [name, configuration])).toEqual(chains.map((name) => [name, 1]));
    expect(notaries.members.map(({ answers }) => answers)).toEqual([true, true]);
    // On a busy machine a peer may answer the doctor too late once.
    const told = await waitUntil('the doctor finds nothing', async () => {
      const { status, stdout } = await gridpeg(stateDir, 'doctor');
      return status === 0 ? stdout : undefined;
    });
    for (const chain of chains) expect(told).toMatch(new RegExp(`chain ${chain}: 2 peers agree on \\d+ blocks, and`));
  });

  test('a second run calls network.sh for nothing', async () => {
    await deployWell();
    expect(samples.calls()).toEqual([]);
  });

  test('PEG-1: the main job runs on two organizations, and the audit holds', async () => {
    const { status, stdout, stderr } = await gridpeg(stateDir, 'day');
    // Without an attached network, the day would bring another one up.
    expect([status, stderr]).toEqual([0, expect.stringContaining("Fabric's test-network in ")]);
    expect(stdout).toMatch(/^audit: holds$/m);
  });

  test('the state folder of another network is refused', async () => {
    const { status, stderr } = await gridpeg(samples.servedDir, 'attach', samples.testNetwork);
    expect(status).toBe(1);
    expect(stderr).toMatch(/TOPOLOGY_CHANGED: \S+ holds another network than the one in /);
  });

  test('a peer that is down is named', async () => {
    await stopNode({ stateDir: samples.servedDir, node: 'peer0.org1.example.com' });
    const { status, stderr } = await gridpeg(stateDir, 'attach', samples.testNetwork);
    expect(status).toBe(1);
    expect(stderr).toMatch(/TEST_NETWORK_DOWN: nothing listens at \S+, where peer0\.org1\.example\.com should\. /);
    const doctor = await gridpeg(stateDir, 'doctor');
    expect(doctor.status).toBe(1);
    expect(doctor.stdout).toMatch(/PEER_SILENT: peer peer0\.org1\.example\.com does not answer on its channel/);
  });

  test('taking down ends notaries and what the script brought up, and no node of the network itself', async () => {
    const before = (await networkStatus({ stateDir: samples.servedDir })).length;
    await deployWell('--down');
    expect(samples.calls()).toEqual(['down']);
    expect(existsSync(stateDir)).toBe(false);
    const nodes = await networkStatus({ stateDir: samples.servedDir });
    expect(nodes.filter(({ state }) => state === 'running')).toHaveLength(before - 1);
  });
});
