// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Driver, ToolCall, ToolResult } from '../drivers/driver/driver';
import { FabricCommands } from '../nodes/fabric-commands';
import { chainNamed, peersOf, type Deployment, type Plan } from '../state/plan';
import { claimStateFolder } from '../state/state-folder';
import { builtInTopology, loadTopology } from '../topology/load-topology';
import { deployOnChain } from './chaincode-deployment';
import { parseCollections } from './collections';

const topology = loadTopology(builtInTopology('dev'));
const collections = parseCollections(
  [{ name: 'tariffs', policy: "OR('MicrogridMSP.member')", requiredPeerCount: 0, maxPeerCount: 2 }],
  'collections',
);
const definition: Deployment = {
  chain: 'microgrid',
  name: 'microgrid',
  version: '1.0',
  sequence: 1,
  path: '/chaincode',
  policy: "OR('MicrogridMSP.peer')",
};
let stateDir: string;

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'gridpeg-test-'));
  claimStateFolder(stateDir);
});
afterEach(() => {
  rmSync(stateDir, { recursive: true });
});

/** Deploys, and returns the file of collections that each approval and each commit received, if any. */
async function collectionsGiven(deployment: Deployment): Promise<Record<string, readonly (string | undefined)[]>> {
  const seen: Record<'approveformyorg' | 'commit', (string | undefined)[]> = { approveformyorg: [], commit: [] };
  const run = ({ command }: ToolCall): Promise<ToolResult> => {
    const file = command[command.indexOf('--collections-config') + 1];
    const content = command.includes('--collections-config') ? readFileSync(file ?? '', 'utf8') : undefined;
    for (const step of ['approveformyorg', 'commit'] as const) if (command[3] === step) seen[step].push(content);
    return Promise.resolve({ status: 0, output: '', log: '' });
  };
  const binary = process.execPath;
  const binaries = { peer: binary, orderer: binary, configtxgen: binary, cryptogen: binary, osnadmin: binary };
  const chains = topology.chains.flatMap((chain) => [
    ...chain.ordering.orderers.map((orderer) => `${orderer}.${chain.ordering.domain}`),
    ...peersOf({ topology }, chain).map(({ node }) => node),
  ]);
  const plan: Plan = {
    format: 1,
    driver: 'native',
    topology,
    searchPath: '',
    binaries: { ...binaries, discover: binary },
    ports: Object.fromEntries(chains.map((node, index) => [node, { listen: 7000 + index }])),
    deployments: [deployment],
  };
  const driver = { run } as unknown as Driver;
  await deployOnChain({ stateDir, plan, driver, commands: new FabricCommands(stateDir, plan, driver) }, deployment);
  expect(seen.approveformyorg).toHaveLength(chainNamed(plan, 'microgrid').members.length);
  return seen;
}

test('every organization approves, and one commits, the same bytes of a collection configuration', async () => {
  const { approveformyorg = [], commit = [] } = await collectionsGiven({ ...definition, collections });
  expect(new Set([...approveformyorg, ...commit]).size).toBe(1);
  expect(commit).toHaveLength(1);
  expect(JSON.parse(commit[0] ?? '')).toEqual(collections);
});

test('an upgrade gives the collections of its own sequence', async () => {
  await collectionsGiven({ ...definition, collections });
  const wider = parseCollections([{ ...collections[0], maxPeerCount: 5 }], 'collections');
  const { commit = [] } = await collectionsGiven({ ...definition, version: '2.0', sequence: 2, collections: wider });
  expect(JSON.parse(commit[0] ?? '')).toEqual(wider);
});

test.each([undefined, []])('a chaincode without collections (%j) is defined without a configuration', async (none) => {
  const { approveformyorg = [], commit } = await collectionsGiven({ ...definition, collections: none });
  expect(new Set(approveformyorg)).toEqual(new Set([undefined]));
  expect(commit).toEqual([undefined]);
});
