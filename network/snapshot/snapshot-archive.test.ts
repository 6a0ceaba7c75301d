// SPDX-License-Identifier: Apache-2.0

import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  makeManifest,
  manifestName,
  pack,
  readManifest,
  reading,
  unpack,
  type SnapshotManifest,
} from './snapshot-archive';

const deepFile = join('keys', 'organizations'.repeat(8), 'a'.repeat(120));
/** A preallocated write-ahead log: gzip packs it more than a thousandfold. */
const zeros = Buffer.alloc(8 * 1024 * 1024);

let folder: string;
let stateDir: string;
let file: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gridpeg-test-'));
  [stateDir, target] = [join(folder, 'state'), join(folder, 'restored')];
  file = join(folder, 'snapshot.tar.gz');
  mkdirSync(target);
  mkdirSync(join(stateDir, 'keys', 'organizations'.repeat(8)), { recursive: true });
  mkdirSync(join(stateDir, 'keys', 'empty'), { mode: 0o700 });
  writeFileSync(join(stateDir, 'keys', 'own'), 'secret', { mode: 0o600 });
  writeFileSync(join(stateDir, 'keys', 'run'), '#!/bin/sh', { mode: 0o755 });
  writeFileSync(join(stateDir, 'keys', 'wal'), zeros);
  writeFileSync(join(stateDir, deepFile), 'deep');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Writes the manifest of the state folder to where `pack` takes it from. */
async function withManifest(): Promise<SnapshotManifest> {
  const manifest = await makeManifest({ stateDir, topology: 'dev', chainIds: [] }, ['keys']);
  mkdirSync(join(stateDir, 'growing'));
  writeFileSync(join(stateDir, 'growing', manifestName), JSON.stringify(manifest));
  return manifest;
}

async function packed(): Promise<SnapshotManifest> {
  const manifest = await withManifest();
  await pack(file, stateDir, join('growing', manifestName), ['keys']);
  return manifest;
}

function expectRestored(): void {
  expect(readdirSync(target).sort()).toEqual(['keys', manifestName]);
  expect(readFileSync(join(target, deepFile), 'utf8')).toBe('deep');
  expect(readFileSync(join(target, 'keys', 'wal')).equals(zeros)).toBe(true);
  const modes = ['own', 'run', 'empty'].map((name) => statSync(join(target, 'keys', name)).mode & 0o777);
  expect(modes).toEqual([0o600, 0o755, 0o700]);
}

test('what was packed is unpacked with names, contents and modes, and begins with its manifest', async () => {
  const manifest = await packed();
  expect(spawnSync('tar', ['-tzf', file]).stdout.toString().split('\n')[0]).toBe(manifestName);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await readManifest(file)).toEqual(manifest);
  await unpack(file, manifest, target);
  expectRestored();
});

test('an archive that GNU tar made, as earlier versions did, is unpacked the same', async () => {
  const manifest = await withManifest();
  const made = spawnSync('tar', ['-czf', file, '-C', join(stateDir, 'growing'), manifestName, '-C', stateDir, 'keys']);
  expect(made.status).toBe(0);
  expect(await readManifest(file)).toEqual(manifest);
  await unpack(file, manifest, target);
  expectRestored();
});

test('a socket that a notary left is in neither the manifest nor the archive', async () => {
  const server = createServer().listen(join(stateDir, 'keys', 'lock'));
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    const manifest = await packed();
    await unpack(file, manifest, target);
  } finally {
    server.close();
  }
  expect(readdirSync(join(target, 'keys'))).not.toContain('lock');
});

test.each(['beginning', 'middle', 'end'])('an archive that is damaged in its %s is refused', async (place) => {
  const manifest = await packed();
  const bytes = readFileSync(file);
  const at = { beginning: 20, middle: Math.floor(bytes.length / 2), end: bytes.length - 6 }[place] ?? 0;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at);
  writeFileSync(file, bytes);
  await expect(readManifest(file)).rejects.toMatchObject({ code: 'SNAPSHOT_BROKEN' });
  await expect(unpack(file, manifest, target)).rejects.toMatchObject({ code: 'SNAPSHOT_BROKEN' });
});

test.each([0, 10, 0.5, 0.99, -9, -1])('an archive that was cut short (%d) is refused', async (length) => {
  await packed();
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.subarray(0, length > 0 && length < 1 ? Math.floor(bytes.length * length) : length));
  await expect(readManifest(file)).rejects.toMatchObject({ code: 'SNAPSHOT_BROKEN' });
});

test('what is no archive is refused, and an archive without a manifest is foreign', async () => {
  writeFileSync(file, 'no archive at all');
  await expect(readManifest(file)).rejects.toMatchObject({ code: 'SNAPSHOT_BROKEN' });
  spawnSync('tar', ['-czf', file, '-C', stateDir, 'keys']);
  await expect(readManifest(file)).rejects.toMatchObject({ code: 'SNAPSHOT_FOREIGN' });
});

test('links, and names that lead elsewhere, are refused, and nothing is written there', async () => {
  const outside = join(folder, 'outside');
  mkdirSync(outside);
  const manifest = await withManifest();
  const refused = async (...parameters: readonly string[]): Promise<void> => {
    rmSync(target, { recursive: true });
    mkdirSync(target);
    expect(spawnSync('tar', ['-cPzf', file, '-C', stateDir, ...parameters]).status).toBe(0);
    await expect(unpack(file, manifest, target)).rejects.toMatchObject({ code: 'SNAPSHOT_BROKEN' });
    expect(readdirSync(outside)).toEqual([]);
  };
  await refused('--transform=s,^keys/own,../outside/own,', 'keys/own');
  await refused(`--transform=s,^keys,${outside},`, 'keys/own');
  symlinkSync(outside, join(stateDir, 'link'));
  await refused('link');
  await refused('--transform=s,^keys,link,', 'link', 'keys/own');
});

test('a full disk is told as such, both when packing and when unpacking', async () => {
  await withManifest();
  await expect(pack('/dev/full', stateDir, join('growing', manifestName), ['keys'])).rejects.toMatchObject({
    code: 'ENOSPC',
  });
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  await expect(reading(file, () => Promise.reject(full))).rejects.toBe(full);
});
