// SPDX-License-Identifier: Apache-2.0

import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { networkStatus, takeDown } from '@gridpeg/network';
import { doctor, problemsIn } from '../../harness/cli/doctor';
import { enrolledTopology } from '../../harness/network/enrolled-topology';
import { gridpeg, gridpegWell, startGridpeg } from '../../harness/cli/gridpeg';
import { TestNetwork } from '../../harness/network/test-network';
import { sharedStateDir } from '../../harness/network/shared-network';
import { waitUntil } from '../../harness/wait-until';

interface Listed {
  readonly renewable: boolean;
  readonly certificates: ReadonlyArray<{
    readonly name: string;
    readonly purpose: string;
    readonly state: string;
    readonly notAfter: string;
    readonly file: string;
  }>;
}

describe('certificates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gridpeg-test-'));
  const stateDir = join(folder, 'state');
  const topology = join(folder, 'enrolled.yaml');
  writeFileSync(topology, enrolledTopology(1));
  const up = ['up', '--topology', topology];
  afterAll(async () => {
    await takeDown({ stateDir });
    rmSync(folder, { recursive: true, force: true });
  });

  const list = async (): Promise<Listed> =>
    JSON.parse((await gridpeg(stateDir, 'certificates', '--json')).stdout) as Listed;
  const issueWords = (quantity: number) =>
    ['note', 'issue', '--quantity', quantity.toString(), '--recipient', 'ChargingMSP/User1'] as const;
  const issue = (quantity: number) => gridpeg(stateDir, ...issueWords(quantity));
  const nodes = () => networkStatus({ stateDir });
  const keyOf = (pem: string): string =>
    new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'pem' }).toString();

  test('T32: an `up` that was killed while identities enrolled is completed by the next', async () => {
    const first = startGridpeg(stateDir, ...up);
    await waitUntil('somebody is enrolled', () => Promise.resolve(enrolled(stateDir).length > 0));
    first.kill('SIGKILL');
    await first.ended;
    const before = enrolled(stateDir).map((file) => [file, readFileSync(file, 'utf8')] as const);
    await gridpegWell(stateDir, ...up);
    for (const [file, certificate] of before) expect(readFileSync(file, 'utf8')).toBe(certificate);
    await gridpegWell(stateDir, 'status');
    expect((await nodes()).filter(({ kind }) => kind === 'ca').map(({ name }) => name)).toEqual([
      'ca.charging.example.com',
      'ca.city-orderer.example.com',
      'ca.grid.example.com',
    ]);
  });

  test('every certificate is listed with its end, and none is due at first', async () => {
    const { renewable, certificates } = await list();
    expect(renewable).toBe(true);
    // 5 nodes, 3 administrators, 4 users: two each; and two an authority.
    expect(certificates).toHaveLength(2 * (5 + 3 + 4) + 2 * 3);
    expect(certificates.every(({ state }) => state === 'valid')).toBe(true);
    const left = certificates
      .filter(({ purpose }) => purpose !== 'authority')
      .map(({ notAfter }) => Date.parse(notAfter) - Date.now());
    expect(Math.max(...left)).toBeLessThan(61 * 60_000);
    await gridpegWell(stateDir, 'certificates');
  });

  test('all are renewed with the same keys while the chain goes on, and all nodes present the new ones', async () => {
    expect((await issue(1)).status).toBe(0);
    const before = new Map((await list()).certificates.map(({ file }) => [file, readFileSync(file, 'utf8')]));
    const network = new TestNetwork(stateDir);
    const height = await network.height('city');
    let renewing = true;
    const renewal = gridpegWell(stateDir, 'certificates', 'renew', '--all', '--json').finally(() => {
      renewing = false;
    });
    let committed = 0;
    while (renewing) {
      // A peer that is just starting endorses nothing; orderers never stop all at once.
      const issuing = startGridpeg(stateDir, ...issueWords(2));
      // What a leader had only in its memory when it stopped is lost, and its sender waits for minutes.
      const patience = setTimeout(() => issuing.kill('SIGKILL'), 15_000);
      if ((await issuing.ended).status === 0) committed += 1;
      clearTimeout(patience);
    }
    const { certificates, restarted } = JSON.parse((await renewal).stdout) as {
      readonly certificates: number;
      readonly restarted: readonly string[];
    };
    expect(certificates).toBe(24);
    expect([...restarted].sort()).toEqual([
      'orderer0.city-orderer.example.com',
      'orderer1.city-orderer.example.com',
      'orderer2.city-orderer.example.com',
      'peer0.charging.example.com',
      'peer0.grid.example.com',
    ]);
    expect(committed).toBeGreaterThan(0);
    expect((await issue(3)).status).toBe(0);
    expect(await network.height('city')).toBeGreaterThan(height + BigInt(committed));
    network.close();
    for (const listed of (await list()).certificates) {
      const now = readFileSync(listed.file, 'utf8');
      const old = before.get(listed.file) ?? '';
      expect([listed.file, now !== old]).toEqual([listed.file, isLeaf(listed)]);
      expect(keyOf(now)).toBe(keyOf(old));
      expect(Date.parse(listed.notAfter)).toBeGreaterThanOrEqual(Date.parse(new X509Certificate(old).validTo));
    }
    await gridpegWell(stateDir, 'status');
  });

  test('CERTIFICATE_EXPIRING, CERTIFICATE_EXPIRED: the doctor names them, and renewal repairs them', async () => {
    const node = 'ca.charging.example.com';
    // Certificates end at whole minutes: these after 30 to 90 seconds.
    const config = join(stateDir, 'nodes', node, 'fabric-ca-server-config.yaml');
    writeFileSync(config, readFileSync(config, 'utf8').replaceAll('expiry: 1h', 'expiry: 1m'));
    await gridpegWell(stateDir, 'restart', node);
    const shortLived = gridpegWell(stateDir, 'certificates', 'renew', '--all');
    const remedy = /charging\.example\.com.+ \(and \d+ more\) expire.+Run `gridpeg certificates renew`/;
    const found = (code: string) =>
      waitUntil(
        `the doctor says ${code}`,
        async () => problemsIn(await doctor(stateDir)).find((line) => line.includes(` ${code}: `) && remedy.test(line)),
        120,
      );
    await found('CERTIFICATE_EXPIRING');
    await shortLived;
    await found('CERTIFICATE_EXPIRED');
    // It has its configuration back since then, and reads it when it starts.
    await gridpegWell(stateDir, 'restart', node);
    expect((await list()).certificates.filter(({ state }) => state !== 'valid')).toHaveLength(8);
    const { stdout } = await gridpegWell(stateDir, 'certificates', 'renew', '--json');
    expect(JSON.parse(stdout)).toEqual({ certificates: 8, restarted: ['peer0.charging.example.com'] });
    expect((await issue(4)).status).toBe(0);
    await waitUntil('the doctor finds nothing any more', async () => (await doctor(stateDir)).well);
  });

  test('authorities are restarted like other nodes; a second `up` enrols nobody and starts what is dead', async () => {
    const running = (await nodes()).map(({ name, pid }) => `${name} ${String(pid)}`);
    await gridpegWell(stateDir, 'restart');
    expect((await nodes()).filter(({ name, pid }) => running.includes(`${name} ${String(pid)}`))).toEqual([]);
    const before = new Map((await nodes()).map(({ name, pid }) => [name, pid]));
    const certificates = (await list()).certificates.map(({ file }) => readFileSync(file, 'utf8'));
    await gridpegWell(stateDir, 'node', 'kill', 'ca.grid.example.com');
    expect((await gridpeg(stateDir, 'status')).status).toBe(1);
    expect(problemsIn(await doctor(stateDir)).join('\n')).toMatch(/NODE_DEAD: CA ca\.grid\.example\.com is dead/);
    await gridpegWell(stateDir, ...up);
    expect((await list()).certificates.map(({ file }) => readFileSync(file, 'utf8'))).toEqual(certificates);
    const changed = (await nodes()).filter(({ name, pid }) => before.get(name) !== pid).map(({ name }) => name);
    expect(changed).toEqual(['ca.grid.example.com']);
  });

  test('T38: passwords are for their owner only, and in no log', async () => {
    const passwords = ['ca.grid.example.com', 'ca.charging.example.com'].flatMap((node) => {
      const file = join(stateDir, 'nodes', node, 'passwords.json');
      expect(statSync(file).mode & 0o077).toBe(0);
      expect(statSync(join(stateDir, 'nodes', node, 'fabric-ca-server-config.yaml')).mode & 0o077).toBe(0);
      return Object.values(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>);
    });
    expect(new Set(passwords).size).toBe(8);
    const written = (await nodes()).map(({ name }) => gridpegWell(stateDir, 'logs', name, '--lines', '100000'));
    const logs = (await Promise.all(written)).map(({ stdout }) => stdout);
    expect(logs.every((log) => log.length > 0)).toBe(true);
    expect(logs.length).toBeGreaterThan(9);
    for (const password of passwords) expect(logs.some((log) => log.includes(password))).toBe(false);
  });

  test('an authority that knows an identity by another password refuses it by a code', async () => {
    const user = join(
      stateDir,
      'organizations',
      'peerOrganizations',
      'grid.example.com',
      'users',
      'User1@grid.example.com',
    );
    const file = join(stateDir, 'nodes', 'ca.grid.example.com', 'passwords.json');
    const kept = readFileSync(file, 'utf8');
    const passwords = JSON.parse(kept) as Record<string, string>;
    writeFileSync(file, JSON.stringify({ ...passwords, 'User1@grid.example.com': 'forgotten' }));
    rmSync(user, { recursive: true });
    const refused = await gridpeg(stateDir, ...up);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/^ENROLMENT_FAILED: [^\n]+User1@grid\.example\.com[^\n]+$/m);
    writeFileSync(file, kept);
    await gridpegWell(stateDir, ...up);
  });

  test('a certificate that is damaged is named', async () => {
    const [{ file } = { file: '' }] = (await list()).certificates.filter(isLeaf);
    const kept = readFileSync(file, 'utf8');
    writeFileSync(file, 'half a certif');
    const told = await gridpeg(stateDir, 'certificates');
    expect(told.stderr).toMatch(/^STATE_UNREADABLE: [^\n]+$/m);
    expect(told.stderr).toContain(file);
    writeFileSync(file, kept);
  });

  test('certificates of cryptogen are listed; renewing them is refused with what to do', async () => {
    const other = sharedStateDir();
    expect(existsSync(join(other, 'nodes', 'ca.grid.example.com'))).toBe(false);
    expect((await gridpegWell(other, 'certificates')).stdout).toContain('peer0.grid.example.com');
    const refused = await gridpeg(other, 'certificates', 'renew');
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/^CERTIFICATES_NOT_RENEWABLE: [^\n]+ca: true[^\n]+$/m);
  });

  test('where there is no network, the commands say so', async () => {
    for (const words of [['certificates'], ['certificates', 'renew']]) {
      const told = await gridpeg(join(folder, 'nothing'), ...words);
      expect(told.status).toBe(1);
      expect(told.stderr).toMatch(/^NETWORK_NOT_UP: /m);
    }
  });
});

function isLeaf({ purpose }: { readonly purpose: string }): boolean {
  return purpose !== 'authority';
}

/** Certificates of those that are enrolled completely. */
function enrolled(stateDir: string): readonly string[] {
  try {
    return readdirSync(join(stateDir, 'organizations'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.includes('/signcerts/') && name.endsWith('-cert.pem') && !name.includes('.partial'))
      .map((name) => join(stateDir, 'organizations', name));
  } catch {
    return [];
  }
}
