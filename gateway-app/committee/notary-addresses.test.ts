// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, rmSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assignAddresses, hostAndPort, parseAddress, readAddresses } from './notary-addresses';

describe('addresses of notaries', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'gridpeg-addresses-'));
  afterAll(() => rmSync(stateDir, { recursive: true }));
  const mspIds = ['GridMSP', 'ChargingMSP'];

  test('are none before any notary was started', () => {
    expect(readAddresses(stateDir)).toEqual({});
  });

  test('differ from each other, and are read back', async () => {
    const addresses = await assignAddresses(stateDir, mspIds, new Set());
    expect(new Set(Object.values(addresses).map(({ port }) => port)).size).toBe(2);
    expect(readAddresses(stateDir)).toEqual(addresses);
  });

  test('stay the same while their ports are free', async () => {
    const before = readAddresses(stateDir);
    expect(await assignAddresses(stateDir, mspIds, new Set())).toEqual(before);
  });

  test('move when something else has taken the port, unless it is the notary itself', async () => {
    const before = readAddresses(stateDir);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen({ host: '127.0.0.1', port: before['GridMSP']!.port }, resolve));
    expect(await assignAddresses(stateDir, mspIds, new Set(['GridMSP']))).toEqual(before);
    const after = await assignAddresses(stateDir, mspIds, new Set());
    expect(after['GridMSP']!.port).not.toBe(before['GridMSP']!.port);
    expect(after['ChargingMSP']).toEqual(before['ChargingMSP']);
    await new Promise((resolve) => other.close(resolve));
  });

  test.each(['', '{"GridMSP":{"host":"127.', '\0'.repeat(80)])(
    'are never given again when their file is damaged: %j',
    async (content) => {
      writeFileSync(join(stateDir, 'notaries', 'addresses.json'), content);
      const code = { code: 'STATE_UNREADABLE' };
      expect(() => readAddresses(stateDir)).toThrow(expect.objectContaining(code) as Error);
      await expect(assignAddresses(stateDir, mspIds, new Set())).rejects.toMatchObject(code);
      expect(readFileSync(join(stateDir, 'notaries', 'addresses.json'), 'utf8')).toBe(content);
    },
  );
});

describe('the address of a notary', () => {
  test.each([
    ['GridMSP=https://127.0.0.1:7310', '127.0.0.1', 7310],
    ['GridMSP=https://notary.grid.example.com:443', 'notary.grid.example.com', 443],
    ['GridMSP=https://192.0.2.7:65535', '192.0.2.7', 65_535],
    ['GridMSP=https://[2001:db8::1]:7310', '2001:db8::1', 7310],
  ])('%s need not be on this machine', (text, host, port) => {
    const { mspId, url } = parseAddress(text);
    expect([mspId, hostAndPort(url)]).toEqual(['GridMSP', { host, port }]);
  });
  test.each([
    ...[
      'https://a:1',
      'GridMSP=',
      'GridMSP=http://a:1',
      'GridMSP=https://a',
      'GridMSP=https://a:0',
      'Grid MSP=https://a:1',
    ],
    ...['GridMSP=https://a:65536', 'GridMSP=https://a:1/x', 'GridMSP=https://::1:1', 'GridMSP=https://[zz]:1'],
    ...['GridMSP=https://0.0.0.0:7310', 'GridMSP=https://[::]:7310', 'GridMSP=https://[0:0::0]:7310'],
    ...['GridMSP=https://a:1\n', 'GridMSP=https://user@a:1'],
  ])('%j is none', (text) => {
    expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error);
  });
  test('may be that of a socket, without https', () => {
    expect(hostAndPort('0.0.0.0:443')).toEqual({ host: '0.0.0.0', port: 443 });
    expect(hostAndPort('[::]:7310')).toEqual({ host: '::', port: 7310 });
  });
});
