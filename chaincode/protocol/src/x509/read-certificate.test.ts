// SPDX-License-Identifier: Apache-2.0

import crypto from 'node:crypto';
import { certificateCorpus, grid, identityOf } from '../testing';
import { attribute, der, issueCertificate, keyNamed, keyUsages } from '../testing/certificate-writer';
import { derFields } from './der';
import { decodePem, encodePem } from './pem';
import { readCertificate, roleOf } from './read-certificate';

describe('T06: a role', () => {
  test.each<[readonly string[], string | undefined, string | undefined]>([
    [['client'], undefined, 'client'],
    [['admin'], undefined, 'admin'],
    [['peer'], undefined, 'peer'],
    [['orderer'], undefined, 'orderer'],
    [['department1', 'peer', ''], undefined, 'peer'],
    [['department1', ''], undefined, undefined],
    [['node'], undefined, undefined],
    [['node'], 'node', 'node'],
    [['peer', 'orderer'], undefined, undefined],
    [['peer', 'peer'], undefined, undefined],
    [['node', 'client'], 'node', undefined],
    [['node', 'admin'], 'node', undefined],
    [['node', 'peer'], 'node', undefined],
    [['node', 'orderer'], 'node', undefined],
    [['node', 'department1'], 'node', 'node'],
  ])('of the units %j, where a peer’s is %j, is %j', (organizationalUnits, peerUnit, role) => {
    expect(roleOf({ organizationalUnits }, peerUnit)).toBe(role);
  });
});

const verdictOf = (pem: string): string | undefined => {
  try {
    readCertificate(pem);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'no error';
  }
};

describe('T42: the one reading of a certificate', () => {
  const corpus = certificateCorpus();

  test.each(corpus.filter(({ refused }) => refused === undefined))('accepts $name', ({ pem }) => {
    expect(verdictOf(pem)).toBeUndefined();
  });
  test.each(corpus.filter(({ refused }) => refused !== undefined))('refuses $name', ({ pem, refused }) => {
    expect(verdictOf(pem)).toBe(refused);
  });
  test('refuses whatever is cut off at the end, and never anything but by an error of its own', () => {
    const bytes = Buffer.from(grid.peer.certificate.split('\n').slice(1, -2).join(''), 'base64');
    for (let size = 0; size < bytes.length; size += 1) {
      const cut = bytes.toString('base64', 0, size).replace(/.{64}(?=.)/g, '$&\n');
      expect(verdictOf(`-----BEGIN CERTIFICATE-----\n${cut}\n-----END CERTIFICATE-----\n`)).toMatch(/^(X\.509|DER): /);
    }
  });
});

describe('the key of a certificate', () => {
  test('is made an object when it is asked for, and once', () => {
    const made = jest.spyOn(crypto, 'createPublicKey');
    try {
      const facts = readCertificate(grid.peer.certificate);
      expect(made).not.toHaveBeenCalled();
      expect(facts.publicKey.export({ format: 'der', type: 'spki' })).toEqual(facts.subjectPublicKeyInfo);
      expect(facts.publicKey).toBe(facts.publicKey);
      expect(made).toHaveBeenCalledTimes(1);
    } finally {
      made.mockRestore();
    }
  });
});

describe('T42: a certificate', () => {
  const issued = (edit?: Parameters<typeof issueCertificate>[1]): string =>
    issueCertificate(
      {
        ...{ issuer: 'ca', issuerKey: keyNamed('ca'), key: keyNamed('key'), commonNames: ['peer0'], units: ['peer'] },
        ...{ serial: '01', notAfter: '400101000000Z', authority: false, keyUsage: keyUsages.digitalSignature },
      },
      edit,
    );

  test('has a signature without unused bits', () => {
    const pem = issued();
    const bytes = decodePem(pem);
    const [certificate] = derFields(bytes, [0x30]);
    const [, , signature] = derFields(certificate.content, [0x30, 0x30, 0x03]);
    const at = bytes.length - signature.content.length;
    expect([bytes[at], verdictOf(pem)]).toEqual([0, undefined]);
    for (const unused of [1, 7, 255]) {
      bytes.writeUInt8(unused, at);
      expect(verdictOf(encodePem(bytes))).toBe('X.509: signature');
    }
  });
  test('names its issuer by the rules for names, as it does its subject', () => {
    const names = [
      // BMPString, an attribute with a third part, no set, and an empty set.
      der(0x30, der(0x31, attribute('550403', Buffer.from('0063', 'hex'), 0x1e))),
      der(0x30, der(0x31, der(0x30, der(0x06, Buffer.from('550403', 'hex')), der(0x0c), der(0x0c)))),
      der(0x30, attribute('550403', 'ca')),
      der(0x30, der(0x31)),
    ];
    for (const name of names) {
      expect(verdictOf(issued((parts) => (parts.issuer = name)))).toMatch(/^X\.509: (name|attribute|string)/);
      expect(verdictOf(issued((parts) => (parts.subject = name)))).toMatch(/^X\.509: (name|attribute|string)/);
    }
  });
});

describe('T06: what a certificate says', () => {
  const read = (...changes: Parameters<typeof identityOf>): ReturnType<typeof readCertificate> =>
    readCertificate(identityOf(...changes).certificate);

  test('is names, units, serial number and times', () => {
    expect(read(grid, { units: ['a', 'b'], commonNames: ['x, CN=y', 'z'], serial: 'f0a1' })).toMatchObject({
      organizationalUnits: ['a', 'b'],
      commonNames: ['x, CN=y', 'z'],
      serialNumber: 'F0A1',
      notBeforeMs: 1_577_836_800_000,
      notAfterMs: 2_524_607_999_000,
    });
  });
  test.each([
    ['500101000000Z', -631_152_000_000],
    ['690228235959Z', -26_438_401_000],
    ['700101000000Z', 0],
    ['991231235959Z', 946_684_799_000],
    ['000229120000Z', 951_825_600_000],
    ['000301000000Z', 951_868_800_000],
    ['240229235959Z', 1_709_251_199_000],
    ['240301000000Z', 1_709_251_200_000],
    ['231231235959Z', 1_704_067_199_000],
  ])('the UTCTime %s is %s milliseconds after 1970', (notAfter, notAfterMs) => {
    expect(read(grid, { notAfter })).toMatchObject({ notAfterMs });
  });
  test('is nothing allowed without extensions', () => {
    expect(read(grid, { extensions: [] })).toMatchObject({ authority: false, keyUsage: undefined });
  });
  test.each([
    ['digital signature', '03020780', { digitalSignature: true, keyCertSign: false }],
    ['digital signature among others', '030205a0', { digitalSignature: true, keyCertSign: false }],
    ['certificate signing', '03020204', { digitalSignature: false, keyCertSign: true }],
    ['both', '03020284', { digitalSignature: true, keyCertSign: true }],
    ['certificate signing among others', '03020106', { digitalSignature: false, keyCertSign: true }],
    ['the ninth bit', '0303070080', { digitalSignature: false, keyCertSign: false }],
  ])('a key usage of %s', (_, value, keyUsage) => {
    expect(read(grid, { extensions: [['551d0f', value]] })).toMatchObject({ authority: false, keyUsage });
  });
  test('is judged extension by extension, in whatever order', () => {
    const both = [
      ['551d13', '30030101ff'],
      ['551d0f', '03020780'],
    ] as const;
    for (const extensions of [both, [...both].reverse()]) {
      expect(read(grid, { extensions })).toMatchObject({ authority: true, keyUsage: { digitalSignature: true } });
    }
  });
});
