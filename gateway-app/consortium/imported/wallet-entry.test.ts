// SPDX-License-Identifier: Apache-2.0

import { grid, identityOf, keyNamed, regulator, type Identity } from '@gridpeg/protocol/testing';
import { checkWalletEntry, parseWalletEntry, walletEntryText, type WalletEntry } from './wallet-entry';

const now = new Date('2030-01-01T00:00:00Z');
const pem = ({ key }: Identity): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const entryOf = (identity: Identity): WalletEntry => ({
  label: 'appUser',
  mspId: grid.mspId,
  certificate: identity.certificate,
  privateKey: pem(identity),
});
const client = entryOf(identityOf(grid, { commonNames: ['appUser'], units: ['client', 'department1'] }));
const text = walletEntryText(client);
const content = JSON.parse(text) as Record<string, unknown>;
const codeOf = (action: () => unknown): { readonly code: unknown; readonly message: unknown } => {
  try {
    action();
  } catch (error) {
    const { code, message } = error as { code: unknown; message: unknown };
    return { code, message };
  }
  return { code: undefined, message: undefined };
};
/** The code, what happened, and a sentence that says what to do. */
const oneLine = /^[^\n]+\. [A-Z][^\n]+\.$/;

describe('an entry of a wallet', () => {
  test('is read as it was written', () => {
    expect(parseWalletEntry('appUser', text)).toEqual(client);
  });

  test('is written in the form of fabric-network 2', () => {
    expect(content).toEqual({
      credentials: { certificate: client.certificate, privateKey: client.privateKey },
      mspId: 'GridMSP',
      type: 'X.509',
      version: 1,
    });
  });

  test.each([
    ['nothing', 'IDENTITY_MALFORMED', 'appUser', ''],
    ['no JSON', 'IDENTITY_MALFORMED', 'appUser', '{"credentials":'],
    ['a list', 'IDENTITY_MALFORMED', 'appUser', '[]'],
    ['null', 'IDENTITY_MALFORMED', 'appUser', 'null'],
    ['no type', 'IDENTITY_MALFORMED', 'appUser', JSON.stringify({ ...content, type: undefined })],
    ['no MSP id', 'IDENTITY_MALFORMED', 'appUser', JSON.stringify({ ...content, mspId: undefined })],
    ['no credentials', 'IDENTITY_MALFORMED', 'appUser', JSON.stringify({ ...content, credentials: {} })],
    ['a key in hardware', 'IDENTITY_TYPE_UNSUPPORTED', 'appUser', JSON.stringify({ ...content, type: 'HSM-X.509' })],
    ['another type', 'IDENTITY_TYPE_UNSUPPORTED', 'appUser', JSON.stringify({ ...content, type: 'Idemix' })],
    ['version 2', 'IDENTITY_VERSION_UNSUPPORTED', 'appUser', JSON.stringify({ ...content, version: 2 })],
    ['no version', 'IDENTITY_MALFORMED', 'appUser', JSON.stringify({ ...content, version: undefined })],
    ['a label with a blank', 'IDENTITY_LABEL_INVALID', 'org1 admin', text],
    ['a label that is a path', 'IDENTITY_LABEL_INVALID', '../admin', text],
    ['a hidden label', 'IDENTITY_LABEL_INVALID', '.admin', text],
    ['a label of 101 characters', 'IDENTITY_LABEL_INVALID', 'a'.repeat(101), text],
    ['a label with a tilde', 'IDENTITY_LABEL_INVALID', 'admin~', text],
  ])('with %s is %s', (_what, code, label, given) => {
    expect(codeOf(() => parseWalletEntry(label, given))).toEqual({
      code,
      message: expect.stringMatching(oneLine) as unknown,
    });
  });

  test('that belongs to an organization has the account of its common name', () => {
    expect(checkWalletEntry(client, [grid.caCertificate], now)).toMatchObject({
      account: 'GridMSP/appUser',
      validUntil: expect.any(Date) as unknown,
    });
    expect(checkWalletEntry(entryOf(grid.admin), [grid.caCertificate], now)).toMatchObject({
      account: 'GridMSP/Admin@GridMSP',
    });
  });

  const stranger = { ...grid, caKey: keyNamed('another') };
  const encrypted = grid.client.key
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
    .toString();
  test.each<readonly [what: string, code: string, entry: WalletEntry]>([
    ['no certificate', 'CERTIFICATE_UNREADABLE', { ...client, certificate: 'nonsense' }],
    ['no key', 'KEY_UNREADABLE', { ...client, privateKey: 'nonsense' }],
    ['an encrypted key', 'KEY_UNREADABLE', { ...client, privateKey: encrypted }],
    ['the key of another', 'KEY_DIFFERS', { ...client, privateKey: pem(grid.admin) }],
    ['a certificate of another organization', 'CERTIFICATE_FOREIGN', entryOf(regulator.client)],
    [
      'a certificate of somebody with the name of the authority',
      'CERTIFICATE_FOREIGN',
      entryOf(identityOf(stranger, { units: ['client'] })),
    ],
    [
      'an expired certificate',
      'CERTIFICATE_NOT_IN_FORCE',
      entryOf(identityOf(grid, { commonNames: ['old'], units: ['client'], notAfter: '290101000000Z' })),
    ],
    ['a certificate of a peer', 'CERTIFICATE_NOT_CLIENT', entryOf(grid.peer)],
    ['a certificate of an orderer', 'CERTIFICATE_NOT_CLIENT', entryOf(grid.orderer)],
    ['no role', 'CERTIFICATE_NOT_CLIENT', entryOf(identityOf(grid, { units: [] }))],
    ['two names', 'CERTIFICATE_NOT_CLIENT', entryOf(identityOf(grid, { commonNames: ['a', 'b'], units: ['client'] }))],
  ])('with %s is %s', (_what, code, entry) => {
    expect(codeOf(() => checkWalletEntry(entry, [grid.caCertificate], now))).toEqual({
      code,
      message: expect.stringMatching(oneLine) as unknown,
    });
  });

  test('is not in force before its time', () => {
    const early = new Date('2019-12-31T23:59:59Z');
    expect(codeOf(() => checkWalletEntry(client, [grid.caCertificate], early)).code).toBe('CERTIFICATE_NOT_IN_FORCE');
  });
});
