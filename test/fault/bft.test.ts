// SPDX-License-Identifier: Apache-2.0

import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deployChaincode, killNode, networkStatus } from '@gridpeg/network';
import { follow } from '@gridpeg/protocol';
import { isExhaustive } from '../harness/exhaustive';
import { exerciseLegacyClient } from '../harness/compat/exercise-legacy-client';
import { gridpeg, gridpegWell, repositoryDir } from '../harness/cli/gridpeg';
import { ledgerTips } from '../harness/network/ledger-tips';
import { cutBlockFile } from '../harness/faults/cut-block-file';
import { checkRealProof, nextConfiguration, proveSend } from '../harness/network/exercise-light-client';
import { OwnNetwork } from '../harness/network/own-network';
import { type TestNetwork } from '../harness/network/test-network';
import { nextAuthority, updateMsp } from '../harness/network/update-channel';

/** The first orderer leads until it fails. */
const leader = 'orderer0.city-orderer.example.com';
/** Longer than the others take to notice by themselves that it is gone. */
const idleMs = 30_000;
const rounds = isExhaustive ? 3 : 1;

describe('a city under four SmartBFT orderers', () => {
  const own = new OwnNetwork();
  const { stateDir } = own;
  const wallet = join(own.folder, 'wallet');
  let network: TestNetwork;
  beforeAll(async () => {
    await own.up('--topology', 'bft');
    network = own.open();
    await gridpegWell(stateDir, 'wallet', 'export', wallet);
  });
  afterAll(() => own.down());

  test('an application on fabric-network 2 evaluates, submits and hears of its transaction', async () => {
    expect(network.chain('city').orderers).toHaveLength(4);
    await exerciseLegacyClient(network, wallet);
  });

  test('T02: T12: a packet is proven by its block alone, before and after the channel is reconfigured', async () => {
    const first = await proveSend(network);
    await checkRealProof(network, first);
    await updateMsp(network, 'city', 'GridMSP', (config) => config.addRootCerts(Buffer.from(nextAuthority())));
    const step = await nextConfiguration(network, first.followed);
    const { configuration } = follow(first.followed, [step]);
    const grid = configuration.organizations.find(({ mspId }) => mspId === 'GridMSP');
    expect(grid?.caCertificates).toHaveLength(2);
    const second = await proveSend(network, first.followed);
    await checkRealProof(network, { ...second, proof: { ...second.proof, steps: [step] } });
  });

  test('T33: the leader is killed, and commits go on after lying idle, again and again', async () => {
    await killNode({ stateDir, node: leader });
    for (let round = 0; round < rounds; round += 1) {
      await sleep(idleMs);
      await network.issue(network.account('GridMSP'), 1n);
    }
  });

  test('T33: with one dead, the application goes on as well', () => exerciseLegacyClient(network, wallet));

  test('T33: the day brings it back, and the ledgers of all peers of each chain end equal', async () => {
    const { stdout } = await gridpegWell(stateDir, 'day');
    expect(stdout).toMatch(/^audit: holds$/m);
    const status = await networkStatus({ stateDir });
    expect(status.find(({ name }) => name === leader)).toMatchObject({ state: 'running' });
    for (const chain of ['city', 'microgrid', 'charging'] as const) {
      const tips = await ledgerTips(network, chain);
      expect(tips).toHaveLength(network.chain(chain).peers.length);
      expect([...new Set(tips)]).toEqual([expect.stringMatching(/^[0-9a-f]+ [0-9a-f]+ [0-9a-f]{64,}$/)]);
    }
  });

  test('chaincode is approved and committed with the orderer down that is asked first', async () => {
    await killNode({ stateDir, node: leader });
    await deployChaincode({
      stateDir,
      chain: 'city',
      name: 'extra',
      path: join(repositoryDir, 'chaincode', 'microgrid'),
    });
    const { connection } = network.client('city', 'GridMSP', 'User1', 'extra');
    expect(await connection.metadata()).toContain('@gridpeg/microgrid');
  });

  test('T33: an upgrade comes into force with that orderer down', async () => {
    const collections = join(own.folder, 'collections.json');
    const policy = "OR('GridMSP.member', 'ChargingMSP.member')";
    writeFileSync(collections, JSON.stringify([{ name: 'tariffs', policy, requiredPeerCount: 0, maxPeerCount: 1 }]));
    const upgrade = await gridpegWell(stateDir, 'upgrade', 'city', '--json', '--collections-config', collections);
    expect(JSON.parse(upgrade.stdout)).toMatchObject({ changed: true, sequence: 2 });
    await network.issue(network.account('GridMSP'), 1n);
  });

  test('T33: a snapshot with that orderer down holds its data, and starts what ran before', async () => {
    const archive = join(own.folder, 'bft.tar.gz');
    const running = async (): Promise<readonly string[]> =>
      (await networkStatus({ stateDir })).filter(({ state }) => state === 'running').map(({ name }) => name);
    const before = await running();
    expect(before).not.toContain(leader);
    await gridpegWell(stateDir, 'snapshot', archive);
    expect(await running()).toEqual(before);
    expect(execFileSync('tar', ['-tzf', archive, '--warning=no-unknown-keyword'], { encoding: 'utf8' })).toContain(
      `nodes/${leader}/data/`,
    );
    await gridpegWell(stateDir, 'note', 'issue', '--quantity', '1', '--recipient', 'GridMSP/User1');
  });

  test('an orderer whose block file is cut is filled again by one command, and its vote counts', async () => {
    cutBlockFile(stateDir, leader, 'city');
    await gridpegWell(stateDir, 'node', 'refill', leader);
    expect(readdirSync(join(stateDir, 'nodes', leader)).sort()).toEqual(['data', 'node.json', 'orderer.yaml']);
    // Three of four must agree, so without this one nothing would commit.
    await killNode({ stateDir, node: 'orderer1.city-orderer.example.com' });
    await network.issue(network.account('GridMSP'), 1n);
  });

  test('the only orderer of a chain, under Raft, fills its block file again from its log', async () => {
    const orderer = 'orderer0.charging-orderer.example.com';
    const tips = await ledgerTips(network, 'charging');
    await killNode({ stateDir, node: orderer });
    cutBlockFile(stateDir, orderer, 'charging');
    expect((await gridpeg(stateDir, 'node', 'start', orderer)).status).toBe(1);
    await gridpegWell(stateDir, 'node', 'refill', orderer);
    expect(await ledgerTips(network, 'charging')).toEqual(tips);
    await gridpegWell(stateDir, 'day');
  });
});
