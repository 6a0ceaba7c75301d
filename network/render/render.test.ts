// SPDX-License-Identifier: Apache-2.0

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { builtInTopology, loadTopology } from '../topology/load-topology';
import type { Topology } from '../topology/topology';
import { authoritiesOf, renderNodeOus } from './authorities';
import { renderCaConfig } from './ca-config';
import { renderConfigtx } from './configtx';
import { renderConnectionProfile } from './connection-profile';
import { renderCoreConfig } from './core-config';
import { renderCryptoConfig } from './crypto-config';
import type { Placement, PortMap } from './layout';
import { renderOrdererConfig } from './orderer-config';

const goldenFolder = join(__dirname, '..', '..', 'render', 'golden');
const renderedStateDir = '/state';
const topology = loadTopology(builtInTopology('dev'));
const ports = portsOf(topology);
const placement = placementOf(ports);

function portsOf(of: Topology): PortMap {
  const { chains, organizations } = of;
  const nodes = [
    ...chains.flatMap(({ ordering }) => ordering.orderers.map((name) => `${name}.${ordering.domain}`)),
    ...organizations.flatMap(({ peers, domain }) => peers.map(({ name }) => `${name}.${domain}`)),
    ...authoritiesOf(of, renderedStateDir).map(({ node }) => node),
  ];
  return Object.fromEntries(
    nodes.map((node, index) => {
      const first = 20_000 + 3 * index;
      return [node, { listen: first, operations: first + 1, admin: first + 2 }];
    }),
  );
}

function placementOf(chosen: PortMap): Placement {
  return { stateDir: renderedStateDir, ports: chosen, bindAddress: '127.0.0.1', hostOf: () => '127.0.0.1' };
}

/** Compares with the committed file; one that was removed is written again, to be looked at and committed. */
function expectGolden(name: string, text: string): void {
  const file = join(goldenFolder, name);
  if (!existsSync(file)) {
    writeFileSync(file, text);
    throw new Error(`${file} was not there and has been written: look at it, commit it, and run the tests again`);
  }
  expect(text).toBe(readFileSync(file, 'utf8'));
}

test('crypto-config.yaml is rendered as committed', () => {
  expectGolden('crypto-config.yaml', renderCryptoConfig(topology));
});

test.each(topology.chains.map((chain) => [chain.name, chain] as const))(
  'configtx.yaml of %s is rendered as committed',
  (name, chain) => {
    expectGolden(`configtx-${name}.yaml`, renderConfigtx(topology, chain, placement));
  },
);

test('configtx.yaml of a chain under SmartBFT is rendered as committed', () => {
  const bft = loadTopology(builtInTopology('bft'));
  const [city] = bft.chains;
  if (city === undefined) throw new Error('no chain');
  expectGolden('configtx-city-bft.yaml', renderConfigtx(bft, city, placementOf(portsOf(bft))));
});

test('core.yaml of a peer is rendered as committed', () => {
  const identity = { mspId: 'GridMSP', domain: 'grid.example.com', peer: 'peer0' };
  expectGolden('core.yaml', renderCoreConfig(identity, placement));
});

test('orderer.yaml of an orderer is rendered as committed', () => {
  const identity = { mspId: 'CityOrdererMSP', domain: 'city-orderer.example.com', orderer: 'orderer0' };
  expectGolden('orderer.yaml', renderOrdererConfig(identity, placement));
});

test("an organization's connection profile is rendered as committed, and says the same in both forms", () => {
  const organization = topology.organizations.find(({ mspId }) => mspId === 'MicrogridMSP');
  if (organization === undefined) throw new Error('no such organization');
  const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  const profile = renderConnectionProfile(topology, organization, ports, pem);
  expectGolden('connection-microgrid.json', profile.json);
  expectGolden('connection-microgrid.yaml', profile.yaml);
  expect(parse(profile.yaml)).toEqual(JSON.parse(profile.json));
});

test("every member's anchor peer is in the genesis block of its chain", () => {
  for (const chain of topology.chains) {
    const text = renderConfigtx(topology, chain, placement);
    expect(text.match(/AnchorPeers:\n +- Host: 127\.0\.0\.1/g)).toHaveLength(chain.members.length);
  }
});

test('every address that a node listens at is on the loopback interface', () => {
  const core = renderCoreConfig({ mspId: 'GridMSP', domain: 'grid.example.com', peer: 'peer0' }, placement);
  const listening = core.split('\n').filter((line) => /listenaddress/i.test(line));
  expect(listening.length).toBeGreaterThanOrEqual(3);
  for (const line of listening) expect(line).toMatch(/127\.0\.0\.1:\d+$/);
  expect(core).not.toContain('0.0.0.0');
});

test.each(['Grid', 'CityOrderer'])(
  "fabric-ca-server-config.yaml of %s's authority is rendered as committed",
  (name) => {
    const authority = authoritiesOf(topology, renderedStateDir).find(({ organization }) => organization === name);
    if (authority === undefined) throw new Error('no such authority');
    const config = renderCaConfig(authority, (identity) => `password of ${identity}`, '8760h', placement);
    expectGolden(`ca-${authority.domain.split('.')[0] ?? ''}.yaml`, config);
  },
);

test('config.yaml of an MSP makes peers, orderers, administrators and clients of their units', () => {
  const { NodeOUs } = parse(renderNodeOus('grid.example.com')) as { readonly NodeOUs: object };
  const unit = (OrganizationalUnitIdentifier: string): object => ({
    Certificate: 'cacerts/ca.grid.example.com-cert.pem',
    OrganizationalUnitIdentifier,
  });
  expect(NodeOUs).toEqual({
    Enable: true,
    ClientOUIdentifier: unit('client'),
    PeerOUIdentifier: unit('peer'),
    AdminOUIdentifier: unit('admin'),
    OrdererOUIdentifier: unit('orderer'),
  });
});
