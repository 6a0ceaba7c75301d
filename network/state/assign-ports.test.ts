// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { genesisFile } from '../render/layout';
import { builtInTopology, loadTopology } from '../topology/load-topology';
import { assignPorts } from './assign-ports';
import type { Plan } from './plan';

const peerNode = 'peer0.grid.example.com';
const topology = loadTopology(builtInTopology('dev'));
let stateDir: string;
let stranger: Server | undefined;

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'gridpeg-ports-'));
});

afterEach(() => {
  stranger?.close();
  stranger = undefined;
  rmSync(stateDir, { recursive: true });
});

function plan(ports: Plan['ports'] = {}): Plan {
  const deployments = [{ chain: 'city', name: 'city', version: '1.0', sequence: 1, path: '/x', policy: 'x' }];
  const binaries = { peer: '', orderer: '', configtxgen: '', cryptogen: '', osnadmin: '', discover: '' };
  return { format: 1, driver: 'native', topology, searchPath: '', binaries, ports, deployments };
}

function occupy(port: number): Promise<void> {
  return new Promise((resolve) => {
    stranger = createServer().listen(port, '127.0.0.1', resolve);
  });
}

function mutable(ports: Awaited<ReturnType<typeof assignPorts>>): Plan['ports'] {
  return Object.fromEntries(Object.entries(ports).map(([node, own]) => [node, { ...own }]));
}

test('every node gets ports of its own', async () => {
  const ports = Object.values(await assignPorts(stateDir, plan(), new Set())).flatMap((own) => Object.values(own));
  expect(ports).toHaveLength(3 * 3 + 10 * 2 + 4);
  expect(new Set(ports).size).toBe(ports.length);
});

test('ports that are free are kept', async () => {
  const first = mutable(await assignPorts(stateDir, plan(), new Set()));
  expect(await assignPorts(stateDir, plan(first), new Set())).toEqual(first);
});

test('a port that another program has taken is moved while no genesis block names it', async () => {
  const first = mutable(await assignPorts(stateDir, plan(), new Set()));
  await occupy(first[peerNode]?.['listen'] ?? 0);
  const second = await assignPorts(stateDir, plan(first), new Set());
  expect(second[peerNode]?.['listen']).not.toBe(first[peerNode]?.['listen']);
  expect(second[peerNode]?.['operations']).toBe(first[peerNode]?.['operations']);
});

test('a port that a genesis block names is kept', async () => {
  const first = mutable(await assignPorts(stateDir, plan(), new Set()));
  const block = genesisFile(stateDir, 'city');
  mkdirSync(dirname(block));
  writeFileSync(block, '');
  await occupy(first[peerNode]?.['listen'] ?? 0);
  expect(await assignPorts(stateDir, plan(first), new Set())).toEqual(first);
});

test('a port in use by its own living node is kept', async () => {
  const first = mutable(await assignPorts(stateDir, plan(), new Set()));
  await occupy(first[peerNode]?.['operations'] ?? 0);
  expect(await assignPorts(stateDir, plan(first), new Set([peerNode]))).toEqual(first);
});
