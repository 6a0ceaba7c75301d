// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, rmSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assignAddresses, readAddresses } from './notary-addresses';

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
    'are never given anew when their file is damaged: %j',
    async (content) => {
      writeFileSync(join(stateDir, 'notaries', 'addresses.json'), content);
      const code = { code: 'STATE_UNREADABLE' };
      expect(() => readAddresses(stateDir)).toThrow(expect.objectContaining(code) as Error);
      await expect(assignAddresses(stateDir, mspIds, new Set())).rejects.toMatchObject(code);
      expect(readFileSync(join(stateDir, 'notaries', 'addresses.json'), 'utf8')).toBe(content);
    },
  );
});
