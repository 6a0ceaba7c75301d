// SPDX-License-Identifier: Apache-2.0

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { externalBuilder } from './external-builder';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gridpeg-builder-'));
  for (const [name, script] of Object.entries(externalBuilder))
    writeFileSync(join(folder, name), script, { mode: 0o700 });
  for (const name of ['source', 'metadata', 'built', 'released']) mkdirSync(join(folder, name));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function run(program: string, folders: readonly string[], config?: string): void {
  const env = config === undefined ? {} : { CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG: config };
  const parameters = folders.map((name) => join(folder, name));
  execFileSync(join(folder, program), parameters, { env: { PATH: '/usr/bin:/bin', ...env }, stdio: 'pipe' });
}

function release(connection: object, config?: string): unknown {
  writeFileSync(join(folder, 'source', 'connection.json'), JSON.stringify(connection));
  run('build', ['source', 'metadata', 'built']);
  run('release', ['built', 'released'], config);
  return JSON.parse(readFileSync(join(folder, 'released', 'chaincode', 'server', 'connection.json'), 'utf8'));
}

test('detect takes a package of type ccaas', () => {
  writeFileSync(join(folder, 'metadata', 'metadata.json'), '{"label": "a", "type": "ccaas"}');
  expect(() => {
    run('detect', ['source', 'metadata']);
  }).not.toThrow();
});

test('detect leaves packages of other types to other builders', () => {
  writeFileSync(join(folder, 'metadata', 'metadata.json'), '{"label": "ccaas", "type": "node"}');
  expect(() => {
    run('detect', ['source', 'metadata']);
  }).toThrow();
});

test('build refuses a package without connection.json', () => {
  expect(() => {
    run('build', ['source', 'metadata', 'built']);
  }).toThrow('connection.json is missing');
});

test('a connection without templates is released as it is', () => {
  expect(release({ address: 'host:9999', tls_required: false })).toEqual({ address: 'host:9999', tls_required: false });
});

test("the samples' template is filled from the builder's configuration", () => {
  const released = release({ address: '{{.peername}}_basic_ccaas:9999' }, '{"peername":"peer0org1"}');
  expect(released).toEqual({ address: 'peer0org1_basic_ccaas:9999' });
});

test('a template is filled from the file of addresses, laid out over several lines', () => {
  const addresses = join(folder, 'addresses.json');
  writeFileSync(addresses, JSON.stringify({ city: '127.0.0.1:1', 'bench-asset': '127.0.0.1:2' }, undefined, 2));
  const config = JSON.stringify({ peername: 'peer0', addresses });
  expect(release({ address: '{{.bench-asset}}' }, config)).toEqual({ address: '127.0.0.1:2' });
});

test('a template without a value fails instead of being released', () => {
  expect(() => release({ address: '{{.city}}' }, '{"peername":"peer0"}')).toThrow('no value for {{.city}}');
  expect(existsSync(join(folder, 'released', 'chaincode'))).toBe(false);
});
