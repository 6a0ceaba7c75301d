// SPDX-License-Identifier: Apache-2.0

import { isP256, notaryCodec } from '@gridpeg/protocol';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notaryFolder, notaryKey, publicKeyText } from './notary-keys';

describe('notary keys', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'gridpeg-keys-'));
  afterAll(() => rmSync(stateDir, { recursive: true }));

  test('are made once and read from then on', () => {
    const made = publicKeyText(notaryKey(stateDir, 'GridMSP'));
    expect(publicKeyText(notaryKey(stateDir, 'GridMSP'))).toBe(made);
    expect(publicKeyText(notaryKey(stateDir, 'ChargingMSP'))).not.toBe(made);
  });

  test('are for their owner only, and leave nothing else behind', () => {
    const folder = notaryFolder(stateDir, 'GridMSP');
    expect(statSync(join(folder, 'signing-key.pem')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['signing-key.pem']);
  });

  test('are P-256, in the form of trust records', () => {
    const key = notaryKey(stateDir, 'GridMSP');
    expect(isP256(key)).toBe(true);
    expect(() => notaryCodec.decode({ mspId: 'GridMSP', publicKey: publicKeyText(key) }, '')).not.toThrow();
  });

  test('that are damaged are not replaced', () => {
    writeFileSync(join(notaryFolder(stateDir, 'ChargingMSP'), 'signing-key.pem'), 'no key');
    expect(() => notaryKey(stateDir, 'ChargingMSP')).toThrow(
      expect.objectContaining({
        code: 'NOTARY_KEY_UNREADABLE',
        message: expect.stringMatching(/is no private key/) as string,
      }) as Error,
    );
  });
});
