// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtInTopology, loadTopology, networkStatus, type Topology } from '@gridpeg/network';
import { doctor } from '../harness/cli/doctor';
import { gridpeg, gridpegWell, startGridpeg } from '../harness/cli/gridpeg';
import { cutBlockFile } from '../harness/faults/cut-block-file';
import { OwnNetwork, waitUntilWell } from '../harness/network/own-network';
import { waitUntil } from '../harness/wait-until';

const transfer = loadTopology(builtInTopology('transfer'));

/** `transfer` before it has its fourth chain. */
const small: Topology = {
  ...transfer,
  organizations: transfer.organizations.map((organization) => ({
    ...organization,
    peers: organization.peers.filter(({ chain }) => chain !== 'transfer'),
  })),
  chains: transfer.chains.filter(({ name }) => name !== 'transfer'),
  peg: {
    ...transfer.peg,
    lanes: transfer.peg.lanes.filter(({ id }) => !id.includes('transfer')),
    proofPolicy: Object.fromEntries(Object.entries(transfer.peg.proofPolicy).filter(([name]) => name !== 'transfer')),
  },
};

/** `transfer`, and a fifth organization that is a member of the fourth chain, which has three orderers. */
const grown: Topology = {
  ...transfer,
  organizations: [
    ...transfer.organizations,
    {
      mspId: 'FifthMSP',
      name: 'Fifth',
      domain: 'fifth.example.com',
      users: [{ name: 'User1', role: 'operator' }],
      peers: [{ name: 'peer0', chain: 'transfer' }],
    },
  ],
  chains: transfer.chains.map((chain) =>
    chain.name === 'transfer'
      ? {
          ...chain,
          members: [...chain.members, 'FifthMSP'],
          ordering: { ...chain.ordering, orderers: ['orderer0', 'orderer1', 'orderer2'] },
        }
      : chain,
  ),
};

