// SPDX-License-Identifier: Apache-2.0

import { certificateCorpus, grid, identityOf, keyNamed, type CertificatePlan } from '@gridpeg/protocol/testing';
import fc from 'fast-check';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CommandError } from '../errors/command-error';
import { canonicalPem } from './identity-certificate';
import {
  checkWalletEntry,
  parseWalletEntry,
  walletEntryText,
  type CheckedEntry,
  type WalletEntry,
} from './imported/wallet-entry';

const now = new Date('2030-01-01T00:00:00Z');
const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

function entryOf(changes: Partial<CertificatePlan> = {}, edit: Partial<WalletEntry> = {}): WalletEntry {
  const { certificate, key } = identityOf(grid, { commonNames: ['appUser'], units: ['client'], ...changes });
  return { label: 'appUser', mspId: grid.mspId, certificate, privateKey: pemOf(key), ...edit };
}
const check = (entry: WalletEntry): CheckedEntry => checkWalletEntry(entry, [grid.caCertificate], now);

/** The code of an expected failure, whose message is one line; anything else fails the test. */
function codeOf(action: () => unknown): string {
  try {
    action();
    return 'accepted';
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    expect(error.message).toMatch(/^[^\n]+\. [A-Z][^\n]+\.$/);
    return error.code;
  }
}

const good = entryOf();
const certificate = good.certificate;

