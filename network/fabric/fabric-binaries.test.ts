// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runTool } from '../drivers/driver/run-tool';
import type { ProgressEvent } from '../runtime/progress';
import { fabricBinaries, fabricCaBinaries, type FabricBinaries, type FabricCaBinaries } from './fabric-binaries';

const caPrograms = ['fabric-ca-server', 'fabric-ca-client'];
const programNames = ['peer', 'orderer', 'configtxgen', 'cryptogen', 'osnadmin', 'discover'];
let folder: string;
let events: ProgressEvent[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gridpeg-fabric-'));
  events = [];
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A folder of programs of which `peer` says it has that version. */
function programs(name: string, version: string, left = programNames): string {
  const bin = join(folder, name);
  mkdirSync(bin);
  for (const program of left) {
    writeFileSync(join(bin, program), `#!/bin/sh\necho 'peer:'; echo ' Version: ${version}'\n`, { mode: 0o700 });
  }
  return bin;
}

/** A program called go that writes what it was asked to build, or fails with a message. */
function fakeGo(failure = ''): string {
  const bin = join(folder, 'go-bin');
  mkdirSync(bin);
  const build = `while [ "$1" != -o ]; do shift; done
out=$2; shift 2; for p in "$@"; do echo '#!/bin/sh' >"$out$(basename "$p")"; chmod 700 "$out$(basename "$p")"; done`;
  const body = failure === '' ? build : `echo '${failure}' >&2; exit 1`;
  const versionReply = `[ "$1" = version ] && exit 0
if [ "$1" = env ]; then echo '{"GOPROXY": "https://proxy.example", "GOARCH": "s390x"}'; exit 0; fi
env >"${join(folder, 'go-environment')}"`;
  writeFileSync(join(bin, 'go'), `#!/bin/sh\n${versionReply}\n${body}\n`, { mode: 0o700 });
  return bin;
}

interface Found {
  readonly fabricBin?: string;
  readonly path?: readonly string[];
  readonly compiler?: string;
}

function search({ fabricBin, path = [], compiler }: Found): Parameters<typeof fabricBinaries>[0] {
  return {
    fabricBin,
    environment: { PATH: [...path, '/usr/bin', '/bin'].join(':'), CC: compiler },
    cacheDir: join(folder, 'cache'),
    run: runTool,
    onProgress: (event) => events.push(event),
  };
}

function find(options: Found): Promise<FabricBinaries> {
  return fabricBinaries(search(options));
}

function findCa(options: Found): Promise<FabricCaBinaries> {
  return fabricCaBinaries(search(options));
}

test('a folder named by the user is used before PATH', async () => {
  const named = programs('named', 'v3.1.1');
  const { peer } = await find({ fabricBin: named, path: [programs('path', 'v3.1.4')] });
  expect(peer).toBe(join(named, 'peer'));
});

test('a folder named by the user with a build that has no version is used', async () => {
  const named = programs('named', 'latest');
  expect((await find({ fabricBin: named })).osnadmin).toBe(join(named, 'osnadmin'));
});

test('a folder named by the user with an old version is an error', async () => {
  const fabricBin = programs('named', 'v2.5.12');
  await expect(find({ fabricBin })).rejects.toMatchObject({ code: 'FABRIC_BINARY_VERSION' });
});

test('a folder named by the user that lacks a program is an error', async () => {
  const fabricBin = programs('named', 'v3.1.4', programNames.slice(1));
  await expect(find({ fabricBin })).rejects.toMatchObject({ code: 'FABRIC_BINARY_MISSING' });
});

test('programs on PATH are used if they are new enough', async () => {
  const path = programs('path', 'v3.2.0');
  expect((await find({ path: [path] })).cryptogen).toBe(join(path, 'cryptogen'));
});

test('old programs on PATH are passed over with a notice, and Fabric is built once', async () => {
  const path = [programs('path', 'v2.5.12'), fakeGo()];
  const { peer } = await find({ path });
  expect(peer.startsWith(join(folder, 'cache', 'fabric', 'v'))).toBe(true);
  expect(events.some(({ detail }) => detail?.includes('v2.5.12') === true)).toBe(true);
  events = [];
  expect((await find({ path })).peer).toBe(peer);
  expect(events.some(({ step }) => step.startsWith('build'))).toBe(false);
});

test('what an interrupted build left behind is not taken for a build', async () => {
  const path = [fakeGo()];
  const { peer } = await find({ path });
  const version = peer.split('/').at(-3) ?? '';
  rmSync(join(folder, 'cache', 'fabric', version), { recursive: true });
  mkdirSync(join(folder, 'cache', 'fabric', `${version}.partial`, 'bin'), { recursive: true });
  expect(existsSync((await find({ path })).peer)).toBe(true);
  expect(readdirSync(join(folder, 'cache', 'fabric'))).toEqual([version]);
});

test("Go builds for this machine, whatever the caller's settings for programs of his own are", async () => {
  const asked = search({ path: [fakeGo()] });
  const strange = {
    ...{ GOOS: 'plan9', GOARCH: 'arm', GOARM: '5', GOAMD64: 'v4', GOFLAGS: '-race', GOEXPERIMENT: 'nonsense' },
    ...{ GOTOOLCHAIN: 'go1.2', GOENV: '/nowhere', GOWORK: '/nowhere', GOROOT: '/nowhere', GO111MODULE: 'off' },
    ...{ CGO_ENABLED: '1', CGO_CFLAGS: '-m32', GODEBUG: 'x=1' },
  };
  await fabricBinaries({ ...asked, environment: { ...asked.environment, ...strange, HTTPS_PROXY: 'http://p' } });
  const lines = readFileSync(join(folder, 'go-environment'), 'utf8').split('\n');
  expect(lines.filter((line) => /^(GO|CGO)/.test(line)).sort()).toEqual([
    ...['CGO_ENABLED=0', 'GOENV=off', 'GOPROXY=https://proxy.example', 'GOTOOLCHAIN=auto', 'GOWORK=off'],
  ]);
  expect(lines).toContain('HTTPS_PROXY=http://p');
});

test('what was built and does not run is not kept, and what does not run in the cache is built again', async () => {
  const path = [fakeGo()];
  const { peer, orderer } = await find({ path });
  for (const program of [peer, orderer]) {
    writeFileSync(program, '\x7fELF for another processor', { mode: 0o700 });
    events = [];
    expect((await find({ path })).peer).toBe(peer);
    expect(events.some(({ step }) => step.startsWith('build'))).toBe(true);
    expect(readFileSync(program, 'utf8')).toContain('#!/bin/sh');
  }
  const go = join(path[0]!, 'go');
  writeFileSync(go, readFileSync(go, 'utf8').replace("'#!/bin/sh'", "'\x7fELF for another processor'"));
  writeFileSync(peer, '', { mode: 0o700 });
  rmSync(orderer);
  await expect(find({ path })).rejects.toMatchObject({ code: 'FABRIC_BUILD_FAILED' });
});

test('without Go the error says what to install', async () => {
  await expect(find({})).rejects.toMatchObject({ code: 'GO_MISSING' });
});

test('a Go that is too old is told apart from a build that fails', async () => {
  const path = [fakeGo('go: go.mod requires go >= 1.26.1 (running go 1.25.0; GOTOOLCHAIN=local)')];
  await expect(find({ path })).rejects.toMatchObject({ code: 'GO_VERSION' });
});

test('a build that fails shows what Go said', async () => {
  const path = [fakeGo('dial tcp: no route to host')];
  await expect(find({ path })).rejects.toMatchObject({
    code: 'FABRIC_BUILD_FAILED',
    details: { output: expect.stringContaining('no route to host') as string },
  });
});

test('programs of Fabric CA are found in the named folder, else on PATH, else built', async () => {
  const named = programs('named', 'v1.5.12', caPrograms);
  const path = [programs('path', 'v1.5.15', caPrograms)];
  const withoutThem = programs('fabric', 'v3.1.4');
  expect((await findCa({ fabricBin: named, path }))['fabric-ca-server']).toBe(join(named, 'fabric-ca-server'));
  expect((await findCa({ fabricBin: withoutThem, path }))['fabric-ca-client']).toMatch(/path.fabric-ca-client$/);
  const built = await findCa({ path: [fakeGo()], compiler: 'true' });
  expect(built['fabric-ca-server'].startsWith(join(folder, 'cache', 'fabric-ca', 'v1.5.15'))).toBe(true);
});

test('old programs of Fabric CA in the named folder are an error', async () => {
  const fabricBin = programs('named', 'v1.4.9', caPrograms);
  await expect(findCa({ fabricBin })).rejects.toMatchObject({ code: 'FABRIC_BINARY_VERSION' });
});

test('without a C compiler Fabric CA is not built, and the error says what to install', async () => {
  const missing = findCa({ path: [fakeGo()], compiler: join(folder, 'no-such-compiler') });
  await expect(missing).rejects.toMatchObject({ code: 'C_COMPILER_MISSING' });
});
