// SPDX-License-Identifier: Apache-2.0

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { networkStatus, startNode, stopNode, takeDown } from '@gridpeg/network';
import { gridpeg, gridpegWell, repositoryDir, runProgram, type Ended } from '../harness/cli/gridpeg';
import { FakeSamples } from '../harness/network/fake-samples';
import { waitUntil } from '../harness/wait-until';

const chains = ['city', 'microgrid', 'charging'];
const deployed = (chain: string): string =>
  `deployCCAAS -c ${chain} -ccn ${chain} -ccp ${join(repositoryDir, 'chaincode', chain)} -ccv 1.0 ` +
  "-ccep AND('Org1MSP.peer','Org2MSP.peer') -r 10";

describe("deploying to the samples' test-network, here a fake that serves a native network", () => {
  const samples = new FakeSamples();
  const stateDir = join(samples.folder, 'state');
  /** What the script leaves beside a network that it has brought up. */
  let mark = '';
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
  const deployWell = async (...parameters: readonly string[]): Promise<string> => {
    const { status, stdout, stderr } = await deploy('--state', stateDir, ...parameters, samples.testNetwork);
    if (status !== 0) throw new Error(stderr);
    return stdout + stderr;
  };
  /** As its user calls it, whom the script knows nothing of. */
  const networkSh = async (mode: string): Promise<void> => {
    await runProgram('bash', join(samples.testNetwork, 'network.sh'), mode);
    samples.calls();
  };
  /** Does something while a node is stopped that others run. */
  const without = async (node: string, act: () => Promise<void>): Promise<void> => {
    await stopNode({ stateDir: samples.servedDir, node });
    await act().finally(() => startNode({ stateDir: samples.servedDir, node }));
  };
  const expectTold = async (code: string): Promise<void> => {
    for (const command of ['status', 'doctor']) {
      const { status, stdout } = await gridpeg(stateDir, command, '--json');
      expect([status, stdout]).toEqual([1, expect.stringContaining(`"code": "${code}"`)]);
    }
  };

  test.each([
    ['no folder', [], 2, 'USAGE'],
    ['an option that is none', ['--moon'], 2, 'USAGE'],
    ['two folders', [repositoryDir, repositoryDir], 2, 'USAGE'],
    ["a folder that is not the samples'", [repositoryDir], 1, 'TEST_NETWORK_INCOMPLETE'],
    ["a folder to take down that is not the samples'", ['--down', repositoryDir], 1, 'TEST_NETWORK_INCOMPLETE'],
  ])('%s is refused with a code', async (_what, parameters, status, code) => {
    const told = await deploy('--state', stateDir, ...parameters);
    expect(told).toMatchObject({ status, stdout: '' });
    expect(told.stderr).toMatch(new RegExp(`^${code}: [^\\n]+\\n`, 'm'));
  });

  test('what fails in network.sh is told in one line, with the log that has the rest', async () => {
    samples.setDiskFull(true);
    const { status, stderr } = await deploy('--state', stateDir, samples.testNetwork);
    samples.setDiskFull(false);
    expect(status).toBe(1);
    const [, log = ''] =
      /^TOOL_FAILED: network\.sh createChannel failed for city: no space left on device\. Read (\S+)\.$/m.exec(
        stderr,
      ) ?? [];
    expect(stderr).not.toContain('INFO');
    expect(readFileSync(log, 'utf8')).toMatch(/^== network\.sh createChannel -c city -r 10\nINFO/m);
    expect(samples.calls()).toEqual(['up', 'createChannel -c city -r 10']);
  });

  test('network.sh is called with its documented options, chain by chain, and the notaries answer', async () => {
    expect(await deployWell()).not.toContain('INFO');
    expect(samples.calls()).toEqual([
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

  test('attaching again from another environment restarts no notary', async () => {
    const before = await networkStatus({ stateDir });
    const command = [process.execPath, join(repositoryDir, 'gateway-app', 'bin', 'gridpeg.js'), '--state', stateDir];
    const elsewhere = ['sh', '-c', 'PATH=/opt/other/bin:$PATH exec "$@"', 'sh'] as const;
    const { status } = await runProgram(...elsewhere, ...command, 'attach', samples.testNetwork);
    expect(status).toBe(0);
    const ids = (nodes: typeof before): ReadonlyArray<number | undefined> => nodes.map(({ pid }) => pid);
    expect(ids(await networkStatus({ stateDir }))).toEqual(ids(before));
  });

  test.each([
    ['a chaincode service', 'city@city.org1.example.com', 'CHAINCODE_DOES_NOT_ANSWER'],
    ['a peer', 'peer1.org2.example.com', 'PEER_SILENT'],
  ])('%s that is stopped keeps status and doctor from saying that all is well', async (_what, node, code) => {
    await without(node, () => expectTold(code));
  });

  test('a stopped orderer is told by status and doctor, and by whatever is submitted, with its ids', async () => {
    await gridpegWell(stateDir, 'note', 'issue', '--quantity', '10', '--recipient', 'Org1MSP/User1');
    const parties = ['--as', 'Org1MSP/User1', '--recipient', 'Org2MSP/User1'];
    const sending = ['send', '--lane', 'city-charging', '--quantity', '3', ...parties, '--json'];
    await without('orderer0.city-orderer.example.com', async () => {
      const { status, stdout } = await gridpeg(stateDir, ...sending);
      const { txId, packetIds, code } = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
      expect([status, code]).toEqual([75, 'ORDERER_UNAVAILABLE']);
      expect([txId, packetIds]).toEqual([expect.stringMatching(/^\w{64}$/), [expect.stringMatching(/^\w{64}$/)]]);
      const looked = await gridpeg(stateDir, 'transaction', String(txId), '--json');
      expect(JSON.parse(looked.stdout)).toMatchObject({ code: 'TRANSACTION_UNKNOWN' });
      await expectTold('ORDERER_SILENT');
    });
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

  test('a network that its user has taken down is told as gone, in one line, whatever is asked', async () => {
    const { testNetwork } = samples;
    mark = readFileSync(join(testNetwork, '.brought-up-by-gridpeg'), 'utf8');
    renameSync(join(testNetwork, 'organizations'), join(testNetwork, 'gone'));
    try {
      for (const command of [['status'], ['note', 'list', '--chain', 'city'], ['attach', testNetwork]]) {
        const { status, stderr } = await gridpeg(stateDir, ...command);
        expect([status, stderr]).toEqual([
          1,
          expect.stringMatching(/TEST_NETWORK_DOWN: there is no test-network in .+\n$/),
        ]);
      }
      const { stdout } = await gridpeg(stateDir, 'doctor');
      expect(stdout).toMatch(/ledgers: TEST_NETWORK_DOWN: there is no test-network in /);
    } finally {
      renameSync(join(testNetwork, 'gone'), join(testNetwork, 'organizations'));
    }
  });

  test('taking down ends notaries and what the script brought up, and no node of the network itself', async () => {
    const before = (await networkStatus({ stateDir: samples.servedDir })).length;
    await deployWell('--down');
    expect(samples.calls()).toEqual(['down']);
    expect(existsSync(stateDir)).toBe(false);
    const nodes = await networkStatus({ stateDir: samples.servedDir });
    expect(nodes.filter(({ state }) => state === 'running')).toHaveLength(before - 1);
  });

  test("taking down leaves a network that its user has brought up in the place of the script's", async () => {
    await networkSh('up');
    // It survives what network.sh does.
    writeFileSync(join(samples.testNetwork, '.brought-up-by-gridpeg'), mark);
    expect(await deployWell('--down')).toContain('was not brought up by this, and goes on');
    await networkSh('down');
    expect(await deployWell('--down')).toContain('no test-network runs');
    expect(samples.calls()).toEqual([]);
  });

  test('taking down leaves a state folder that is of another network', async () => {
    const nodes = await networkStatus({ stateDir: samples.servedDir });
    const told = await deploy('--down', '--state', samples.servedDir, samples.testNetwork);
    expect(told.stderr).toContain('is of another network, and stays as it is');
    expect(await networkStatus({ stateDir: samples.servedDir })).toHaveLength(nodes.length);
  });
});
