// SPDX-License-Identifier: Apache-2.0

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { NodeSpec } from '../driver/driver';
import { ContainerEngine, findContainerCommands } from './container-engine';
import { Images } from './images';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gridpeg-engine-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A command that does as the shell text says. */
function program(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o700);
  return file;
}

test('a command that cannot be run is told', async () => {
  const finding = findContainerCommands({ CONTAINER_CLI: join(folder, 'none') });
  await expect(finding).rejects.toMatchObject({ code: 'CONTAINER_CLI_MISSING' });
});

test('an engine that does not answer is told, with what its command says', async () => {
  const cli = program('docker', '[ "$1" = --version ] || { echo "Cannot connect" >&2; exit 1; }');
  const finding = findContainerCommands({ CONTAINER_CLI: cli });
  await expect(finding).rejects.toMatchObject({ code: 'CONTAINER_ENGINE_DOWN', details: { output: 'Cannot connect' } });
});

test('Compose that is missing is told by what was tried', async () => {
  const cli = program('docker', '[ "$1" != compose ]');
  const finding = findContainerCommands({ CONTAINER_CLI: cli, CONTAINER_CLI_COMPOSE: join(folder, 'none') });
  await expect(finding).rejects.toMatchObject({ code: 'COMPOSE_MISSING' });
  await expect(finding).rejects.toThrow(join(folder, 'none'));
});

test('the commands that the samples name are taken, with their arguments; Compose v2 comes first', async () => {
  const cli = program('docker', 'exit 0');
  expect(await findContainerCommands({ CONTAINER_CLI: cli, CONTAINER_CLI_COMPOSE: `${cli} compose-v1` })).toEqual({
    cli: [cli],
    compose: [cli, 'compose-v1'],
  });
  expect(await findContainerCommands({ CONTAINER_CLI: cli })).toEqual({ cli: [cli], compose: [cli, 'compose'] });
});

test('a command that fails is told with its last line, not with gRPC text alone', async () => {
  const cli = program('docker', 'echo "rpc error: desc = no space left on device" >&2; exit 125');
  const engine = new ContainerEngine(folder, { cli: [cli], compose: [cli] });
  for (const ask of [() => engine.must(['ps', '--all']), () => engine.compose(['up', '--detach'])]) {
    await expect(ask()).rejects.toMatchObject({
      code: 'CONTAINER_COMMAND_FAILED',
      message: expect.stringMatching(/^"[a-z ]+" failed: .* device\. Look at the engine .*\.$/) as string,
    });
  }
});

test('an engine that was stopped later is told as such by whatever asks it next', async () => {
  const said = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';
  const cli = program('docker', `echo "${said}" >&2; exit 1`);
  const engine = new ContainerEngine(folder, { cli: [cli], compose: [cli] });
  for (const ask of [() => engine.must(['ps', '--all']), () => engine.compose(['up', '--detach'])]) {
    await expect(ask()).rejects.toMatchObject({ code: 'CONTAINER_ENGINE_DOWN', details: { output: said } });
  }
});

test('the log of a container is told in the order of its lines, and followed until the end', async () => {
  const cli = program('docker', 'echo "$@"; echo one; echo two >&2; case "$*" in *--follow*) sleep 60;; esac');
  const engine = new ContainerEngine(folder, { cli: [cli], compose: [cli] });
  const all: string[] = [];
  for await (const piece of engine.logs('box', { lines: 7 })) all.push(piece);
  expect(all).toEqual(['logs --tail 7 box\none\ntwo']);
  const stop = new AbortController();
  const followed: string[] = [];
  for await (const piece of engine.logs('box', { lines: 7, follow: stop.signal })) {
    followed.push(...piece.split('\n'));
    if (followed.length === 3) stop.abort();
  }
  expect(followed).toEqual(['logs --tail 7 --follow box', 'one', 'two']);
});

test('an image that the engine does not have is pulled', async () => {
  const log = join(folder, 'calls');
  const peer = program('peer', 'echo " Version: v3.1.4"');
  const spec: NodeSpec = {
    ...{ name: 'peer0.a.example.com', kind: 'peer', organization: 'AMSP', cwd: folder, ports: {} },
    command: [peer, 'node', 'start'],
    env: { PATH: '/usr/bin:/bin' },
  };
  const pulls = program('pulls', `echo "$@" >>${log}; [ "$1" != image ]`);
  const images = new Images(new ContainerEngine(folder, { cli: [pulls], compose: [pulls] }));
  expect(await images.imageOf(spec)).toEqual({
    image: 'hyperledger/fabric-peer:3.1.4',
    command: ['peer', 'node', 'start'],
  });
  expect(readFileSync(log, 'utf8')).toContain('pull --quiet hyperledger/fabric-peer:3.1.4');
});

test("an image of the user's own, by the official name, is taken as it is", async () => {
  const log = join(folder, 'calls');
  const has = program('has', `echo "$@" >>${log}`);
  const images = new Images(new ContainerEngine(folder, { cli: [has], compose: [has] }));
  const asked = await images.imageOf({
    ...{ name: 'a', kind: 'orderer', organization: 'AMSP', cwd: folder, ports: {} },
    command: [program('orderer', 'echo " Version: v3.1.4"')],
    env: {},
  });
  expect(asked).toEqual({ image: 'hyperledger/fabric-orderer:3.1.4', command: ['orderer'] });
  expect(readFileSync(log, 'utf8')).not.toContain('pull');
});

test('a certificate authority has the official image of Fabric CA, by the release of its program', async () => {
  const cli = program('docker', 'exit 0');
  const server = program('fabric-ca-server', 'printf "fabric-ca-server:\\n Version: v1.5.15\\n"');
  const asking = new Images(new ContainerEngine(folder, { cli: [cli], compose: [cli] })).imageOf({
    ...{ name: 'ca.a.example.com', kind: 'ca', organization: 'AMSP', cwd: folder, ports: {} },
    command: [server, 'start'],
    env: { PATH: '/usr/bin:/bin' },
  });
  expect(await asking).toEqual({ image: 'hyperledger/fabric-ca:1.5.15', command: ['fabric-ca-server', 'start'] });
});

test('Compose waits for the engine as long as it may take itself', async () => {
  const said = join(folder, 'said');
  const cli = program('docker-compose', `echo "$COMPOSE_HTTP_TIMEOUT $*" >>${said}`);
  await new ContainerEngine(folder, { cli: [cli], compose: [cli] }).compose(['up', 'a b']);
  expect(readFileSync(said, 'utf8')).toBe('300 up a b\n');
});

test('an image that is not there and cannot be pulled is told', async () => {
  const cli = program('docker', 'echo "no space left" >&2; exit 1');
  const images = new Images(new ContainerEngine(folder, { cli: [cli], compose: [cli] }));
  const peer = program('peer', 'echo " Version: v3.1.4"');
  const asking = images.imageOf({
    ...{ name: 'a', kind: 'peer', organization: 'AMSP', cwd: folder, ports: {} },
    command: [peer],
    env: { PATH: '/usr/bin:/bin' },
  });
  await expect(asking).rejects.toMatchObject({ code: 'IMAGE_BUILD_FAILED', details: { output: 'no space left' } });
});
