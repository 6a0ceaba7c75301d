// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { freePorts } from '../drivers/driver/loopback-port';
import { markedProcesses } from '../drivers/native/marked-processes';
import { endorsementPolicy } from '../topology/endorsement-policy';
import { builtInTopology, loadTopology } from '../topology/load-topology';
import { bringUp } from './bring-up';
import { renewCertificates } from '../certificates/certificates';
import { parseCollections } from '../chaincode/collections';
import { deployChaincode } from '../chaincode/deploy-chaincode';
import { mendState } from '../state/mend-state';
import { readNetwork } from '../state/network-state';
import { networkStatus, pauseNode } from '../nodes/node-control';
import { readPlan, writePlan, type Plan } from '../state/plan';
import { refreshChaincode } from '../chaincode/refresh-chaincode';
import { takeSnapshot } from '../snapshot/snapshot';
import { claimStateFolder } from '../state/state-folder';
import { upgradeChaincode } from '../chaincode/upgrade-chaincode';

const topology = loadTopology(builtInTopology('dev'));
const [chain] = topology.chains;
let stateDir: string;

/** A network that was planned, and of which nothing was started. */
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'gridpeg-state-'));
  claimStateFolder(stateDir);
  const program = process.execPath;
  const binaries = { peer: program, orderer: program, configtxgen: program, cryptogen: program, osnadmin: program };
  writePlan(stateDir, {
    ...{ format: 1, driver: 'native', topology, searchPath: '', ports: {} },
    binaries: { ...binaries, discover: program },
    deployments: [
      {
        ...{ chain: chain!.name, name: 'asset', version: '1.0', sequence: 1, path: stateDir },
        policy: endorsementPolicy('majority', chain!.members),
      },
    ],
  });
});

afterEach(() => {
  rmSync(stateDir, { recursive: true });
});

const write = (file: string, text: string): void => {
  mkdirSync(dirname(join(stateDir, file)), { recursive: true });
  writeFileSync(join(stateDir, file), text);
};

test.each([
  ['{"format":1', 'STATE_UNREADABLE'],
  ['', 'STATE_UNREADABLE'],
  ['\0\0\0', 'STATE_UNREADABLE'],
  ['{"format":2}', 'STATE_VERSION'],
  ['[]', 'STATE_VERSION'],
])('a network.json with %j is %s', (text, code) => {
  write('network.json', text);
  expect(() => readNetwork(stateDir)).toThrow(expect.objectContaining({ code }) as Error);
});

test('the plan of an earlier version, with one issuer, is STATE_VERSION, which says to use that version', async () => {
  const plan = JSON.parse(readFileSync(join(stateDir, 'plan.json'), 'utf8')) as Plan;
  const assets = plan.topology.peg.assets.map(({ issuers, ...asset }) => ({ ...asset, issuer: issuers[0] }));
  const text = JSON.stringify({ ...plan, topology: { ...plan.topology, peg: { ...plan.topology.peg, assets } } });
  write('plan.json', text);
  const refused = { code: 'STATE_VERSION', message: expect.stringMatching(/issuers.+Use that version/) as string };
  await expect(networkStatus({ stateDir })).rejects.toMatchObject(refused);
  await expect(mendState({ stateDir })).resolves.toEqual([]);
  expect(readFileSync(join(stateDir, 'plan.json'), 'utf8')).toBe(text);
});

test('a damaged plan is STATE_UNREADABLE, whatever is asked', async () => {
  write('plan.json', '{');
  await expect(networkStatus({ stateDir })).rejects.toMatchObject({ code: 'STATE_UNREADABLE' });
});

test('another chaincode of the same name and another policy is CHAINCODE_DEFINITION_DIFFERS', async () => {
  const wanted = { stateDir, chain: chain!.name, name: 'asset', path: stateDir, endorsement: { organizations: 1 } };
  await expect(deployChaincode(wanted)).rejects.toMatchObject({ code: 'CHAINCODE_DEFINITION_DIFFERS' });
});

