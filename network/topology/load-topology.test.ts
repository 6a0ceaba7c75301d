// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';

import { NetworkError } from '../network-error';
import { builtInTopology, loadTopology, parseTopology } from './load-topology';

const file = builtInTopology('dev');
const text = readFileSync(file, 'utf8');

function faultOf(changed: string): NetworkError {
  try {
    parseTopology(changed, 'x.yaml');
  } catch (error) {
    if (error instanceof NetworkError) return error;
    throw error;
  }
  throw new Error('expected a fault');
}

function lineOf(part: string, changed: string): number {
  return changed.split('\n').findIndex((line) => line.includes(part)) + 1;
}

test('the dev topology gives every organization one peer for each chain it is a member of', () => {
  const { organizations, chains } = loadTopology(file);
  for (const organization of organizations) {
    const memberOf = chains.filter(({ members }) => members.includes(organization.mspId)).map(({ name }) => name);
    expect(organization.peers.map(({ chain }) => chain).sort()).toEqual([...memberOf].sort());
  }
});

test('the dev topology keeps the utility out of the side chains', () => {
  const { chains } = loadTopology(file);
  expect(chains.filter(({ members }) => members.includes('GridMSP')).map(({ name }) => name)).toEqual(['city']);
});

test('the dev topology has a lane for each directed pair of chains', () => {
  const { peg } = loadTopology(file);
  expect(peg.lanes.map(({ source, destination }) => `${source}-${destination}`)).toEqual(peg.lanes.map(({ id }) => id));
  expect(new Set(peg.lanes.map(({ id }) => id)).size).toBe(6);
});

test.each([
  ['a member that does not exist', 'members: [GridMSP, ', 'members: [NobodyMSP, ', 'allowed here: GridMSP'],
  ['a lane to a chain that does not exist', 'destination: microgrid', 'destination: moon', 'allowed here: city'],
  ['an asset that does not exist', 'assets: [city/energy]', 'assets: [city/gold]', 'allowed here: city/energy'],
  ['a quantity that is no string', "maximumQuantity: '1000000000000'", 'maximumQuantity: 1000000000000', 'string'],
  ['a threshold that two disjoint quorums could reach', 'threshold: 3', 'threshold: 2', 'more than half of 4'],
  ['a consensus that is not built', 'consensus: etcdraft', 'consensus: BFT', 'etcdraft'],
  ['a key that means nothing', 'batchTimeout: 100ms', 'batchTimeOut: 100ms', 'batchTimeOut'],
  [
    'more endorsing organizations than members',
    'endorsement: majority',
    'endorsement: { organizations: 9 }',
    'at most 4',
  ],
  ['more proving organizations than members', 'city: { organizations: 3 }', 'city: { organizations: 5 }', 'at most 4'],
])('a topology with %s is refused with its line and what is allowed', (_title, before, after, allowed) => {
  const changed = text.replace(before, after);
  const fault = faultOf(changed);
  expect(fault.code).toBe('TOPOLOGY_INVALID');
  expect(fault.detail).toContain(`x.yaml:${String(lineOf(after, changed))}: `);
  expect(fault.detail).toContain(allowed);
});

test('a chain without a peer of one of its members is refused', () => {
  const fault = faultOf(text.replace('      - { name: peer1, chain: microgrid }\n', ''));
  expect(fault.detail).toContain('has no peer for chain "microgrid"');
});

test('a name that is there twice is refused', () => {
  const fault = faultOf(text.replace('name: Microgrid\n', 'name: Grid\n'));
  expect(fault.detail).toContain('"grid" is there already');
});

test('text that is not YAML is refused with its line', () => {
  expect(faultOf('name: dev\nchains: [').message).toMatch(/^x\.yaml:2: /);
});

test('an empty text is refused', () => {
  expect(faultOf('').code).toBe('TOPOLOGY_INVALID');
});

test('a file that is not there is refused by its name', () => {
  expect(() => loadTopology('/nowhere/topology.yaml')).toThrow('/nowhere/topology.yaml cannot be read');
});
