// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { networkStatus, nodeLogs } from '@gridpeg/network';
import { isExhaustive } from '../harness/exhaustive';
import { gridpeg, gridpegWell, inContainers, startGridpeg, startGridpegIn, type Ended } from '../harness/cli/gridpeg';
import { installedPackage } from '../harness/cli/installed-package';
import { cutBlockFile } from '../harness/faults/cut-block-file';
import { agreedLedger } from '../harness/network/ledgers';
import { canListen, engineObjectsOf, processesOf } from '../harness/network/leaked-processes';
import { OwnNetwork, waitUntilWell } from '../harness/network/own-network';
import { sendFromCity, settled } from '../harness/network/traffic';
import { waitUntil } from '../harness/wait-until';

const escape = String.fromCharCode(27);

describe('up and down', () => {
  const own = new OwnNetwork();
  const { stateDir } = own;
  afterAll(() => own.down());

  const nodes = () => networkStatus({ stateDir });
  const logOf = async (node: string): Promise<string> => {
    let log = '';
    for await (const piece of nodeLogs({ stateDir, node, lines: 100_000 })) log += piece;
    return log;
  };
  const processIds = async (): Promise<ReadonlyMap<string, number | undefined>> =>
    new Map((await nodes()).map(({ name, pid }) => [name, pid]));

  test('T32: the next `up` completes one that was killed; two at the same time make one network', async () => {
    const first = startGridpeg(stateDir, 'up');
    await waitUntil(
      'the first nodes run',
      async () => (await nodes()).filter(({ state }) => state === 'running').length >= 3,
    );
    first.kill('SIGKILL');
    await first.ended;
    expect((await gridpeg(stateDir, 'status')).status).toBe(1);

    await Promise.all([gridpegWell(stateDir, 'up'), gridpegWell(stateDir, 'up')]);
    await gridpegWell(stateDir, 'status');
    const running = await nodes();
    // 10 peers, 3 orderers, 10 chaincode services, 4 notaries; each is one process and nothing more runs.
    expect(running.map(({ kind }) => kind).sort()).toEqual([
      ...Array.from({ length: 10 }, () => 'chaincode'),
      ...Array.from({ length: 3 }, () => 'orderer'),
      ...Array.from({ length: 10 }, () => 'peer'),
      ...Array.from({ length: 4 }, () => 'service'),
    ]);
    expect(new Set(processesOf(stateDir))).toEqual(new Set(running.map(({ pid }) => pid)));
  });

  // Written down here, where no driver, machine or release of a library can have a part in them.
  test.each([
    ['city', 'city_1.0:a13ffd3447fbe578124434ca1dad326aa681a50ad72fc9028130a146eac35f81'],
    ['microgrid', 'microgrid_1.0:e16c15f86c08d51cfd20887d1d67cfdab407a5cfbece4ea21f51eba7d8fde9e7'],
    ['charging', 'charging_1.0:4806b029ec88139eb691f737972d69b6fec2fcd12da66c2d87341a1b136ca5c2'],
  ])(
    'the package that the peers of %s have holds the same bytes on every machine and by every driver',
    async (chain, packageId) => {
      const bytes = await installedPackage(stateDir, chain, packageId);
      expect(packageId.split(':')[1]).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect(own.open().chain(chain).chaincode.packageId).toBe(packageId);
    },
  );

  test('`up` starts what is dead and leaves the rest alone', async () => {
    const before = await processIds();
    const dead = ['peer0.regulator.example.com', 'city@city.grid.example.com', 'notary.grid.example.com'];
    for (const node of dead) await gridpegWell(stateDir, 'node', 'kill', node);
    await gridpegWell(stateDir, 'up');
    const after = await processIds();
    for (const [node, pid] of before) {
      if (dead.includes(node)) expect(after.get(node)).not.toBe(pid);
      else expect([node, after.get(node)]).toEqual([node, pid]);
    }
    await gridpegWell(stateDir, 'status');
  });

  const expectPlain = (lines: string): void => {
    expect(lines).not.toContain(escape);
    expect(lines).toMatch(/^Fabric network "dev": done in \d+\.\d s\r?$/m);
    expect(lines).toMatch(/^Notaries: done in \d+\.\d s\r?$/m);
  };

  test('a second `up` on a network that is up starts nothing; without a terminal it writes plain lines', async () => {
    const before = await processIds();
    expectPlain((await gridpegWell(stateDir, 'up')).stderr);
    expect(await processIds()).toEqual(before);
  });

  // A terminal is the same whatever nodes run in.
  if (!inContainers || isExhaustive)
    test('on a terminal `up` shows a task list with times; with NO_COLOR, plain lines', async () => {
      const onTerminal = (...env: readonly string[]): Promise<Ended> => {
        const command = `script -qec "stty cols 120; $(printf "'%s' " "$@")" /dev/null`;
        const shell = `exec env -u CI -u NO_COLOR TERM=xterm ${env.join(' ')} ${command}`;
        return startGridpegIn({ shell }, stateDir, 'up').ended;
      };
      const shown = await onTerminal();
      expect(shown.status).toBe(0);
      expect(shown.stdout).toContain(escape);
      const list = shown.stdout.replaceAll(new RegExp(`${escape}\\[[0-9;?]*[A-Za-z]`, 'g'), '');
      for (const title of ['Fabric network "dev"', 'Peg configuration', 'Notaries'])
        expect(list).toMatch(new RegExp(`^✔ ${title}.* \\[[0-9.]+m?s\\]`, 'm'));
      expectPlain((await onTerminal('NO_COLOR=1')).stdout);
    });

  test('`restart` starts every node again; ledgers and keys stay, and transfers go on', async () => {
    const network = own.open();
    const before = await processIds();
    const ledger = await agreedLedger(network, 'city');
    const told = await gridpegWell(stateDir, 'restart');
    expect(told.stdout).toContain('27 nodes run again');
    const after = await processIds();
    expect([...after.keys()]).toEqual([...before.keys()]);
    for (const [node, pid] of after) {
      expect([node, typeof pid]).toEqual([node, 'number']);
      expect([node, pid]).not.toEqual([node, before.get(node)]);
    }
    await waitUntilWell(stateDir);
    expect((await agreedLedger(network, 'city')).slice(0, ledger.length)).toEqual(ledger);
    expect(await settled(network, await sendFromCity(network, 'city-charging'))).toBe('delivered');
  });

  // One start with every file damaged at once is much cheaper than hundreds with one each; that each file is put back
  // by itself, whatever is wrong with it, is what the tests of kept copies find out.
  test('`up` restores every file of the folder that is emptied, halved or filled with NULs, and says so', async () => {
    const damages: ReadonlyArray<(content: Buffer) => Buffer> = [
      () => Buffer.alloc(0),
      (content) => content.subarray(0, content.length / 2),
      (content) => Buffer.alloc(content.length),
    ];
    // Ledgers are for `node refill`; logs and the mark by which a folder is known say nothing.
    const left = /\/(data|logs|copies)\/|\/\.gridpeg-state$/;
    const before = filesIn(stateDir).filter((file) => !left.test(file));
    const contents = new Map(before.map((file) => [file, readFileSync(file)]));
    expect(before.length).toBeGreaterThan(350);
    for (const [index, file] of before.entries()) {
      const damage = damages[index % damages.length]!;
      writeFileSync(file, damage(contents.get(file)!));
    }
    const told = await gridpegWell(stateDir, 'up');
    // Compose may get the same arguments again, in another order.
    const composed = /\/composed\.json$/;
    const nodesIn = (json: Buffer): readonly string[] =>
      (JSON.parse(json.toString()) as ReadonlyArray<{ readonly spec: { readonly name: string } }>)
        .map(({ spec }) => spec.name)
        .sort();
    const isSame = (file: string, then: Buffer, now: Buffer): boolean =>
      composed.test(file) ? nodesIn(now).join() === nodesIn(then).join() : now.equals(then);
    expect(before.filter((file) => !isSame(file, contents.get(file)!, readFileSync(file)))).toEqual([]);
    for (const what of ['plan.json was damaged and is put back', 'addresses.json was damaged and is put back'])
      expect(told.stderr).toContain(what);
    expect(told.stderr).toContain('network.json was damaged and is written again');
    await waitUntilWell(stateDir);
  });

  test('a peer whose block file is cut keeps nothing else from starting, and one command refills it', async () => {
    const peer = 'peer0.regulator.example.com';
    const others = ['notary.grid.example.com', 'city@city.grid.example.com', 'peer1.charging.example.com'];
    await gridpegWell(stateDir, 'node', 'stop', peer);
    for (const node of others) await gridpegWell(stateDir, 'node', 'kill', node);
    cutBlockFile(stateDir, peer, 'city');
    const told = await gridpeg(stateDir, 'up');
    expect(told.status).toBe(1);
    expect(told.stderr).toMatch(
      /^NODE_DID_NOT_START: peer0\.regulator\.example\.com .+gridpeg node refill peer0\.regulator/m,
    );
    const running = (await nodes()).filter(({ state }) => state === 'running').map(({ name }) => name);
    expect(running).toHaveLength(26);
    expect(running).toEqual(expect.arrayContaining(others));
    await gridpegWell(stateDir, 'node', 'refill', peer);
    expect(readdirSync(join(stateDir, 'nodes', peer)).sort()).toEqual(['core.yaml', 'data', 'node.json']);
    await waitUntilWell(stateDir);
    expect((await gridpeg(stateDir, 'node', 'refill', 'notary.grid.example.com')).stderr).toMatch(
      /^NOT_REFILLABLE: .+ is no peer and no orderer\. .+\.$/m,
    );
  });

  test('T38: private keys are for their owner only, and in no log', async () => {
    const keys = filesIn(stateDir).filter((file) => /(priv_sk|-key\.pem|\.key)$/.test(file));
    expect(keys.length).toBeGreaterThan(20);
    for (const file of keys) expect([file, statSync(file).mode & 0o077]).toEqual([file, 0]);
    const secrets = keys.map((file) => readFileSync(file, 'utf8').split('\n')[1] ?? '');
    const logs = await Promise.all((await nodes()).map(({ name }) => logOf(name)));
    expect(logs.filter((log) => log.length > 100).length).toBeGreaterThan(20);
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(20);
      expect(logs.some((log) => log.includes(secret))).toBe(false);
    }
  });

  test('`down` leaves no process, no port and no file of it, and nothing else is touched', async () => {
    const beside = join(own.folder, 'beside.txt');
    writeFileSync(beside, 'not ours');
    const ports = (await nodes()).flatMap((node) => Object.values(node.ports));
    expect(ports.length).toBeGreaterThan(20);
    await gridpegWell(stateDir, 'down');
    expect(processesOf(stateDir)).toEqual([]);
    expect(engineObjectsOf(stateDir)).toEqual([]);
    for (const port of ports) expect([port, await canListen(port)]).toEqual([port, true]);
    expect(readdirSync(own.folder)).toEqual(['beside.txt']);
    expect(readFileSync(beside, 'utf8')).toBe('not ours');
    expect((await gridpegWell(stateDir, 'down')).stdout).toContain('There was no network');
  });

  test('`down` and `up` refuse a folder with files that are not ours, and keep them', async () => {
    const foreign = join(own.folder, 'foreign');
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'thesis.txt'), 'years of work');
    for (const command of ['down', 'up']) {
      const told = await gridpeg(foreign, command);
      expect(told.status).toBe(1);
      expect(told.stderr).toMatch(/^STATE_DIR_FOREIGN: [^\n]+\. [^\n]+$/m);
    }
    expect(readdirSync(foreign)).toEqual(['thesis.txt']);
    expect(existsSync(join(foreign, 'thesis.txt'))).toBe(true);
  });
});

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
