// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { NetworkError } from '../runtime/network-error';
import { builtInTopology, loadTopology } from '../topology/load-topology';
import { chainId } from '../fabric/chain-id';
import { attachedTo, attachNetwork, requireAttachedNetwork } from './attach';
import type { NetworkState } from '../state/network-state';
import { writePlan } from '../state/plan';

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

  /** A folder with what the samples come with. */
  const samplesIn = (name: string): string => {
    const made = join(folder, name);
    mkdirSync(made);
    writeFileSync(join(made, 'network.sh'), '');
    return made;
  };

  test('a folder that is none is told as such, and leaves no state', async () => {
    const { code, message } = await failure(folder);
    expect(code).toBe('TEST_NETWORK_INCOMPLETE');
    expect(message).toMatch(/ is no test-network: it has no network\.sh\. Name the folder/);
    expect(existsSync(stateDir)).toBe(false);
  });

  test('a test-network that was never brought up, or was taken down, is told as such', async () => {
    const { code, message } = await failure(samplesIn('down'));
    expect(code).toBe('TEST_NETWORK_DOWN');
    expect(message).toMatch(/^there is no test-network in \S+ \(any more\)/);
  });

  test('of what is missing in one the first three things are named', async () => {
    const half = samplesIn('half');
    mkdirSync(join(half, 'organizations', 'peerOrganizations'), { recursive: true });
    const { code, message } = await failure(half);
    expect(code).toBe('TEST_NETWORK_INCOMPLETE');
    expect(message).toContain('the CA certificate of Org1MSP');
    expect(message).toMatch(/; and \d+ more\. Run/);
    expect(message.split(' (/')).toHaveLength(4);
  });

  test('a connection profile without peers is named', async () => {
    const organization = join(samplesIn('profiled'), 'organizations', 'peerOrganizations', 'org1.example.com');
    mkdirSync(organization, { recursive: true });
    const file = join(organization, 'connection-org1.json');
    writeFileSync(file, '{}');
    expect((await failure(join(folder, 'profiled'))).message).toContain(`a connection profile with peers in ${file}`);
  });

  test('T34: a connection profile whose parts are nested without end is refused before it is parsed', async () => {
    const organization = join(samplesIn('nested'), 'organizations', 'peerOrganizations', 'org1.example.com');
    mkdirSync(organization, { recursive: true });
    writeFileSync(join(organization, 'connection-org1.json'), '['.repeat(100_000));
    expect((await failure(join(folder, 'nested'))).code).toBe('NESTING_TOO_DEEP');
  });

  test('a folder without state is attached to nothing', () => {
    expect(attachedTo(stateDir)).toBeUndefined();
  });

  describe('that may be gone since', () => {
    /** A block with nothing but the hash of its data. */
    const block = (data: number): Buffer => Buffer.from([0x0a, 34, 0x1a, 32, ...Array<number>(32).fill(data)]);
    const attached = join(folder, 'attached');
    let testNetwork: string;
    let network: NetworkState;
    beforeAll(() => {
      testNetwork = samplesIn('anew');
      const file = join(testNetwork, 'city.block');
      const chain = { channel: 'city', genesisBlockFile: file, chainId: chainId('city', block(1)) };
      network = { chains: [chain] } as unknown as NetworkState;
      mkdirSync(attached);
      const program = { peer: '', orderer: '', configtxgen: '', cryptogen: '', osnadmin: '', discover: '' };
      writePlan(attached, {
        ...{ format: 1, driver: 'native', attached: testNetwork, topology, searchPath: '', ports: {}, deployments: [] },
        binaries: program,
      });
    });

    test('its keys are gone', () => {
      const refusal = expect.objectContaining({ code: 'TEST_NETWORK_DOWN' }) as Error;
      expect(() => requireAttachedNetwork(attached, network)).toThrow(refusal);
    });

    test.each([
      ['the block is another', block(2)],
      ['the block is being written', block(1).subarray(0, 10)],
      ['the block is gone', undefined],
    ])('another one is in its place: %s', (_what, content) => {
      mkdirSync(join(testNetwork, 'organizations', 'peerOrganizations'), { recursive: true });
      const file = join(testNetwork, 'city.block');
      writeFileSync(file, block(1));
      expect(() => requireAttachedNetwork(attached, network)).not.toThrow();
      if (content === undefined) rmSync(file);
      else writeFileSync(file, content);
      const refusal = expect.objectContaining({ code: 'TEST_NETWORK_REPLACED' }) as Error;
      expect(() => requireAttachedNetwork(attached, network)).toThrow(refusal);
    });
  });
});
