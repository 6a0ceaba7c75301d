// SPDX-License-Identifier: Apache-2.0

import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { networkStatus } from '@gridpeg/network';
import { auditNetwork } from '../../harness/network/audit-network';
import { ChaincodeProject } from '../../harness/faults/chaincode-project';
import { gridpeg, gridpegWell, inContainers, startGridpeg } from '../../harness/cli/gridpeg';
import { ManualRelay } from '../../harness/network/manual-relay';
import { OwnNetwork, stopNotaries } from '../../harness/network/own-network';
import {
  freshAccount,
  sumOf,
  type ChainName,
  type OrganizationName,
  type TestNetwork,
} from '../../harness/network/test-network';
import { waitUntil } from '../../harness/wait-until';

const sender: OrganizationName = 'ChargingMSP';

describe('a side chain whose chaincode is upgraded alone', () => {
  const own = new OwnNetwork();
  const { stateDir } = own;
  const project = new ChaincodeProject(join(own.folder, 'tariff'));
  const broken = new ChaincodeProject(join(own.folder, 'broken'));
  const foreign = new ChaincodeProject(join(own.folder, 'foreign'));
  const older = new ChaincodeProject(join(own.folder, 'older'));
  let network: TestNetwork;

  beforeAll(async () => {
    project.create('2');
    broken.create('3');
    broken.breakBuild();
    foreign.create('4');
    foreign.unpeg();
    older.create('5');
    older.sayWireVersion('2');
    await own.up();
    network = own.open();
  });
  afterAll(() => own.down());

  const processIds = async (): Promise<ReadonlyMap<string, number | undefined>> =>
    new Map((await networkStatus({ stateDir })).map(({ name, pid }) => [name, pid]));
  const services = async (): Promise<readonly string[]> =>
    [...(await processIds()).keys()].filter((name) => name.includes('@microgrid.')).sort();
  const servicesOf = (sequence: number): readonly string[] =>
    ['charging', 'microgrid', 'regulator'].map((name) => `microgrid.${sequence}@microgrid.${name}.example.com`);
  const upgrade = async (...parameters: readonly string[]): Promise<unknown> =>
    JSON.parse((await gridpegWell(stateDir, 'upgrade', 'microgrid', '--json', ...parameters)).stdout);
  const rate = (organization: OrganizationName = sender): Promise<string> =>
    network.client('microgrid', organization).connection.evaluate('tariff:rate', '');

  test('what is in flight either way arrives, commits go on meanwhile, and nothing else is touched', async () => {
    const relay = new ManualRelay(network);
    const account = network.account(sender);
    const held = async (chain: ChainName, owner: typeof account): Promise<bigint> =>
      sumOf(await network.notesOf(chain, owner));
    await stopNotaries(stateDir);
    await relay.transfer({
      ...{ lane: 'city-microgrid', sender, notes: await network.issue(account, 1000n) },
      outputs: [
        { recipient: account, quantity: 200n },
        { recipient: account, quantity: 800n },
      ],
    });
    const [back, here] = await network.notesOf('microgrid', account);
    const [there, home] = [freshAccount(sender, 'there'), freshAccount(sender, 'home')];
    await relay.send({
      ...{ lane: 'city-microgrid', sender, notes: await network.issue(account, 300n) },
      outputs: [{ recipient: there, quantity: 300n }],
    });
    const homeward = await relay.send({
      ...{ lane: 'microgrid-city', sender, notes: [back!] },
      outputs: [{ recipient: home, quantity: back!.quantity }],
    });

    const before = await processIds();
    let [upgrading, handed, note] = [true, 0, here!];
    const receiver = freshAccount(sender, 'receiver');
    const client = network.client('microgrid', sender);
    // One after the other, each from what is left of the one before.
    const handing = (async () => {
      while (upgrading || handed === 0) {
        const outputs = [
          { recipient: receiver, quantity: 1n, memo: '' },
          { recipient: account, quantity: note.quantity - 1n, memo: '' },
        ];
        const { answer } = await network.everywhere('microgrid', client.transfer({ noteIds: [note.id], outputs }));
        handed += 1;
        [note] = (await network.notesOf('microgrid', account, [answer.noteIds[1]!])) as [typeof note];
      }
    })();
    const answer = await upgrade('--path', project.folder).finally(() => (upgrading = false));
    await handing;
    expect(answer).toMatchObject({ chain: 'microgrid', changed: true, name: 'microgrid', version: '2.0', sequence: 2 });
    expect(await held('microgrid', receiver)).toBe(BigInt(handed));
    for (const organization of ['MicrogridMSP', 'ChargingMSP', 'RegulatorMSP'] as const) {
      expect(await rate(organization)).toBe('2');
    }
    const after = await processIds();
    for (const [name, pid] of before)
      if (!name.includes('@microgrid.')) expect([name, after.get(name)]).toEqual([name, pid]);
    expect(await services()).toEqual(servicesOf(2));

    await gridpegWell(stateDir, 'up');
    await waitUntil('both transfers have arrived', async () => {
      return (await held('microgrid', there)) === 300n && (await held('city', home)) === back!.quantity;
    });
    // With its receipt back, the side chain has nothing to write any more.
    await waitUntil('the one on its way home is settled', async () => {
      return (await client.getTransfer(homeward.answer.packetIds[0]!)).state === 'delivered';
    });
    expect((await auditNetwork(network)).verdict).toBe('holds');
  });

  test('when nothing has changed, nothing is done', async () => {
    const [before, height] = [await processIds(), await network.height('microgrid')];
    expect(await upgrade()).toMatchObject({ changed: false, version: '2.0', sequence: 2 });
    await gridpegWell(stateDir, 'up');
    expect(await processIds()).toEqual(before);
    expect(await network.height('microgrid')).toBe(height);
  });

  test.each([
    ['code that does not start', ['--path', broken.folder], 'NODE_DID_NOT_START'],
    ['code without the contracts of the peg', ['--path', foreign.folder], 'CHAINCODE_UNSUITABLE'],
    ['code that speaks an older wire version', ['--path', older.folder], 'CHAINCODE_UNSUITABLE'],
    ['a folder without a chaincode', ['--path', own.folder], 'CHAINCODE_MISSING'],
    ['a version that is none', ['--chaincode-version', 'two point one'], 'CHAINCODE_VERSION_INVALID'],
    [
      'other code under the same version',
      ['--path', broken.folder, '--chaincode-version', '2.0'],
      'CHAINCODE_VERSION_TAKEN',
    ],
  ])('%s changes nothing', async (_what, parameters, code) => {
    const [before, height] = [await processIds(), await network.height('microgrid')];
    const refused = await gridpeg(stateDir, 'upgrade', 'microgrid', '--json', ...parameters);
    expect(refused.status).not.toBe(0);
    expect(JSON.parse(refused.stdout)).toMatchObject({ code });
    expect(await processIds()).toEqual(before);
    expect(await network.height('microgrid')).toBe(height);
    expect(await rate()).toBe('2');
  });

  test('an upgrade that is killed in the middle is completed by the next `up`', async () => {
    const height = await network.height('microgrid');
    const killed = startGridpeg(stateDir, 'upgrade', 'microgrid', '--chaincode-version', '2.1');
    // The first approval: the definition is not committed yet.
    await waitUntil('an organization has approved', async () => (await network.height('microgrid')) > height);
    killed.kill('SIGKILL');
    await killed.ended;
    await gridpegWell(stateDir, 'up');
    expect(await services()).toEqual(servicesOf(3));
    expect(await upgrade()).toMatchObject({ changed: false, version: '2.1', sequence: 3 });
    expect(await rate()).toBe('2');
    await gridpegWell(stateDir, 'status');
  });

  test('nor does one do harm that is killed between the commit and its own note of it', async () => {
    const height = await network.height('microgrid');
    rmSync(join(stateDir, 'done', 'committed-3-microgrid-microgrid'));
    await gridpegWell(stateDir, 'up');
    expect(await upgrade()).toMatchObject({ changed: false, version: '2.1', sequence: 3 });
    expect(await network.height('microgrid')).toBe(height);
  });

  describe('and is worked on', () => {
    test('`dev` compiles and starts what is written, without the chaincode lifecycle; debuggers attach', async () => {
      if (inContainers) {
        expect((await gridpeg(stateDir, 'dev')).stderr).toMatch(/^DEV_DRIVER_UNSUITABLE: /);
        return;
      }
      const height = await network.height('microgrid');
      const before = await processIds();
      const developing = startGridpeg(stateDir, 'dev');
      try {
        await waitUntil('it watches', async () =>
          Promise.resolve(developing.output().includes('Watching the chaincode')),
        );
        project.write('4');
        await waitUntil('the new code answers', () =>
          rate().then(
            (answer) => answer === '4',
            () => false,
          ),
        );

        const [service = ''] = servicesOf(3);
        const inspector = new RegExp(`^${service} +(127\\.0\\.0\\.1:\\d+)$`, 'm').exec(developing.output())?.[1] ?? '';
        expect(await stoppedAtBreakpoint(inspector, rate)).toBe('4');
      } finally {
        developing.kill('SIGINT');
      }
      expect((await developing.ended).status).toBe(0);
      expect(await network.height('microgrid')).toBe(height);
      const after = await networkStatus({ stateDir });
      // Debuggers can attach to nothing any more, and other nodes run on.
      expect(after.filter(({ ports }) => ports['inspect'] !== undefined)).toEqual([]);
      const kept = after.filter(({ kind }) => kind !== 'chaincode');
      for (const { name, pid } of kept) expect([name, pid]).toEqual([name, before.get(name)]);
      await gridpegWell(stateDir, 'status');
    });
    /** Stops the call in a service, and lets it go on. @returns its answer */
    async function stoppedAtBreakpoint(inspector: string, call: () => Promise<string>): Promise<string> {
      let told = '';
      const attached = spawn(process.execPath, ['inspect', inspector], { stdio: ['pipe', 'pipe', 'inherit'] });
      attached.stdout.on('data', (data: Buffer) => (told += data.toString()));
      try {
        await waitUntil('the debugger has attached', async () => Promise.resolve(told.includes('debug>')));
        attached.stdin.write(`sb('${project.compiled}', ${project.answeringLine()})\n`);
        await waitUntil('the breakpoint is set', async () => Promise.resolve(/debug>.*debug>/s.test(told)));
        const asked = call();
        await waitUntil('it stops at the breakpoint', async () => Promise.resolve(told.includes('break in')));
        attached.stdin.write('cont\n');
        return await asked;
      } finally {
        attached.kill();
      }
    }
  });

  test('private data collections come into force by an upgrade, and only their members can read them', async () => {
    const file = join(own.folder, 'collections.json');
    const policy = "OR('MicrogridMSP.member', 'RegulatorMSP.member')";
    const limits = { requiredPeerCount: 0, maxPeerCount: 2, memberOnlyRead: true };
    const write = (...names: readonly string[]): void => {
      writeFileSync(file, JSON.stringify(names.map((name) => ({ name, policy, ...limits }))));
    };
    const connection = (organization: OrganizationName) => network.client('microgrid', organization).connection;

    write('tariffs');
    const first = await upgrade('--collections-config', file);
    expect(first).toMatchObject({ changed: true, sequence: 4 });
    expect(await upgrade('--collections-config', file)).toMatchObject({ changed: false, sequence: 4 });
    expect(await upgrade()).toMatchObject({ changed: false, sequence: 4 });
    await connection('MicrogridMSP').submit('tariff:keep', 'for us alone');
    await waitUntil('the other member has it', () =>
      connection('RegulatorMSP')
        .evaluate('tariff:kept', '')
        .then((text) => text === 'for us alone'),
    );
    await expect(connection('ChargingMSP').evaluate('tariff:kept', '')).rejects.toThrow();

    write('meters');
    const dropping = await gridpeg(stateDir, 'upgrade', 'microgrid', '--json', '--collections-config', file);
    expect(JSON.parse(dropping.stdout)).toMatchObject({ code: 'COLLECTIONS_INVALID' });
    write('tariffs', 'meters');
    expect(await upgrade('--collections-config', file)).toMatchObject({ changed: true, sequence: 5 });
    expect(await connection('RegulatorMSP').evaluate('tariff:kept', '')).toBe('for us alone');
  });
});
