// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { NetworkError } from '../network-error';
import { builtInTopology, loadTopology } from '../topology/load-topology';
import { attachedTo, attachNetwork } from './attach';

const topology = loadTopology(builtInTopology('test-network'));

describe('attaching to the test-network', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gridpeg-attach-'));
  const stateDir = join(folder, 'state');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const failure = (testNetworkDir: string): Promise<NetworkError> =>
    attachNetwork({ stateDir, topology, testNetworkDir, environment: {} }).then(
      () => Promise.reject(new Error('expected a failure')),
      (error: unknown) => error as NetworkError,
    );

  test('a folder that is none tells everything that is missing, and leaves no state', async () => {
    const { code, message } = await failure(join(folder, 'samples'));
    expect(code).toBe('TEST_NETWORK_INCOMPLETE');
    for (const { name } of topology.chains) {
      expect(message).toContain(`channel "${name}"`);
      expect(message).toContain(`chaincode "${name}"`);
    }
    for (const { mspId } of topology.organizations) {
      expect(message).toContain(`the CA certificate of ${mspId}`);
      expect(message).toContain(`the certificate of Admin of ${mspId}`);
      expect(message).toContain(`the connection profile of ${mspId}`);
    }
    expect(message.split('\n')).toHaveLength(1);
    expect(existsSync(stateDir)).toBe(false);
  });

  test('a connection profile without peers is named', async () => {
    const organization = join(folder, 'profiled', 'organizations', 'peerOrganizations', 'org1.example.com');
    mkdirSync(organization, { recursive: true });
    const file = join(organization, 'connection-org1.json');
    writeFileSync(file, '{}');
    expect((await failure(join(folder, 'profiled'))).message).toContain(`a connection profile with peers in ${file}`);
  });

  test('a folder without state is attached to nothing', () => {
    expect(attachedTo(stateDir)).toBeUndefined();
  });
});
