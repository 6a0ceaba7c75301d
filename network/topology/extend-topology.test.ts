// SPDX-License-Identifier: Apache-2.0

import { extendTopology } from './extend-topology';
import { builtInTopology, loadTopology } from './load-topology';
import type { Topology } from './topology';

const dev = loadTopology(builtInTopology('dev'));

/** dev with the transfer chain and its lanes, written before everything else. */
function withTransferChain(): Topology {
  const transfer = loadTopology(builtInTopology('transfer'));
  const isNew = ({ id }: { readonly id: string }): boolean => id.includes('transfer');
  return {
    ...dev,
    organizations: dev.organizations.map((organization, index) => ({
      ...organization,
      peers: transfer.organizations[index]?.peers ?? [],
    })),
    chains: [...transfer.chains].reverse(),
    peg: {
      ...dev.peg,
      lanes: [...transfer.peg.lanes.filter(isNew), ...dev.peg.lanes],
      proofPolicy: transfer.peg.proofPolicy,
    },
  };
}

test('a chain, its peers and its lanes come after what was there, wherever the file has them', () => {
  const { topology, differences } = extendTopology(dev, withTransferChain());
  expect(differences).toEqual([]);
  expect(topology.chains.map(({ name }) => name)).toEqual(['city', 'microgrid', 'charging', 'transfer']);
  expect(topology.peg.lanes.slice(0, 6)).toEqual(dev.peg.lanes);
  expect(topology.peg.lanes).toHaveLength(10);
  expect(topology.organizations[1]?.peers.map(({ chain }) => chain)).toEqual([
    ...['city', 'microgrid', 'charging', 'transfer'],
  ]);
});

test('the same topology extends nothing', () => {
  expect(extendTopology(dev, dev)).toEqual({ topology: dev, differences: [] });
});

test('a chain that is dropped is a difference', () => {
  const { differences } = extendTopology(withTransferChain(), dev);
  expect(differences.some((line) => /^chains\..*transfer.*: .*the file nothing$/i.test(line))).toBe(true);
});

test.each<[string, Topology, string]>([
  ['another name', { ...dev, name: 'mine' }, 'name: the network has "dev", the file "mine"'],
  [
    'a further member of a chain that is there',
    { ...dev, chains: dev.chains.map((chain) => ({ ...chain, members: [...chain.members, 'FifthMSP'] })) },
    'chains.city.members: the network has ["GridMSP",',
  ],
  [
    'another block time',
    { ...dev, chains: dev.chains.map((chain) => ({ ...chain, ordering: { ...chain.ordering, batchTimeout: '2s' } })) },
    'chains.city.ordering.batchTimeout: the network has "100ms", the file "2s"',
  ],
  [
    'another threshold',
    { ...dev, peg: { ...dev.peg, committee: { ...dev.peg.committee, threshold: 4 } } },
    'peg.committee.threshold: the network has 3, the file 4',
  ],
  [
    'a lane more between chains that are there',
    { ...dev, peg: { ...dev.peg, lanes: [...dev.peg.lanes, { ...dev.peg.lanes[0]!, id: 'second' }] } },
    'peg.lanes.second: the network has nothing, the file it',
  ],
  [
    'an asset more of a chain that is there',
    { ...dev, peg: { ...dev.peg, assets: [...dev.peg.assets, { ...dev.peg.assets[0]!, id: 'city/money' }] } },
    'peg.assets.city/money: the network has nothing, the file it',
  ],
  [
    'another limit of a lane',
    { ...dev, peg: { ...dev.peg, lanes: dev.peg.lanes.map((lane) => ({ ...lane, maximumQuantity: '1' })) } },
    'peg.lanes.city-microgrid.maximumQuantity: the network has "1000000000000", the file "1"',
  ],
])('%s is a difference, told with both values', (_title, wanted, line) => {
  expect(extendTopology(dev, wanted).differences.some((difference) => difference.startsWith(line))).toBe(true);
});
