// SPDX-License-Identifier: Apache-2.0

import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gridpeg, gridpegWell, launcher } from '../../harness/cli/gridpeg';
import { sharedNetwork } from '../../harness/network/shared-network';
import { type TestNetwork } from '../../harness/network/test-network';

const run = promisify(execFile);
const client = join(__dirname, '..', '..', 'harness', 'cli', 'environment-client.js');

describe('gridpeg env in a real shell', () => {
  let network: TestNetwork;
  beforeAll(() => {
    network = sharedNetwork();
  });
  afterAll(() => network.close());

  /** Runs a script after `eval "$(gridpeg env ...)"`; what the script is given as `$1`, `$2` follows it. */
  async function inShell(parameters: readonly string[], script: string, ...words: readonly string[]): Promise<string> {
    const preamble = 'gridpeg() { "$NODE" "$LAUNCHER" --state "$STATE" "$@"; }\n';
    const setting = `set -eu; eval "$(gridpeg env ${parameters.join(' ')})"\n`;
    const env = {
      PATH: '/usr/bin:/bin',
      HOME: '/',
      NODE: process.execPath,
      LAUNCHER: launcher,
      STATE: network.stateDir,
    };
    return (await run('sh', ['-c', preamble + setting + script, 'sh', ...words], { env })).stdout;
  }

  test.each([
    ['city', 'Grid', []],
    ['microgrid', 'MicrogridMSP', ['--chain', 'microgrid']],
    ['charging', 'Regulator', ['--chain', 'charging', '--user', 'User1']],
  ] as const)("on %s Fabric's peer command asks channel and chaincode as %s", async (chain, organization, options) => {
    const script = `
        peer channel getinfo -c "$CHANNEL_NAME"
        peer chaincode query -C "$CHANNEL_NAME" -n "$CHAINCODE_NAME" -c '{"Args":["peg:getConfiguration","{}"]}'
      `;
    const told = await inShell([organization, ...options], script);
    const [info = '', configuration = ''] = told.trim().split('\n');
    const { height } = JSON.parse(info.replace('Blockchain info: ', '')) as { height: number };
    expect(BigInt(height)).toBeLessThanOrEqual(await network.height(chain));
    expect(height).toBeGreaterThan(1);
    expect(JSON.parse(configuration)).toMatchObject({ chainId: network.chain(chain).chainId });
  });

  test('the peer command commits a transaction by the orderer that is named', async () => {
    const text = JSON.stringify({
      asset: 'city/energy',
      outputs: [{ recipient: network.account('ChargingMSP'), quantity: '7', memo: 'by peer' }],
    });
    const others = (['MicrogridMSP', 'ChargingMSP'] as const).flatMap((mspId) => {
      const peer = network.chain('city').peers.find(({ organization }) => organization === mspId);
      return ['--peerAddresses', peer?.endpoint ?? '', '--tlsRootCertFiles', peer?.tlsCaCertFile ?? ''];
    });
    const script = `
      peer chaincode invoke -o "$ORDERER_ADDRESS" --tls --cafile "$ORDERER_CA" -C "$CHANNEL_NAME" -n "$CHAINCODE_NAME" \
        --peerAddresses "$CORE_PEER_ADDRESS" --tlsRootCertFiles "$CORE_PEER_TLS_ROOTCERT_FILE" \
        --waitForEvent "$@" 2>&1
    `;
    const call = JSON.stringify({ Args: ['peg:issue', text] });
    const told = await inShell(['Grid', '--user', 'User1'], script, ...others, '--ctor', call);
    expect(told).toContain('committed with status (VALID)');
    expect(told).toContain('result: status:200');
  });

  test("a client of the samples' making evaluates and submits by the environment names alone", async () => {
    const recipient = network.account('ChargingMSP');
    const request = { asset: 'city/energy', outputs: [{ recipient, quantity: '11', memo: 'by environment' }] };
    const words = ['peg:getConfiguration', 'peg:issue', JSON.stringify(request)];
    const told = await inShell(['GridMSP'], `"$NODE" '${client}' "$@"`, ...words);
    const { evaluated, submitted } = JSON.parse(told) as {
      readonly evaluated: unknown;
      readonly submitted: { readonly noteIds: readonly string[] };
    };
    expect(evaluated).toMatchObject({ chainId: network.chain('city').chainId });
    await network.everywhere('city', Promise.resolve({ blockNumber: (await network.height('city')) - 1n }));
    expect(await network.notesOf('city', recipient, submitted.noteIds)).toMatchObject([{ quantity: 11n }]);
  });

  test.each(['microgrid', 'charging'] as const)('such a client reads %s as well', async (chain) => {
    const told = await inShell(['Charging', '--chain', chain], `"$NODE" '${client}' peg:getConfiguration`);
    expect(JSON.parse(told)).toMatchObject({ evaluated: { chainId: network.chain(chain).chainId } });
  });

  test("the organization's folder is laid out as the samples' clients expect", async () => {
    const variables = JSON.parse((await gridpegWell(network.stateDir, 'env', 'Charging', '--json')).stdout) as Record<
      string,
      string
    >;
    const folder = variables['CRYPTO_PATH'] ?? '';
    const { domain } = network.organization('ChargingMSP');
    const msp = join(folder, 'users', `User1@${domain}`, 'msp');
    expect(variables['KEY_DIRECTORY_PATH']).toBe(join(msp, 'keystore'));
    expect(variables['CERT_DIRECTORY_PATH']).toBe(join(msp, 'signcerts'));
    expect(readdirSync(join(msp, 'keystore'))).toHaveLength(1);
    expect(readdirSync(join(msp, 'signcerts'))).toHaveLength(1);
    expect(readdirSync(join(folder, 'peers', `peer0.${domain}`, 'tls'))).toContain('ca.crt');
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining([
        'ca',
        'tlsca',
        'msp',
        'peers',
        'users',
        'connection-charging.json',
        'connection-charging.yaml',
      ]),
    );
    expect(variables['PATH']).toMatch(/bin/);
  });

  test.each([
    ['an unknown organization', 'ORGANIZATION_UNKNOWN', ['Moon']],
    ['an unknown chain', 'CHAIN_UNKNOWN', ['Grid', '--chain', 'moon']],
    ['a chain of others', 'CHAIN_FOREIGN', ['Grid', '--chain', 'charging']],
    ['an unknown user', 'ACCOUNT_UNKNOWN', ['Grid', '--user', 'User9']],
  ])('%s: one line with %s, and nothing that a shell would evaluate', async (_what, code, parameters) => {
    const told = await gridpeg(network.stateDir, 'env', ...parameters);
    expect(told).toMatchObject({ status: 1, stdout: '' });
    expect(told.stderr).toMatch(new RegExp(`^${code}: [^\\n]+\\. [^\\n]+\\.\\n$`));
  });
});
