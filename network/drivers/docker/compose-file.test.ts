// SPDX-License-Identifier: Apache-2.0

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import type { NodeSpec } from '../driver/driver';
import { containerOf, hostNameOf, renderCompose, type ComposedNode } from './compose-file';

const goldenFolder = join(__dirname, '..', '..', '..', 'drivers', 'docker', 'golden', 'compose.yaml');
const renderedStateDir = '/state';

const spec = (name: string, changes: Partial<NodeSpec> = {}): NodeSpec => ({
  name,
  kind: 'peer',
  organization: 'GridMSP',
  chain: 'city',
  command: ['/bin/peer', 'node', 'start'],
  env: { PATH: '/usr/bin', FABRIC_CFG_PATH: `/state/nodes/${name}`, PRICE: '$5 a $unit' },
  cwd: `/state/nodes/${name}`,
  ports: { listen: 20_000, operations: 20_001 },
  ...changes,
});
const nodes: readonly ComposedNode[] = [
  {
    spec: spec('peer0.grid.example.com'),
    image: 'hyperledger/fabric-peer:3.1.4',
    command: ['peer', 'node', 'start'],
  },
  {
    spec: spec('city@city.grid.example.com', {
      kind: 'chaincode',
      cwd: '/project/chaincode/city',
      reads: ['/project/chaincode/city', '/project'],
      ports: { listen: 20_002 },
    }),
    image: 'gridpeg/chaincode-city:0123456789abcdef',
    command: undefined,
  },
  {
    spec: spec('notary.grid.example.com', { kind: 'service', cwd: renderedStateDir, reads: ['/project'], ports: {} }),
    image: 'node:20-bookworm-slim',
    command: ['node', '/project/notary.js'],
  },
];

test('the Compose file is rendered as committed', () => {
  const text = renderCompose(renderedStateDir, '0:0', nodes);
  if (!existsSync(goldenFolder)) {
    writeFileSync(goldenFolder, text);
    throw new Error(
      `${goldenFolder} was not there and has been written: look at it, commit it, and run the tests again`,
    );
  }
  expect(text).toBe(readFileSync(goldenFolder, 'utf8'));
});

test('it says the same in whatever order nodes come', () => {
  expect(renderCompose(renderedStateDir, '0:0', [...nodes].reverse())).toBe(
    renderCompose(renderedStateDir, '0:0', nodes),
  );
});

test('what YAML 1.1 would read as numbers or truth values stays text', () => {
  const text = renderCompose(renderedStateDir, '1000:1000', nodes);
  const services = (parse(text, { version: '1.1' }) as { services: Record<string, Record<string, unknown>> }).services;
  for (const service of Object.values(services)) {
    expect(service['user']).toBe('1000:1000');
    // Without a bound a node's log would fill the disk in time.
    expect(service['logging']).toMatchObject({ options: { 'max-size': '20m', 'max-file': '3' } });
    for (const port of (service['ports'] ?? []) as unknown[]) expect(port).toMatch(/^127\.0\.0\.1:(\d+):\1$/);
  }
});

test('every port is published on the loopback interface only, and nothing is kept in a volume', () => {
  const text = renderCompose(renderedStateDir, '0:0', nodes);
  expect(text).not.toMatch(/^ +- "?\d+:\d+"?$/m);
  expect(parse(text)).not.toHaveProperty('volumes');
});

test('a node has a host name that names may have, and a container of its own in each network', () => {
  expect(hostNameOf('city@city.grid.example.com')).toBe('city-at-city.grid.example.com');
  expect(containerOf('/a', 'peer0.grid.example.com')).not.toBe(containerOf('/b', 'peer0.grid.example.com'));
  expect(containerOf('/a', 'city@city.grid.example.com')).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/);
});
