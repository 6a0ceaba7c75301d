// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Driver, NodeSpec } from '../drivers/driver/driver';
import { registeredNode, ensureRunning } from './node-registry';

const spec: NodeSpec = {
  ...{ name: 'notary.grid.example.com', kind: 'service', organization: 'GridMSP', cwd: '/state', ports: { listen: 7 } },
  command: ['/usr/bin/node', '/project/gridpeg.js', 'notary'],
  env: { PATH: '/usr/bin', DIGEST: 'aa' },
};
let stateDir: string;
let done: string[];
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'gridpeg-registry-'));
  done = [];
});
afterEach(() => rmSync(stateDir, { recursive: true }));

/** Of a driver what starting takes. */
const driver = {
  start: () => Promise.resolve(void done.push('start')),
  stop: () => Promise.resolve(void done.push('stop')),
} as unknown as Driver;

describe('a node that runs is started as somebody else would start it', () => {
  test.each([
    ['another search path', { env: { PATH: '/opt/bin:/usr/bin', DIGEST: 'aa' } }],
    ['another Node', { command: ['/opt/node-22/bin/node', '/project/gridpeg.js', 'notary'] }],
    ['the same', {}],
  ])('%s is no reason to stop it, and is what it starts with when it is dead', async (_what, changes) => {
    await ensureRunning(stateDir, driver, spec);
    expect(await ensureRunning(stateDir, driver, { ...spec, ...changes })).toBe(false);
    expect(done).toEqual(['start', 'start']);
    expect(registeredNode(stateDir, spec.name)).toEqual({ ...spec, ...changes });
  });

  test.each([
    ['another parameter', { command: ['/usr/bin/node', '/project/gridpeg.js', 'other'] }],
    ['another program', { command: ['/usr/bin/peer', '/project/gridpeg.js', 'notary'] }],
    ['another environment', { env: { PATH: '/usr/bin', DIGEST: 'bb' } }],
    ['another port', { ports: { listen: 8 } }],
  ])('%s is one', async (_what, changes) => {
    await ensureRunning(stateDir, driver, spec);
    expect(await ensureRunning(stateDir, driver, { ...spec, ...changes })).toBe(true);
    expect(done).toEqual(['start', 'stop', 'start']);
  });
});