describe('T41: the certificate of an identity', () => {
  test.each<[what: string, text: string]>([
    ['carriage returns', certificate.replaceAll('\n', '\r\n')],
    ['text around it, as OpenSSL prints it', `Certificate:\n    Data:\n${certificate}\nmore\n`],
    ['no line feed at its end', certificate.trimEnd()],
    ['its base64 in one line', certificate.replace(/(?<=[A-Za-z0-9+/=])\n(?=[A-Za-z0-9+/=])/g, '')],
  ])('with %s is taken, in the form that ledgers take', (_, text) => {
    expect(check({ ...good, certificate: text })).toMatchObject({ certificate, account: 'GridMSP/appUser' });
    expect(canonicalPem(text)).toBe(certificate);
  });
  test('has a key on P-256 or P-384', () => {
    expect(check(entryOf({ key: keyNamed('p384', 'P-384') })).account).toBe('GridMSP/appUser');
  });
  test.each<[kind: string, key: () => KeyObject]>([
    ['P-521', () => generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey],
    ['P-224', () => generateKeyPairSync('ec', { namedCurve: 'P-224' }).privateKey],
    ['secp256k1', () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey],
    ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
    ['Ed25519', () => generateKeyPairSync('ed25519').privateKey],
  ])('with a key of the kind %s is refused, and the message says so', (_, key) => {
    expect(codeOf(() => check(entryOf({ key: key() })))).toBe('KEY_KIND_UNSUPPORTED');
  });
  test.each<[what: string, code: string, text: string]>([
    ['a byte order mark', 'TEXT_ENCODING_UNSUPPORTED', `\uFEFF${certificate}`],
    ['escaped line feeds', 'PEM_ESCAPED', certificate.replaceAll('\n', '\\n')],
    ['its authority before it', 'CERTIFICATES_SEVERAL', grid.caCertificate + certificate],
    ['its authority behind it', 'CERTIFICATES_SEVERAL', certificate + grid.caCertificate],
    ['itself behind it', 'CERTIFICATES_SEVERAL', certificate + certificate],
    ['only its authority', 'CERTIFICATE_OF_AUTHORITY', grid.caCertificate],
    ['nothing', 'CERTIFICATE_UNREADABLE', ' '],
    ['a key', 'CERTIFICATE_UNREADABLE', good.privateKey],
    ['an empty block', 'CERTIFICATE_UNREADABLE', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'],
    ['no end', 'CERTIFICATE_UNREADABLE', certificate.slice(0, 300)],
  ])('with %s has the code %s', (_, code, text) => {
    expect(codeOf(() => check({ ...good, certificate: text }))).toBe(code);
  });
  test('of another form than ledgers take is refused, and the message says which', () => {
    for (const extensions of [[['551d0f', '0500']], [['551d13', '3003010100']]] as const) {
      expect(codeOf(() => check(entryOf({ extensions })))).toBe('CERTIFICATE_FORM_UNSUPPORTED');
    }
  });
  test('of whatever form of the corpus is refused with a code, and the process lives', () => {
    for (const { name, pem } of certificateCorpus()) {
      expect([name, codeOf(() => check({ ...good, certificate: pem }))]).not.toEqual([name, 'accepted']);
    }
  });
});

describe('the key of an identity', () => {
  const sec1 = identityOf(grid, { commonNames: ['appUser'], units: ['client'] })
    .key.export({ type: 'sec1', format: 'pem' })
    .toString();
  const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
  test.each<[what: string, code: string, text: string]>([
    ['in the form of SEC 1', 'accepted', sec1],
    ['behind its parameters, as OpenSSL makes it', 'accepted', parameters + sec1],
    ['with carriage returns', 'accepted', good.privateKey.replaceAll('\n', '\r\n')],
    ['with a byte order mark', 'TEXT_ENCODING_UNSUPPORTED', `\uFEFF${good.privateKey}`],
    ['with escaped line feeds', 'PEM_ESCAPED', good.privateKey.replaceAll('\n', '\\n')],
    ['that is a certificate', 'KEY_UNREADABLE', certificate],
    ['that is another', 'KEY_DIFFERS', pemOf(keyNamed('another'))],
    ['that is another of another kind', 'KEY_DIFFERS', pemOf(generateKeyPairSync('ed25519').privateKey)],
  ])('%s: %s', (_, code, privateKey) => {
    expect(codeOf(() => check({ ...good, privateKey }))).toBe(code);
  });
});

describe('T31: the account of an identity', () => {
  test.each(['a b', 'Jürgen', 'a+b', 'a/b', 'a:b', '', 'a\nb', 'x'.repeat(129), 'a\0', '\u202Ex'])(
    'is none for the common name %j, and the message says so',
    (commonName) => {
      expect(codeOf(() => check(entryOf({ commonNames: [commonName] })))).toBe('COMMON_NAME_UNSUPPORTED');
    },
  );
  test.each(['User1@grid.example.com', 'x'.repeat(128), 'a_b-c.d'])('has the common name %j', (commonName) => {
    expect(check(entryOf({ commonNames: [commonName] })).account).toBe(`GridMSP/${commonName}`);
  });
});

test('no content of a wallet ends in anything but a code', () => {
  const content = walletEntryText(good);
  const edited = (text: string): fc.Arbitrary<string> =>
    fc
      .record({
        at: fc.nat(text.length),
        put: fc.oneof(fc.string(), fc.constantFrom('\uFEFF', '\\n', '\0', '\n')),
        drop: fc.nat(40),
      })
      .map(({ at, put, drop }) => text.slice(0, at) + put + text.slice(at + drop));
  const contents = fc.oneof(
    edited(content),
    fc.json(),
    fc.string(),
    fc
      .record({ certificate: edited(certificate), privateKey: edited(good.privateKey), mspId: fc.string() })
      .map(({ certificate: c, privateKey, mspId }) => walletEntryText({ ...good, certificate: c, privateKey, mspId })),
    fc.anything().map((credentials) => safeJson({ credentials, mspId: 'GridMSP', type: 'X.509', version: 1 })),
  );
  const labels = fc.oneof({ weight: 4, arbitrary: fc.constant('appUser') }, fc.string());
  fc.assert(
    fc.property(labels, contents, (label, text) => {
      codeOf(() => check(parseWalletEntry(label, text)));
    }),
    { numRuns: 1_500 },
  );
});

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '';
  }
}
