// SPDX-License-Identifier: Apache-2.0

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { copiesFolder, keepCopies } from './kept-copies';

const folder = mkdtempSync(join(tmpdir(), 'gridpeg-kept-'));
const stateDir = join(folder, 'state');
const units = ['client', 'peer', 'admin', 'orderer']
  .map((unit) => `  OrganizationalUnitIdentifier: ${unit}\n`)
  .join('');
const organization = 'organizations/peerOrganizations/grid.example.com';
const user = `${organization}/users/User1@grid.example.com`;
const files = new Map<string, Buffer>();

/** A protobuf field of less than 128 bytes. */
const field = (number: number, value: Buffer): Buffer =>
  Buffer.concat([Buffer.from([(number << 3) | 2, value.length]), value]);

beforeAll(() => {
  const [key, certificate] = [join(folder, 'key'), join(folder, 'certificate')];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '9'];
  execFileSync('openssl', [...made, '-subj', '/CN=a', '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  const transaction = Buffer.alloc(90, 7);
  const header = field(3, createHash('sha256').update(transaction).digest());
  const block = Buffer.concat([field(1, header), field(2, field(1, transaction)), field(3, field(1, Buffer.alloc(0)))]);
  const contents: ReadonlyArray<readonly [path: string, content: Buffer]> = [
    ['plan.json', Buffer.from('{"format": 1}')],
    ['containers.json', Buffer.from('{"cli": []}')],
    ['channel-artifacts/city.block', block],
    [`${organization}/ca/priv_sk`, readFileSync(key)],
    [`${user}/msp/keystore/priv_sk`, readFileSync(key)],
    [`${user}/msp/signcerts/User1@grid.example.com-cert.pem`, readFileSync(certificate)],
    [`${user}/msp/config.yaml`, Buffer.from(`NodeOUs:\n${units}`)],
    [`${user}/tls/ca.crt`, readFileSync(certificate)],
    [`${user}/tls/client.key`, readFileSync(key)],
    ['identities/GridMSP/mine/signcerts/cert.pem', readFileSync(certificate)],
    ['notaries/addresses.json', Buffer.from('{"GridMSP": {}}')],
    ['notaries/GridMSP/signing-key.pem', readFileSync(key)],
    ['nodes/ca.grid.example.com/passwords.json', Buffer.from('{"a": "b"}')],
    ['nodes/ca.grid.example.com/msp/keystore/1f_sk', readFileSync(key)],
  ];
  for (const [path, content] of contents) files.set(path, content);
});
beforeEach(() => {
  rmSync(stateDir, { recursive: true, force: true });
  for (const [path, content] of files) write(path, content);
  expect(keepCopies(stateDir)).toEqual([]);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(path: string, content: Buffer): void {
  mkdirSync(dirname(join(stateDir, path)), { recursive: true });
  writeFileSync(join(stateDir, path), content);
}

const damages: ReadonlyArray<readonly [how: string, damage: (content: Buffer) => Buffer]> = [
  ['emptied', () => Buffer.alloc(0)],
  ['halved', (content) => content.subarray(0, content.length / 2)],
  ['filled with NULs', (content) => Buffer.alloc(content.length)],
  ['NULs in its second half', (content) => Buffer.concat([content.subarray(0, content.length / 2), Buffer.alloc(60)])],
];

test.each(damages)('each file that is %s is put back, and its copy is made again when it is', (_how, damage) => {
  for (const [path, content] of files) {
    write(path, damage(content));
    expect([path, keepCopies(stateDir)]).toEqual([path, [path]]);
    expect(readFileSync(join(stateDir, path)).equals(content)).toBe(true);
    write(join(copiesFolder, path), damage(content));
    expect(keepCopies(stateDir)).toEqual([]);
    expect(readFileSync(join(stateDir, copiesFolder, path)).equals(content)).toBe(true);
  }
});

test.each(damages)(
  'a file that is %s, as is its copy, is named with what loses nothing; others are put back',
  (_how, damage) => {
    for (const [path, content] of files) {
      write(path, damage(content));
      write(join(copiesFolder, path), damage(content));
      const other = path === 'plan.json' ? 'containers.json' : 'plan.json';
      write(other, Buffer.alloc(0));
      expect(() => keepCopies(stateDir)).toThrow(
        expect.objectContaining({
          code: 'STATE_UNREADABLE',
          message: expect.stringMatching(`${path} is damaged.+Put it back.+do not take the network down`) as string,
        }) as Error,
      );
      expect(readFileSync(join(stateDir, other))).toEqual(files.get(other));
      write(path, content);
      expect(keepCopies(stateDir)).toEqual([]);
    }
  },
);

test('a file of keys or chains that is gone is put back; what is removed on purpose stays removed', () => {
  for (const path of files.keys()) {
    rmSync(join(stateDir, path));
    const isPutBack = /^(organizations|channel-artifacts|plan)/.test(path);
    expect([path, keepCopies(stateDir)]).toEqual([path, isPutBack ? [path] : []]);
    expect([path, existsSync(join(stateDir, copiesFolder, path))]).toEqual([path, isPutBack]);
  }
});

test('an identity that was removed as a whole is for whoever enrols it again', () => {
  rmSync(join(stateDir, user), { recursive: true });
  expect(keepCopies(stateDir)).toEqual([]);
  expect(existsSync(join(stateDir, user))).toBe(false);
});

test('a renewed certificate is what is put back from then on', () => {
  const renewed = Buffer.from('{"format": 1, "more": 2}');
  write('plan.json', renewed);
  keepCopies(stateDir);
  write('plan.json', Buffer.alloc(3));
  expect(keepCopies(stateDir)).toEqual(['plan.json']);
  expect(readFileSync(join(stateDir, 'plan.json')).equals(renewed)).toBe(true);
});
