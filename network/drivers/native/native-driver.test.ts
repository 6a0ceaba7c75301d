// SPDX-License-Identifier: Apache-2.0

/* eslint-disable no-restricted-properties -- libraries read the environment by themselves, so the tests set it */

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { NodeSpec } from '../driver/driver';
import { freePorts } from '../driver/loopback-port';
import { NativeDriver } from './native-driver';

const server = `require('net').createServer().listen(Number(process.env.PORT), '127.0.0.1'); console.log('hello');`;
let stateDir: string;
let driver: NativeDriver;
let port: number;

beforeEach(async () => {
  stateDir = realpathSync(mkdtempSync(join(tmpdir(), 'gridpeg-driver-')));
  driver = new NativeDriver(stateDir);
  [port = 0] = await freePorts(stateDir, 1, new Set());
});

afterEach(async () => {
  await driver.killAll();
  rmSync(stateDir, { recursive: true });
});

function node(script = server): NodeSpec {
  return {
    name: 'a',
    kind: 'service',
    organization: 'AMSP',
    command: [process.execPath, '-e', script],
    env: { PORT: String(port) },
    cwd: stateDir,
    ports: { listen: port },
  };
}

test('a node is started once, listens, and writes its log', async () => {
  await driver.start(node());
  const first = (await driver.status()).get('a');
  expect(first).toMatchObject({ state: 'running', residentBytes: expect.any(Number) as number });
  await driver.start(node());
  expect((await driver.status()).get('a')?.pid).toBe(first?.pid);
  expect((await driver.logs('a', { lines: 5 }).next()).value).toBe('hello');
});

test('a driver that did not start a node finds it', async () => {
  await driver.start(node());
  expect((await new NativeDriver(stateDir).status()).has('a')).toBe(true);
});

test('a paused node is told from a running one, and goes on', async () => {
  await driver.start(node());
  await driver.pause('a');
  expect((await driver.status()).get('a')?.state).toBe('paused');
  await driver.resume('a');
  expect((await driver.status()).get('a')?.state).toBe('running');
});

test('a paused node can be stopped', async () => {
  await driver.start(node());
  await driver.pause('a');
  await driver.stop('a');
  expect((await driver.status()).has('a')).toBe(false);
});

test('a node that ends while starting is reported with its last words', async () => {
  const failing = node(`console.error('panic: no disk'); process.exit(1);`);
  await expect(driver.start(failing)).rejects.toMatchObject({
    code: 'NODE_DID_NOT_START',
    details: { output: 'panic: no disk' },
  });
});

test("a port that another program has is reported and the program's connection left alone", async () => {
  const stranger = createServer().listen(port, '127.0.0.1');
  await expect(driver.start(node())).rejects.toMatchObject({ code: 'PORT_TAKEN' });
  expect(stranger.listening).toBe(true);
  stranger.close();
});

test('ending everything includes the children of nodes and leaves other networks alone', async () => {
  const other = new NativeDriver(`${stateDir}-other`);
  const child = `require('child_process').spawn('sleep', ['60'], { detached: true }); ${server}`;
  await driver.start(node(child));
  const sleeping = other.run({ command: ['sleep', '60'], env: { PATH: '/usr/bin:/bin' }, cwd: '/' });
  await driver.killAll();
  expect((await driver.status()).size).toBe(0);
  await other.killTools();
  expect((await sleeping).status).toBe(-1);
});

test('a command that does not end is killed and reported', async () => {
  const slow = { command: ['sleep', '60'], env: { PATH: '/usr/bin:/bin' }, cwd: '/', timeoutSeconds: 0.1 };
  await expect(driver.run(slow)).rejects.toMatchObject({ code: 'TOOL_TIMEOUT' });
});

test('nodes and commands inherit nothing of the environment, whatever libraries would read there', async () => {
  const names = ['NODE_OPTIONS', 'https_proxy', 'CORE_PEER_ADDRESS', 'ORDERER_GENERAL_LISTENPORT', 'FABRIC_CFG_PATH'];
  const before = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) process.env[name] = name === 'NODE_OPTIONS' ? '--no-warnings' : 'inherited';
  try {
    const { output } = await driver.run({ command: ['env'], env: { PATH: '/usr/bin:/bin' }, cwd: '/' });
    await driver.start(node(`console.log(Object.keys(process.env).join(' ')); ${server}`));
    const line = await driver.logs('a', { lines: 5 }).next();
    const logged = String(line.value);
    expect(names.filter((name) => output.includes(name) || logged.includes(name))).toEqual([]);
    expect([output, logged]).toEqual([expect.stringContaining('PATH='), expect.stringContaining('PORT')]);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
});
