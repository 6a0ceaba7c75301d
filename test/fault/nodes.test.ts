// SPDX-License-Identifier: Apache-2.0

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { killNode, networkStatus, startNode, stopNode } from '@gridpeg/network';
import { auditNetwork } from '../harness/network/audit-network';
import { doctor } from '../harness/cli/doctor';
import { gridpeg, gridpegWell, repositoryDir, startGridpeg, startGridpegIn, type Ended } from '../harness/cli/gridpeg';
import { SmallDisk } from '../harness/faults/small-disk';
import { notaryNodes, OwnNetwork, waitUntilWell } from '../harness/network/own-network';
import { energy, freshAccount, sumOf, type TestNetwork } from '../harness/network/test-network';
import { waitUntil } from '../harness/wait-until';

describe('nodes that die while value is on its way', () => {
  const own = new OwnNetwork();
  let network: TestNetwork;
  beforeAll(async () => {
    await own.up();
    network = own.open();
  });
  afterAll(() => own.down());

  const { stateDir } = own;
  const kill = (node: string): Promise<void> => killNode({ stateDir, node });
  const start = (node: string): Promise<void> => startNode({ stateDir, node });

  /** Runs a day and does something when its first packets are on their way. */
  const dayWith = async (fault: () => Promise<void>, ...parameters: readonly string[]): Promise<Ended> => {
    const day = startGridpeg(stateDir, 'day', ...parameters);
    await waitUntil('packets are on their way', async () => {
      return (await network.client('city', 'RegulatorMSP').inFlight()).length > 0;
    });
    await fault();
    return day.ended;
  };
  const endsWell = async (day: Ended): Promise<void> => {
    if (day.status !== 0)
      throw new Error(`the day ended with ${day.status ?? 'a signal'}\n${day.stderr}\n${day.stdout}`);
    expect(day.stdout).toMatch(/^audit: holds$/m);
    for (const chain of ['city', 'microgrid', 'charging'] as const) {
      expect(await network.client(chain, 'RegulatorMSP').inFlight()).toEqual([]);
    }
  };

  test('T32: a notary killed in the middle of the day is not missed', async () => {
    const node = 'notary.charging.example.com';
    await endsWell(await dayWith(() => kill(node)));
    await start(node);
  });

  test('T32: all four notaries killed in the middle of the day, and started with empty disks, carry on', async () => {
    const nodes = await notaryNodes(stateDir);
    expect(nodes).toHaveLength(4);
    // A session settles once, so this day has sessions of its own.
    const sample = join(repositoryDir, 'gateway-app', 'data', 'acn-jpl-2019-05-16.csv');
    const sessions = join(own.folder, 'april.csv');
    writeFileSync(sessions, readFileSync(sample, 'utf8').replaceAll('2019-05-', '2019-04-'));
    const day = await dayWith(
      async () => {
        await Promise.all(nodes.map(kill));
        for (const name of network.state.peg.committee.notaries) {
          rmSync(join(stateDir, 'notaries', name, 'data'), { recursive: true });
        }
        await Promise.all(nodes.map(start));
      },
      ...['--sessions', sessions],
    );
    await endsWell(day);
  });

  test('T33: with every peer of an organization dead, transfers go on both ways; peers catch up later', async () => {
    const peers = network.state.chains.flatMap(({ peers: all }) =>
      all.filter(({ organization }) => organization === 'RegulatorMSP').map(({ name }) => name),
    );
    expect(peers).toHaveLength(3);
    await Promise.all(peers.map(kill));
    const [account, recipient] = [network.account('ChargingMSP'), freshAccount('ChargingMSP', 'home')];
    const city = network.client('city', 'ChargingMSP');
    const charging = network.client('charging', 'ChargingMSP');
    const issued = await network.client('city', 'GridMSP').issue({
      asset: energy,
      outputs: [{ recipient: account, quantity: 321n, memo: '' }],
    });
    const send = async (lane: string, noteIds: typeof issued.answer.noteIds, to: typeof account) =>
      network.client(network.laneEnds(lane).source, 'ChargingMSP').send({
        laneId: (await network.lane(lane)).id,
        noteIds,
        outputs: [{ kind: 'transfer', recipient: to, quantity: 321n, memo: '' }],
        deadlineMs: BigInt(Date.now() + 600_000),
      });
    const out = await eventually(() => send('city-charging', issued.answer.noteIds, account));
    const receipt = await waitUntil('it is received on charging', async () => {
      return (await charging.getReceipts(out.answer.packetIds))[0];
    });
    const vouchers = (await charging.notes(account)).filter(({ id }) => id.includes(receipt.txId));
    expect(sumOf(vouchers)).toBe(321n);
    const back = await eventually(() =>
      send(
        'charging-city',
        vouchers.map(({ id }) => id),
        recipient,
      ),
    );
    await waitUntil('it is back on city', async () => sumOf(await city.notes(recipient)) === 321n);
    await waitUntil('both are settled', async () => {
      const ends = [
        await city.getTransfer(out.answer.packetIds[0]!),
        await charging.getTransfer(back.answer.packetIds[0]!),
      ];
      return ends.every(({ state }) => state === 'delivered');
    });

    await Promise.all(peers.map(start));
    for (const chain of ['city', 'charging'] as const) {
      await waitUntil(`the dead peer of ${chain} has caught up`, async () => {
        const heights = await Promise.allSettled([
          network.client(chain, 'RegulatorMSP').connection.height(),
          network.client(chain, 'ChargingMSP').connection.height(),
        ]);
        const [own_, others] = heights.map((result) => (result.status === 'fulfilled' ? result.value : undefined));
        return own_ !== undefined && own_ === others;
      });
    }
    await gridpegWell(stateDir, 'status');
    expect((await auditNetwork(network)).verdict).toBe('holds');
  });

  test.each(['peer0.charging.example.com', 'orderer0.city-orderer.example.com'])(
    'DISK_FULL: %s ends on a full disk, and everybody names the disk',
    async (node) => {
      await stopNode({ stateDir, node });
      const disk = new SmallDisk(stateDir, node, own.folder);
      const failed = await startGridpegIn(disk.full(), stateDir, 'node', 'start', node).ended;
      expect(failed).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/^DISK_FULL: .+ the disk of .+ is full\./m) as string,
      });

      expect((await startGridpegIn(disk.filling(), stateDir, 'node', 'start', node).ended).status).toBe(0);
      const fullDisk = await waitUntil(`${node} has ended`, async () => {
        await gridpeg(stateDir, 'note', 'issue', '--quantity', '1', '--recipient', 'ChargingMSP/User1');
        return (await networkStatus({ stateDir })).find(({ name }) => name === node)?.fullDisk;
      });
      const { stdout } = await gridpeg(stateDir, 'status');
      expect(stdout).toMatch(new RegExp(`^${node} .* dead: disk full`, 'm'));
      expect(stdout).toContain(`Make room on the disk of ${fullDisk} first.`);
      const { findings } = await doctor(stateDir);
      const found = findings.find(({ code, what }) => code === 'NODE_DEAD' && what.includes(node));
      expect(found?.what).toMatch(/ of city is dead: the disk of .+ is full$/);

      await disk.replace();
      await gridpegWell(stateDir, 'up');
      await gridpegWell(stateDir, 'note', 'issue', '--quantity', '1', '--recipient', 'ChargingMSP/User1');
      await waitUntilWell(stateDir);
    },
  );
});

/** The peers that are left may be a block apart from each other: what one has not got yet is asked again. */
async function eventually<T>(action: () => Promise<T>): Promise<T> {
  return waitUntil('the peers that are left agree', () =>
    action().catch((error: unknown) => {
      const lagging = ['NOTE_SPENT', 'ENDORSEMENTS_DIFFER'];
      if (error instanceof Error && 'code' in error && lagging.includes(String(error.code))) return undefined;
      throw error;
    }),
  );
}
