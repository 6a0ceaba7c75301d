// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { NetworkError } from '../runtime/network-error';
import { writeFileAtomic } from '../runtime/write-file-atomic';
import { importNetwork, isImported, refreshImported, type NetworkView } from './imported-network';
import { readNetwork, type NetworkState } from './network-state';

const viewOf = (topology: string): NetworkView => {
  const peg: NetworkState['peg'] = {
    governance: { delay: '1h', urgentDelay: '0s' },
    assets: [],
    lanes: [],
    committee: { threshold: 0, notaries: [] },
    proofPolicy: {},
  };
  return { state: { format: 1, topology, chains: [], organizations: [], peg }, files: new Map([['view', topology]]) };
};

let folder: string;
let stateDir: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gridpeg-imported-'));
  stateDir = join(folder, 'state');
  await importNetwork(stateDir, () => viewOf('first'));
  for (const file of own) writeFileAtomic(join(stateDir, file), 'own');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What a folder of an imported network holds that nobody could make again. */
const own = [
  'identities/AMSP/user/keystore/priv_sk',
  'notaries/AMSP/signing-key.pem',
  'notaries/AMSP/data/signed-0.log',
];
const expectOwn = (): void => {
  for (const file of own) expect(readFileSync(join(stateDir, file), 'utf8')).toBe('own');
};

test('an imported network is read again, and what is its own stays', async () => {
  await refreshImported(stateDir, () => viewOf('second'));
  expect(readNetwork(stateDir).topology).toBe('second');
  expect(readFileSync(join(stateDir, 'view'), 'utf8')).toBe('second');
  expectOwn();
});

test('a view that cannot be made changes nothing', async () => {
  const failing = (): NetworkView => {
    throw new Error('no view');
  };
  await expect(refreshImported(stateDir, failing)).rejects.toThrow('no view');
  expect(readNetwork(stateDir).topology).toBe('first');
});

test.each(['nowhere', 'own'])(
  'NETWORK_NOT_IMPORTED: a network that was not imported is not read again (%s)',
  async (name) => {
    const other = join(folder, name);
    if (name === 'own') writeFileAtomic(join(other, 'plan.json'), '{}');
    await expect(refreshImported(other, () => viewOf('second'))).rejects.toThrow(/imported|another version/);
    expect(existsSync(join(other, 'view'))).toBe(false);
  },
);

test.each(['', '{"format":1,', '\0'.repeat(50)])(
  'a description %j is damage whose remedy is another import, which leaves what is its own',
  async (damage) => {
    writeFileSync(join(stateDir, 'network.json'), damage);
    const remedy = expect.stringContaining('profile import') as string;
    expect(() => readNetwork(stateDir)).toThrow(
      expect.objectContaining({ code: 'STATE_UNREADABLE', remedy }) as NetworkError,
    );
    await importNetwork(stateDir, () => viewOf('again'));
    expect(isImported(stateDir)).toBe(true);
    expect(readNetwork(stateDir).topology).toBe('again');
    expectOwn();
  },
);

test.each(['{}', JSON.stringify({ format: 2 })])('one of another version is not written over (%s)', async (text) => {
  writeFileSync(join(stateDir, 'network.json'), text);
  await expect(importNetwork(stateDir, () => viewOf('again'))).rejects.toMatchObject({ code: 'STATE_TAKEN' });
  expect(readFileSync(join(stateDir, 'network.json'), 'utf8')).toBe(text);
});
