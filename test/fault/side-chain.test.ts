// SPDX-License-Identifier: Apache-2.0

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killNode, networkStatus, startNode } from '@gridpeg/network';
import { type PacketId } from '@gridpeg/protocol';
import { readNotary } from '../harness/adversary/ask-to-sign';
import { auditNetwork } from '../harness/network/audit-network';
import { gridpeg, gridpegWell, startGridpeg } from '../harness/cli/gridpeg';
import { agreedLedger } from '../harness/network/ledgers';
import { notaryNodes, OwnNetwork, waitUntilWell } from '../harness/network/own-network';
import { replaceBuild } from '../harness/faults/replace-chaincode';
import { tamperedChaincode, unreadableEvents, unreadablePages } from '../harness/faults/tampered-chaincode';
import { type TestNetwork } from '../harness/network/test-network';
import { sendFromCity, sendMany, settled } from '../harness/network/traffic';
import { waitUntil } from '../harness/wait-until';

describe('a side chain that is gone for a while', () => {
  // A folder with a blank, a number sign and a letter that is not ASCII in its name.
  const own = new OwnNetwork('gridpeg-test #\u00fc-');
  const { stateDir } = own;
  let network: TestNetwork;
  beforeAll(async () => {
    await own.up();
    network = own.open();
  });
  afterAll(() => own.down());

  test('T36: with all nodes of microgrid dead the others go on; what is sent there waits', async () => {
    const nodes = (await networkStatus({ stateDir })).filter(({ chain }) => chain === 'microgrid');
    expect(nodes.map(({ kind }) => kind).sort()).toEqual([
      ...['chaincode', 'chaincode', 'chaincode', 'orderer', 'peer', 'peer', 'peer'],
    ]);
    await Promise.all(nodes.map(({ name }) => killNode({ stateDir, node: name })));
    // Notaries that start while the chain is away know nothing of it but what the others' ledgers say.
    const notaries = await notaryNodes(stateDir);
    await Promise.all(notaries.map((node) => killNode({ stateDir, node })));

    const patient = await sendFromCity(network, 'city-microgrid');
    const late = await sendFromCity(network, 'city-microgrid', { seconds: 2 });
    const backlog = await sendMany(network, 'city-microgrid', 100);
    for (const node of notaries) await startNode({ stateDir, node });
    for (let round = 0; round < 3; round += 1) {
      expect(await settled(network, await sendFromCity(network, 'city-charging'))).toBe('delivered');
    }

    const status = await gridpeg(stateDir, 'status', '--json');
    expect(status.status).toBe(1);
    const report = JSON.parse(status.stdout) as {
      readonly nodes: ReadonlyArray<{ readonly name: string; readonly state: string }>;
      readonly chains: ReadonlyArray<{ readonly name: string; readonly problem?: string }>;
    };
    const dead = report.nodes.filter(({ state }) => state === 'dead').map(({ name }) => name);
    expect(dead.sort()).toEqual(nodes.map(({ name }) => name).sort());
    expect(report.chains.filter(({ problem }) => problem !== undefined).map(({ name }) => name)).toEqual(['microgrid']);
    const why = await gridpegWell(stateDir, 'transfer', 'why', patient);
    expect(why.stdout).toMatch(/chain microgrid, which does not answer/);
    // What waits is in the numbers of a notary of both chains, though it has not seen one of them since it started.
    const waiting = 2 + backlog.length;
    await waitUntil('the lane that waits is in health and gauge', async () => {
      const health = JSON.parse(await readNotary(network, 'MicrogridMSP', '/health')) as {
        readonly lanes: ReadonlyArray<{
          readonly laneId: string;
          readonly inFlight: number;
          readonly lastError: string;
        }>;
      };
      const lane = health.lanes.find(({ laneId }) => laneId === 'city-microgrid');
      return lane?.inFlight === waiting && lane.lastError !== '';
    });
    const gauge = new RegExp(`^gridpeg_relay_in_flight\\{lane="city-microgrid",.*\\} ${waiting.toString()}$`, 'm');
    expect(await readNotary(network, 'MicrogridMSP', '/metrics')).toMatch(gauge);
    for (const packet of [patient, late]) {
      expect((await network.client('city', 'ChargingMSP').getTransfer(packet)).state).toBe('in-flight');
    }

    await gridpegWell(stateDir, 'up');
    expect(await settled(network, patient)).toBe('delivered');
    expect(await settled(network, late)).toBe('refunded');
    for (const packet of backlog) expect(await settled(network, packet)).toBe('delivered');
    await waitUntilWell(stateDir);
    expect((await auditNetwork(network)).verdict).toBe('holds');
  });

  test('a notary from an imported folder, with keys of one organization and two of the chains, delivers', async () => {
    const [imported, wallet] = [join(own.folder, 'imported'), join(own.folder, 'wallet')];
    const users = ['--user', 'ChargingMSP/Admin', '--user', 'ChargingMSP/User1'];
    await gridpegWell(stateDir, 'wallet', 'export', wallet, ...users);
    const profile = network.organization('ChargingMSP').connectionProfile.json;
    await gridpegWell(imported, 'profile', 'import', profile, '--wallet', wallet, '--chain', 'city');
    const known = await gridpegWell(imported, 'profile', 'refresh', '--chain', 'charging', '--json');
    expect(JSON.parse(known.stdout)).toMatchObject({ chains: ['city', 'charging'].map((name) => ({ name })) });
    const nodes = await networkStatus({ stateDir });
    const notaries = network.state.organizations.flatMap(({ mspId, domain }) => {
      const port = nodes.find(({ name }) => name === `notary.${domain}`)?.ports['listen'];
      return port === undefined ? [] : ['--notary', `${mspId}=https://127.0.0.1:${port.toString()}`];
    });
    // Without it only two are left of the three who must sign.
    const away = ['notary.charging.example.com', 'notary.grid.example.com'];
    await Promise.all(away.map((node) => killNode({ stateDir, node })));
    const key = join(stateDir, 'notaries', 'ChargingMSP', 'signing-key.pem');
    const running = ['notary', 'run', '--organization', 'ChargingMSP', '--signing-key', key, ...notaries];
    const notary = startGridpeg(imported, ...running);
    try {
      const packet = await sendFromCity(network, 'city-charging');
      expect(await settled(network, packet)).toBe('delivered');
      expect(notary.output()).not.toMatch(/"level":[56]0/);
      const history = join(imported, 'notaries', 'ChargingMSP', 'data');
      const [file = ''] = readdirSync(history).filter((name) => name.endsWith('.log'));
      expect(readFileSync(join(history, file), 'utf8')).toContain(packet);
      const status = await gridpegWell(imported, 'notary', 'status', ...notaries, '--json');
      expect(JSON.parse(status.stdout)).toMatchObject({ signing: 3 });
      const unnamed = await gridpeg(imported, 'notary', 'status');
      expect(unnamed).toMatchObject({ status: 1, stdout: expect.stringContaining('--notary') as string });
      await gridpegWell(imported, 'profile', 'refresh');
      expect(readFileSync(join(history, file), 'utf8')).toContain(packet);
    } finally {
      notary.kill('SIGTERM');
      expect(await notary.ended).toMatchObject({ status: 0 });
      for (const node of away) await startNode({ stateDir, node });
    }
    await gridpegWell(imported, 'profile', 'refresh');
    expect((await gridpeg(stateDir, 'profile', 'refresh')).stderr).toMatch(/^NETWORK_NOT_IMPORTED: /);
    await waitUntilWell(stateDir);
  });

  test('T49: events and pages that nobody can read are said, and stall nothing but what only they tell', async () => {
    const poisoned = join(own.folder, 'poisoned');
    tamperedChaincode(poisoned, 'charging', unreadableEvents, unreadablePages);
    const services = (await networkStatus({ stateDir })).filter(
      ({ kind, chain }) => kind === 'chaincode' && chain === 'charging',
    );
    const putBack = await Promise.all(services.map(({ name }) => replaceBuild({ stateDir, node: name }, poisoned)));
    const said = async (code: string): Promise<readonly string[]> => {
      const { stdout } = await gridpegWell(stateDir, 'logs', 'notary.charging.example.com', '--lines', '2000');
      const lines = stdout.split('\n').filter((line) => line.includes(code));
      return lines.map((line) => line.replace(/"time":\d+/, ''));
    };
    const send = async (lane: string): Promise<PacketId> => {
      const words = ['--lane', lane, '--quantity', '7', '--as', 'ChargingMSP', '--recipient', 'ChargingMSP'];
      const { stdout } = await gridpegWell(stateDir, 'send', ...words, '--json');
      return (JSON.parse(stdout) as { readonly packetIds: readonly PacketId[] }).packetIds[0]!;
    };
    await network.issue(network.account('ChargingMSP'), 7n);
    expect(await settled(network, await send('city-charging'))).toBe('delivered');
    expect((await said('EVENT_UNREADABLE')).length).toBeGreaterThan(0);
    // Neither its event nor any list tells of this packet, until the true build answers again.
    const back = await send('charging-city');
    await waitUntil('the unreadable page is said', async () =>
      (await said('"charging-city"')).join().includes('MALFORMED'),
    );
    expect(await settled(network, await sendFromCity(network, 'city-microgrid'))).toBe('delivered');
    await Promise.all(putBack.map((action) => action()));
    await waitUntil('it has arrived', async () => {
      return (await network.client('charging', 'ChargingMSP').getTransfer(back)).state === 'delivered';
    });
    expect(await settled(network, await sendFromCity(network, 'city-charging'))).toBe('delivered');
    const skipped = await said('EVENT_UNREADABLE');
    expect(new Set(skipped).size).toBe(skipped.length);
    await waitUntilWell(stateDir);
  });

  test.each([
    ['a peer', 'peer0.regulator.example.com'],
    ['the orderer', 'orderer0.city-orderer.example.com'],
    ['a chaincode service', 'city@city.regulator.example.com'],
  ])(
    'T33: %s of city, killed in traffic and started again, ends with the ledger that all peers have',
    async (_, node) => {
      const before = await agreedLedger(network, 'city');
      const underWay = sendFromCity(network, 'city-charging').catch((error: unknown) => error);
      await killNode({ stateDir, node });
      // What an orderer had only in its memory is lost, and its sender waits for minutes.
      await Promise.race([underWay, sleep(5_000)]);
      await startNode({ stateDir, node });
      const packet = await waitUntil('city takes transactions again', () =>
        sendFromCity(network, 'city-charging').catch(() => undefined),
      );
      expect(await settled(network, packet)).toBe('delivered');
      const after = await agreedLedger(network, 'city');
      expect(after.length).toBeGreaterThan(before.length);
      expect(after.slice(0, before.length)).toEqual(before);
      await waitUntilWell(stateDir);
    },
  );

  test('all peers of all chains end with equal ledgers, and the audit holds', async () => {
    for (const chain of ['city', 'microgrid', 'charging'] as const) await agreedLedger(network, chain);
    expect((await auditNetwork(network)).verdict).toBe('holds');
  });
});