describe('a chain and an organization more, on a network that is up', () => {
  const own = new OwnNetwork();
  const { stateDir } = own;
  const file = join(own.folder, 'topology.yaml');
  /** JSON is YAML. */
  const write = (topology: Topology): void => {
    writeFileSync(file, JSON.stringify(topology));
  };
  const up = ['up', '--topology', file] as const;
  beforeAll(async () => {
    write(small);
    await gridpegWell(stateDir, ...up);
  });
  afterAll(() => own.down());

  /** All but the notaries, which serve a chain more from then on. */
  const fabricProcesses = async (): Promise<ReadonlyMap<string, number | undefined>> =>
    new Map((await networkStatus({ stateDir })).filter(({ kind }) => kind !== 'service').map((n) => [n.name, n.pid]));
  const issue = (quantity: number) =>
    gridpeg(stateDir, 'note', 'issue', '--quantity', quantity.toString(), '--recipient', 'ChargingMSP/User1');
  const send = (lane: string, quantity: number, by: string, recipient: string) => {
    const words = ['send', '--lane', lane, '--quantity', quantity.toString(), '--as', by, '--recipient', recipient];
    return gridpegWell(stateDir, ...words);
  };
  const arrived = (chain: string, owner: string, quantity: number) =>
    waitUntil(`${quantity.toString()} arrived on ${chain}`, async () => {
      const { stdout } = await gridpegWell(stateDir, 'note', 'list', '--chain', chain, '--owner', owner, '--json');
      return stdout.includes(`"${quantity.toString()}"`);
    });

  test('T32: `up` with the changed file adds them and disturbs nobody, killed in the middle and repeated', async () => {
    expect((await issue(50_000)).status).toBe(0);
    await send('city-charging', 1001, 'ChargingMSP/User1', 'ChargingMSP/User1');
    const [before, keys] = [await fabricProcesses(), digests(join(stateDir, 'organizations'))];
    expect(before.size).toBe(23);
    write(grown);

    let growing = true;
    const growth = (async () => {
      const first = startGridpeg(stateDir, ...up);
      const joined = join(stateDir, 'done', 'joined-orderer0.transfer-orderer.example.com');
      await waitUntil('the new chain has an orderer', () => Promise.resolve(existsSync(joined)));
      first.kill('SIGKILL');
      await first.ended;
      await gridpegWell(stateDir, 'up');
    })().finally(() => {
      growing = false;
    });
    const issued: unknown[] = [];
    while (growing) issued.push((await issue(10)).status);
    await growth;
    expect(issued.length).toBeGreaterThan(5);
    expect(issued.filter((status) => status !== 0)).toEqual([]);

    const after = await fabricProcesses();
    for (const [node, pid] of before) expect([node, after.get(node)]).toEqual([node, pid]);
    // Three orderers, four peers and four chaincode services.
    expect(after.size).toBe(before.size + 11);
    const keysAfter = digests(join(stateDir, 'organizations'));
    for (const [key, digest] of keys) expect([key, keysAfter.get(key)]).toEqual([key, digest]);
    await gridpegWell(stateDir, 'status');
  });

  test('what was in flight has arrived; value moves to the new chain and its new member, on, and back', async () => {
    await arrived('charging', 'ChargingMSP/User1', 1001);
    await send('city-transfer', 2002, 'ChargingMSP/User1', 'FifthMSP/User1');
    await arrived('transfer', 'FifthMSP/User1', 2002);
    await send('transfer-city', 1203, 'FifthMSP/User1', 'ChargingMSP/User1');
    await arrived('city', 'ChargingMSP/User1', 1203);
    await send('transfer-microgrid', 304, 'FifthMSP/User1', 'MicrogridMSP/User1');
    await arrived('microgrid', 'MicrogridMSP/User1', 304);
    await send('microgrid-transfer', 104, 'MicrogridMSP/User1', 'MicrogridMSP/User1');
    await arrived('transfer', 'MicrogridMSP/User1', 104);
    expect((await gridpegWell(stateDir, 'audit')).stdout).toContain('audit: holds');
  });

  test('T46: 300 parts of one unit come back as one, merged by the command and by a relay', async () => {
    const network = own.open();
    const account = network.account('ChargingMSP');
    const notes = await network.issue(account, ...Array.from({ length: 6 }, () => 50n));
    const outputs = Array.from({ length: 50 }, () => ({
      ...{ kind: 'transfer' as const, recipient: account, quantity: 1n, memo: '' },
    }));
    const laneId = (await network.lane('city-charging')).id;
    for (const { id } of notes) {
      const deadlineMs = BigInt(Date.now()) + 3_600_000n;
      await network.client('city', 'ChargingMSP').send({ laneId, noteIds: [id], outputs, deadlineMs });
    }
    await waitUntil('all parts arrived', async () => {
      const held = await network.notesOf('charging', account);
      return held.filter(({ quantity }) => quantity === 1n).length === 300;
    });
    const holds = (await network.notesOf('charging', account)).reduce((sum, { quantity }) => sum + quantity, 0n);
    await send('charging-city', Number(holds), 'ChargingMSP/User1', 'ChargingMSP/User1');
    await arrived('city', 'ChargingMSP/User1', Number(holds));
    expect((await gridpegWell(stateDir, 'audit')).stdout).toContain('audit: holds');
  });

  test('T33: one of three Raft orderers whose block file is cut is filled again, and its vote counts', async () => {
    const [first, second] = ['orderer0.transfer-orderer.example.com', 'orderer1.transfer-orderer.example.com'];
    await gridpegWell(stateDir, 'node', 'kill', first);
    cutBlockFile(stateDir, first, 'transfer');
    // It has missed blocks as well.
    await send('city-transfer', 11, 'ChargingMSP/User1', 'FifthMSP/User1');
    await arrived('transfer', 'FifthMSP/User1', 11);
    expect((await gridpeg(stateDir, 'node', 'start', first)).status).toBe(1);
    await gridpegWell(stateDir, 'node', 'refill', first);
    // Two of three must agree, so without the first one nothing would commit.
    await gridpegWell(stateDir, 'node', 'kill', second);
    await send('city-transfer', 12, 'ChargingMSP/User1', 'FifthMSP/User1');
    await arrived('transfer', 'FifthMSP/User1', 12);

    // One of three runs then, takes calls, and nothing commits: whoever knows the network by its profile is told.
    const [imported, wallet] = [join(own.folder, 'imported'), join(own.folder, 'wallet')];
    await gridpegWell(stateDir, 'wallet', 'export', wallet, '--user', 'ChargingMSP/User1');
    const profile = own.open().organization('ChargingMSP').connectionProfile.json;
    await gridpegWell(imported, 'profile', 'import', profile, '--wallet', wallet, '--chain', 'transfer');
    await waitUntilWell(imported);
    await gridpegWell(stateDir, 'node', 'kill', first);
    for (const folder of [imported, stateDir]) {
      await waitUntil('the last orderer knows no leader', async () => {
        const { status, stdout } = await gridpeg(folder, 'status');
        return status === 1 && stdout.includes('ORDERERS_WITHOUT_LEADER');
      });
      const { findings } = await doctor(folder);
      expect(findings.find(({ code }) => code === 'ORDERERS_WITHOUT_LEADER')?.what).toMatch(
        /^the orderers that answer/,
      );
    }
    for (const node of [first, second]) await gridpegWell(stateDir, 'node', 'start', node);
    await waitUntilWell(imported);
  });

  test('the same file again changes nothing; organizations of the old chains have agreed to one change', async () => {
    const pids = async () => (await networkStatus({ stateDir })).map(({ name, pid }) => [name, pid]);
    const before = await pids();
    const { stderr } = await gridpegWell(stateDir, ...up);
    expect(stderr).not.toContain('extended');
    expect(await pids()).toEqual(before);
    const { stdout } = await gridpegWell(stateDir, 'status', '--json');
    const { chains } = JSON.parse(stdout) as { chains: ReadonlyArray<{ name: string; configuration: number }> };
    expect(chains.map(({ name, configuration }) => `${name} ${configuration.toString()}`)).toEqual([
      ...['city 2', 'microgrid 2', 'charging 1', 'transfer 1'],
    ]);
    // Its checks have little time, which is too little on a machine that does much else.
    await waitUntil('the doctor finds nothing', async () => (await doctor(stateDir)).well);
  });

  test.each<[string, Topology, RegExp]>([
    ['a chain less', small, /chains\.transfer: the network has it, the file nothing/],
    [
      'two orderers more of a chain that is there',
      {
        ...grown,
        chains: grown.chains.map((chain) =>
          chain.name === 'city'
            ? { ...chain, ordering: { ...chain.ordering, orderers: ['orderer0', 'orderer1', 'orderer2'] } }
            : chain,
        ),
      },
      /chains\.city\.ordering\.orderers: the network has \["orderer0"\], the file \["orderer0","orderer1","orderer2"\]/,
    ],
    [
      'another block time',
      {
        ...grown,
        chains: grown.chains.map((chain) => ({ ...chain, ordering: { ...chain.ordering, batchTimeout: '900ms' } })),
      },
      /chains\.city\.ordering\.batchTimeout: the network has "100ms", the file "900ms"/,
    ],
  ])('%s is refused, named with both values', async (_title, topology, line) => {
    write(topology);
    const before = await fabricProcesses();
    const { status, stderr } = await gridpeg(stateDir, ...up);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^TOPOLOGY_CHANGED: /m);
    expect(stderr).toMatch(line);
    expect(await fabricProcesses()).toEqual(before);
  });
});

/** Of every key and certificate. */
function digests(folder: string): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /(_sk|\.key|\.crt|\.pem)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );
}