test('the same chaincode with other private data collections is CHAINCODE_DEFINITION_DIFFERS', async () => {
  const collections = [{ name: 'tariffs', policy: "OR('A.member')", requiredPeerCount: 0, maxPeerCount: 1 }];
  const wanted = { stateDir, chain: chain!.name, name: 'asset', path: stateDir, collections };
  await expect(deployChaincode(wanted)).rejects.toMatchObject({ code: 'CHAINCODE_DEFINITION_DIFFERS' });
});

test('private data collections that Fabric would refuse are COLLECTIONS_INVALID, new or in an upgrade', async () => {
  const tariffs = { name: 'tariffs', policy: "OR('A.member')", requiredPeerCount: 0, maxPeerCount: 1 };
  const twice = { stateDir, chain: chain!.name, name: 'other', path: stateDir, collections: [tariffs, tariffs] };
  await expect(deployChaincode(twice)).rejects.toMatchObject({ code: 'COLLECTIONS_INVALID' });
  const plan = readPlan(stateDir)!;
  const collections = parseCollections([tariffs], 'collections');
  writePlan(stateDir, { ...plan, deployments: plan.deployments.map((each) => ({ ...each, collections })) });
  const dropping = { stateDir, chain: chain!.name, collections: [] };
  await expect(upgradeChaincode(dropping)).rejects.toMatchObject({ code: 'COLLECTIONS_INVALID' });
});

test('chaincode, ledgers and certificates of a network that others run are NETWORK_ATTACHED', async () => {
  writePlan(stateDir, { ...readPlan(stateDir)!, attached: '/samples/test-network', deployments: [] });
  const code = { code: 'NETWORK_ATTACHED' };
  await expect(upgradeChaincode({ stateDir, chain: chain!.name })).rejects.toMatchObject(code);
  await expect(refreshChaincode({ stateDir, inspect: true })).rejects.toMatchObject(code);
  await expect(takeSnapshot({ stateDir, to: dirname(stateDir) })).rejects.toMatchObject(code);
  await expect(renewCertificates({ stateDir })).rejects.toMatchObject(code);
});

test('developing chaincode that runs in containers is DEV_DRIVER_UNSUITABLE', async () => {
  writePlan(stateDir, { ...readPlan(stateDir)!, driver: 'docker' });
  await expect(refreshChaincode({ stateDir, inspect: true })).rejects.toMatchObject({ code: 'DEV_DRIVER_UNSUITABLE' });
});

test('bringing it up with a chain less is TOPOLOGY_CHANGED', async () => {
  const less = { ...topology, chains: topology.chains.slice(1) };
  const given = { stateDir, topology: less, repositoryDir: stateDir, environment: {}, cacheDir: stateDir };
  await expect(bringUp(given)).rejects.toMatchObject({ code: 'TOPOLOGY_CHANGED' });
});

test('pausing what does not run is NODE_NOT_RUNNING', async () => {
  const node = { name: 'notary.a', kind: 'service', organization: 'A', command: ['x'], env: {}, cwd: '/', ports: {} };
  write('nodes/notary.a/node.json', JSON.stringify(node));
  await expect(pauseNode({ stateDir, node: 'notary.a' })).rejects.toMatchObject({ code: 'NODE_NOT_RUNNING' });
});

test('a system without /proc is PLATFORM_UNSUPPORTED', () => {
  const find = (): unknown => markedProcesses(stateDir, join(stateDir, 'proc'));
  expect(find).toThrow(expect.objectContaining({ code: 'PLATFORM_UNSUPPORTED' }) as Error);
});

test('when every port is in use, that is PORT_NONE_FREE', async () => {
  const all = new Set(Array.from({ length: 65_536 }, (_, port) => port));
  await expect(freePorts(stateDir, 1, all)).rejects.toMatchObject({ code: 'PORT_NONE_FREE' });
});
