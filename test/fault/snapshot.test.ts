// SPDX-License-Identifier: Apache-2.0

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { networkStatus } from '@gridpeg/network';
import { auditNetwork } from '../harness/network/audit-network';
import { gridpeg, gridpegWell, startGridpeg } from '../harness/cli/gridpeg';
import { agreedLedger } from '../harness/network/ledgers';
import { processesOf } from '../harness/network/leaked-processes';
import { OwnNetwork, waitUntilWell } from '../harness/network/own-network';
import { TestNetwork } from '../harness/network/test-network';
import { quietHeights, sendFromCity, settled } from '../harness/network/traffic';
import { waitUntil } from '../harness/wait-until';

describe('snapshot and restore', () => {
  const own = new OwnNetwork();
  const elsewhere = new OwnNetwork();
  const { stateDir } = own;
  const archive = join(own.folder, 'network.tar.gz');
  let ledger: readonly string[];
  let heights: Awaited<ReturnType<typeof quietHeights>>;
  afterAll(async () => {
    await own.down();
    await elsewhere.down();
  });

  /** Opens the network for one action: what clients know of it changes when it is restored. */
  const onNetwork = async <T>(folder: string, action: (network: TestNetwork) => Promise<T>): Promise<T> => {
    const network = new TestNetwork(folder);
    try {
      return await action(network);
    } finally {
      network.close();
    }
  };
  const sendOne = (folder: string): Promise<string> =>
    onNetwork(folder, async (network) => settled(network, await sendFromCity(network, 'city-charging')));
  const refusal = async (folder: string, ...parameters: readonly string[]): Promise<string> => {
    const told = await gridpeg(folder, ...parameters);
    expect(told.status).toBe(1);
    return told.stderr;
  };

  test('a snapshot of a network that was at work is one file for its owner only, and the network goes on', async () => {
    await own.up();
    expect(await sendOne(stateDir)).toBe('delivered');
    heights = await onNetwork(stateDir, quietHeights);
    ledger = await onNetwork(stateDir, (network) => agreedLedger(network, 'city'));
    const told = await gridpegWell(stateDir, 'snapshot', archive);
    expect(told.stdout).toContain('all private keys');
    expect(statSync(archive).mode & 0o777).toBe(0o600);
    await waitUntilWell(stateDir);
    expect(await onNetwork(stateDir, quietHeights)).toEqual(heights);
    expect(await sendOne(stateDir)).toBe('delivered');
  });

  test('a snapshot goes neither over a file nor into the folder that it is of', async () => {
    const text = readFileSync(archive);
    expect(await refusal(stateDir, 'snapshot', archive)).toMatch(/^SNAPSHOT_UNWRITABLE: [^\n]+\. [^\n]+$/m);
    expect(await refusal(stateDir, 'snapshot', join(stateDir, 'a.tar.gz'))).toMatch(/^SNAPSHOT_UNWRITABLE: /m);
    expect(await refusal(stateDir, 'snapshot', join(own.folder, 'no', 'a.tar.gz'))).toMatch(/^FILE_MISSING: /m);
    expect(readFileSync(archive).equals(text)).toBe(true);
  });

  test('what is damaged, cut short, foreign or of another version is refused, and changes nothing', async () => {
    const copy = join(own.folder, 'copy.tar.gz');
    const target = join(own.folder, 'other');
    const restoring = async (): Promise<string> => {
      const told = await refusal(target, 'restore', copy);
      expect(existsSync(target)).toBe(false);
      return told;
    };
    const bytes = readFileSync(archive);
    // Several bytes: there is more than one way to pack the zeros of a write-ahead log, a bit apart from each other.
    for (const place of [20, Math.floor(bytes.length / 2), bytes.length - 20]) {
      const isDamaged = (index: number): boolean => index >= place && index < place + 16;
      writeFileSync(copy, Buffer.from(bytes.map((byte, index) => (isDamaged(index) ? ~byte : byte))));
      expect(await restoring()).toMatch(/^SNAPSHOT_BROKEN: [^\n]+\. [^\n]+$/m);
    }
    writeFileSync(copy, bytes);
    truncateSync(copy, Math.floor(bytes.length / 2));
    expect(await restoring()).toMatch(/^SNAPSHOT_BROKEN: /m);
    writeFileSync(copy, 'no archive at all');
    expect(await restoring()).toMatch(/^SNAPSHOT_BROKEN: /m);

    const pack = (name: string, content: string): void => {
      writeFileSync(join(own.folder, name), content);
      expect(spawnSync('tar', ['-czf', copy, '-C', own.folder, name]).status).toBe(0);
    };
    pack('thesis.txt', 'years of work');
    expect(await restoring()).toMatch(/^SNAPSHOT_FOREIGN: /m);
    pack('snapshot.json', '{"format":2}');
    expect(await restoring()).toMatch(/^SNAPSHOT_VERSION: /m);
    expect(await refusal(target, 'restore', join(own.folder, 'absent'))).toMatch(/^FILE_MISSING: /m);
  });

  test.each([
    ['leads out of the folder', '../../../escaped.txt', 'written', ['--transform=s,^escaped,../../../escaped,']],
    ['has an absolute path', `${tmpdir()}/gridpeg-escaped.txt`, 'written', [`--transform=s,^,${tmpdir()}/gridpeg-,`]],
    ['goes through a link', 'link/escaped.txt', 'written', ['link', '--transform=s,^escaped,link/escaped,']],
    ['is a link', 'link', 'years of work', ['link']],
  ])('a file in an archive that %s is refused, and nothing is written there', async (_, name, content, members) => {
    const crafted = join(own.folder, 'crafted');
    const target = join(own.folder, 'other');
    const file = join(own.folder, 'crafted.tar.gz');
    const outside = join(own.folder, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'thesis.txt'), 'years of work');
    mkdirSync(crafted);
    const files = { [name]: createHash('sha256').update(content).digest('hex') };
    const about = { format: 1, takenAt: new Date().toISOString(), stateDir: '/a', topology: 'dev', chainIds: [] };
    writeFileSync(join(crafted, 'snapshot.json'), JSON.stringify({ ...about, files }));
    writeFileSync(join(crafted, 'escaped.txt'), 'written');
    symlinkSync(name === 'link' ? join(outside, 'thesis.txt') : outside, join(crafted, 'link'));
    const manifest = spawnSync('tar', ['-cPf', `${file}.tar`, '-C', crafted, 'snapshot.json']);
    const rest = name === 'link' ? members : [...members, 'escaped.txt'];
    const more = spawnSync('tar', ['-rPf', `${file}.tar`, '-C', crafted, ...rest]);
    const packed = spawnSync('gzip', ['-c', `${file}.tar`]);
    expect([manifest.status, more.status, packed.status]).toEqual([0, 0, 0]);
    writeFileSync(file, packed.stdout);
    rmSync(crafted, { recursive: true });

    expect(await refusal(target, 'restore', file)).toMatch(/^SNAPSHOT_BROKEN: [^\n]+\. [^\n]+$/m);
    expect(readdirSync(outside)).toEqual(['thesis.txt']);
    expect(readFileSync(join(outside, 'thesis.txt'), 'utf8')).toBe('years of work');
    for (const place of [target, join(own.folder, 'escaped.txt'), join(tmpdir(), 'gridpeg-escaped.txt')])
      expect([place, existsSync(place)]).toEqual([place, false]);
    rmSync(outside, { recursive: true });
  });

  test('a network that lives is neither replaced unasked nor doubled', async () => {
    expect(await refusal(stateDir, 'restore', archive)).toMatch(/^RESTORE_WOULD_REPLACE: /m);
    const twin = await refusal(elsewhere.stateDir, 'restore', archive);
    expect(twin).toMatch(/^NETWORK_RUNS_ELSEWHERE: /m);
    expect(twin).toContain(stateDir);
    expect(existsSync(elsewhere.stateDir)).toBe(false);
    await waitUntilWell(stateDir);
  });

  test('killed in the middle, a snapshot leaves no file and a restore the old network or the new one', async () => {
    const later = await onNetwork(stateDir, quietHeights);
    const snapshot = startGridpeg(stateDir, 'snapshot', join(own.folder, 'second.tar.gz'));
    await waitUntil('nodes are stopped', () => Promise.resolve(snapshot.output().includes('stop 3 orderers: ')), 300);
    snapshot.kill('SIGKILL');
    await snapshot.ended;
    expect(readdirSync(own.folder)).not.toContain('second.tar.gz');

    const restore = startGridpeg(stateDir, 'restore', '--force', archive);
    await waitUntil('it is unpacked', () => Promise.resolve(restore.output().includes('unpack and check: ')), 300);
    restore.kill('SIGKILL');
    await restore.ended;
    await gridpegWell(stateDir, 'up');
    await waitUntilWell(stateDir);
    expect([later, heights]).toContainEqual(await onNetwork(stateDir, quietHeights));
  });

  test('restored in its own place, the network is as it was, its audit holds, and transfers go on', async () => {
    const told = await gridpegWell(stateDir, 'restore', '--force', archive);
    // An archive without a seal, as all were once, says what it cannot prove, and is restored all the same.
    expect(told.stderr).toMatch(/^This snapshot is not sealed: /m);
    expect(processesOf(stateDir)).toEqual([]);
    // What the archive says about how nodes are run is forgotten; `up` derives it again.
    const nodes = readdirSync(join(stateDir, 'nodes'));
    expect(nodes.filter((node) => existsSync(join(stateDir, 'nodes', node, 'node.json')))).toEqual([]);
    expect(await refusal(stateDir, 'up', '--topology', 'bft')).toMatch(/^TOPOLOGY_CHANGED: /m);
    await gridpegWell(stateDir, 'up');
    expect(await onNetwork(stateDir, quietHeights)).toEqual(heights);
    expect(await onNetwork(stateDir, (network) => agreedLedger(network, 'city'))).toEqual(ledger);
    expect(await sendOne(stateDir)).toBe('delivered');
    expect((await onNetwork(stateDir, auditNetwork)).verdict).toBe('holds');
  });

  test('restored in another folder, it says whose port is in the way, and then runs there', async () => {
    const nodes = await networkStatus({ stateDir });
    const peer = nodes.find(({ name }) => name === 'peer0.grid.example.com');
    const port = peer?.ports['listen'] ?? 0;
    await gridpegWell(stateDir, 'down');
    const stranger = createServer().listen(port, '127.0.0.1');
    await once(stranger, 'listening');
    const told = await refusal(elsewhere.stateDir, 'restore', archive);
    expect(told).toMatch(/^PORT_TAKEN: /m);
    expect(told).toContain(`${port} of peer0.grid.example.com by process ${process.pid} `);
    expect(existsSync(elsewhere.stateDir)).toBe(false);
    stranger.close();
    await once(stranger, 'close');

    const work = join(own.folder, 'work');
    mkdirSync(work);
    writeFileSync(join(work, 'thesis.txt'), 'years of work');
    expect(await refusal(work, 'restore', archive)).toMatch(/^STATE_DIR_FOREIGN: /m);
    expect(readdirSync(work)).toEqual(['thesis.txt']);

    await gridpegWell(elsewhere.stateDir, 'restore', archive);
    await gridpegWell(elsewhere.stateDir, 'up');
    await waitUntilWell(elsewhere.stateDir);
    expect(await onNetwork(elsewhere.stateDir, quietHeights)).toEqual(heights);
    expect(await sendOne(elsewhere.stateDir)).toBe('delivered');
    expect((await onNetwork(elsewhere.stateDir, auditNetwork)).verdict).toBe('holds');
    expect(existsSync(stateDir)).toBe(false);
  });
});
