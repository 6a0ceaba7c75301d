// SPDX-License-Identifier: Apache-2.0

import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deployChaincode, killNode, networkStatus } from '@gridpeg/network';
import { isExhaustive } from '../harness/exhaustive';
import { exerciseLegacyClient } from '../harness/compat/exercise-legacy-client';
import { gridpeg, gridpegWell, repositoryDir } from '../harness/cli/gridpeg';
import { ledgerTips } from '../harness/network/ledger-tips';
import { OwnNetwork } from '../harness/network/own-network';
import { type TestNetwork } from '../harness/network/test-network';

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

  test('an orderer whose block file is cut is filled again by one command, and its vote counts', async () => {
    const data = join(stateDir, 'nodes', leader, 'data');
    const files = readdirSync(data, { recursive: true, encoding: 'utf8' });
    const blocks = join(data, files.find((file) => /city\/blockfile_000000$/.test(file)) ?? '');
    truncateSync(blocks, Math.floor(statSync(blocks).size / 2));
    await gridpegWell(stateDir, 'node', 'refill', leader);
    expect(readdirSync(join(stateDir, 'nodes', leader)).sort()).toEqual(['data', 'node.json', 'orderer.yaml']);
    // Three of four must agree, so without this one nothing would commit.
    await killNode({ stateDir, node: 'orderer1.city-orderer.example.com' });
    await network.issue(network.account('GridMSP'), 1n);
    expect((await gridpeg(stateDir, 'node', 'refill', 'orderer0.charging-orderer.example.com')).stderr).toMatch(
      /^NOT_REFILLABLE: /m,
    );
  });
});
