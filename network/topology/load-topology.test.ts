// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';

import { faultOf } from './testing/fault-of';
import { builtInTopology, loadTopology, parseTopology } from './load-topology';

const file = builtInTopology('dev');
const text = readFileSync(file, 'utf8');

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

test('text that is not YAML is refused with its line', () => {
  expect(faultOf('name: dev\nchains: [').message).toMatch(/^x\.yaml:2: /);
});

test('an empty text is refused', () => {
  expect(faultOf('').code).toBe('TOPOLOGY_INVALID');
});

test('a file that is not there is refused by its name', () => {
  expect(() => loadTopology('/nowhere/topology.yaml')).toThrow('/nowhere/topology.yaml cannot be read');
});

test('an anchor that is not there is refused with the line that names it', () => {
  expect(faultOf(text.replace('users: *users', 'users: *nobody')).message).toMatch(/^x\.yaml:21: .*nobody/);
});

test('mappings may be merged, as in the files of Fabric', () => {
  const merged = text.replace(
    '      source: microgrid\n      destination: city\n      custody: federation\n' +
      "      assets: [city/energy]\n      maximumQuantity: '1000000000000'",
    '      <<: *rules\n      source: microgrid\n      destination: city',
  );
  const anchored = merged.replace('- id: city-microgrid', '- &rules\n      id: city-microgrid');
  expect(anchored).toContain('<<: *rules');
  expect(parseTopology(anchored, 'x.yaml')).toEqual(loadTopology(file));
});

test('every topology that comes with the package is valid', () => {
  for (const name of ['dev', 'bft', 'transfer', 'test-network'])
    expect(loadTopology(builtInTopology(name)).name).toBe(name);
});

test('the bft topology differs from dev in the ordering of the city only', () => {
  const [dev, bft] = [loadTopology(file), loadTopology(builtInTopology('bft'))];
  const [city, ...sides] = bft.chains;
  expect(city?.ordering).toMatchObject({
    consensus: 'BFT',
    orderers: ['orderer0', 'orderer1', 'orderer2', 'orderer3'],
  });
  expect({ ...bft, name: 'dev', chains: [{ ...city, ordering: dev.chains[0]?.ordering }, ...sides] }).toEqual(dev);
});

test('in the transfer topology value gets from the city to the microgrid through the transfer chain, and back', () => {
  const ids = loadTopology(builtInTopology('transfer')).peg.lanes.map(({ id }) => id);
  expect(ids).toEqual(
    expect.arrayContaining(['city-transfer', 'transfer-microgrid', 'microgrid-transfer', 'transfer-city']),
  );
  expect(ids).not.toContain('city-microgrid');
});

test('test-network maps every role on two organizations that are members of all chains and must both agree', () => {
  const { organizations, chains, peg } = loadTopology(builtInTopology('test-network'));
  const members = organizations.map(({ mspId }) => mspId);
  expect(members).toEqual(['Org1MSP', 'Org2MSP']);
  for (const chain of chains) expect(chain.members).toEqual(members);
  for (const { chaincode } of chains) expect(chaincode.endorsement).toEqual({ organizations: 2 });
  expect(peg.committee).toEqual({ threshold: 2, notaries: members });
  expect(Object.values(peg.proofPolicy)).toEqual(chains.map(() => ({ organizations: 2 })));
});

test('a chaincode may have private data collections, which are checked with their line', () => {
  const collection = '{ name: tariffs, policy: "OR(\'MicrogridMSP.member\')", requiredPeerCount: 0, maxPeerCount: 1 }';
  const path = 'path: chaincode/microgrid';
  const changed = text.replace(path, `${path}, collections: [${collection}]`);
  expect(parseTopology(changed, 'x.yaml').chains.map(({ chaincode }) => chaincode.collections?.length)).toContain(1);
  const fault = faultOf(changed.replace('requiredPeerCount: 0', 'requiredPeerCount: 2'));
  expect(fault.output).toMatch(/^x\.yaml:\d+: chains\.\d\.chaincode\.collections\.0\.maxPeerCount: at least/m);
  expect(faultOf(changed.replace('maxPeerCount', 'maxPeers')).output).toContain('no key "maxPeers" belongs here');
});

test.each([
  ['an organization that is not there', 'utility: GridMSP', 'utility: MoonMSP'],
  ['a user who is not there', 'utility: GridMSP', 'utility: GridMSP/User9'],
])('a part of the day played by %s is refused with its line', (_what, before, after) => {
  const changed = text.replace(before, after);
  const fault = faultOf(changed);
  const line = changed.split('\n').findIndex((each) => each.includes(after)) + 1;
  expect(fault.output).toContain(`x.yaml:${String(line)}: `);
  expect(fault.output).toContain('no such user; allowed here: GridMSP, GridMSP/Admin, GridMSP/User1');
});

test('without a user for its notary an organization uses its operator, and without either it is refused', () => {
  const shared = text.replace('      - { name: User2, role: notary }\n', '');
  expect(() => parseTopology(shared, 'x.yaml')).not.toThrow();
  expect(faultOf(shared.replace('role: operator', 'role: client')).output).toContain(
    'a user of role notary or operator',
  );
});
