// SPDX-License-Identifier: Apache-2.0

import crypto from 'node:crypto';
import {
  type CertificatePlan,
  chargingMember,
  grid,
  hostileKeys,
  identityOf,
  issueCertificate,
  keyNamed,
  keyUsages,
  members,
} from '../testing';
import { isCaCertificate, readIssuedCertificate } from './issued-certificate';

const peer = grid.peer.certificate;
const isIssued = (pem: string, ...authorities: readonly string[]): boolean =>
  readIssuedCertificate(pem, authorities) !== undefined;

describe('T06: a CA', () => {
  const ca = (changes: Partial<CertificatePlan> = {}, edit?: Parameters<typeof issueCertificate>[1]): string =>
    issueCertificate(
      {
        issuer: grid.caName,
        issuerKey: grid.caKey,
        commonNames: [grid.caName],
        units: [],
        key: grid.caKey,
        serial: '01',
        notAfter: '491231235959Z',
        authority: true,
        keyUsage: keyUsages.keyCertSign,
        ...changes,
      },
      edit,
    );

  test('issued what it signed under its name, and nothing else', () => {
    expect(isIssued(peer, grid.caCertificate)).toBe(true);
    expect(isIssued(peer, chargingMember.caCertificate)).toBe(false);
    expect(isIssued(grid.caCertificate, peer)).toBe(false);
    expect(isIssued(identityOf({ ...grid, caKey: keyNamed('another') }).certificate, grid.caCertificate)).toBe(false);
    expect(isIssued(identityOf({ ...grid, caName: 'ca.another' }).certificate, grid.caCertificate)).toBe(false);
    expect(isIssued(peer)).toBe(false);
  });
  test('is any of those that an organization has, one that cannot be read or is none among them', () => {
    const all = ['no certificate', peer, chargingMember.caCertificate, grid.caCertificate];
    expect(isIssued(peer, ...all)).toBe(true);
    expect(isIssued(peer, ...all.slice(0, -1))).toBe(false);
  });
  test('says so, and that it may sign certificates if it says what for it may be used', () => {
    expect([grid.caCertificate, ca(), ca({ keyUsage: undefined })].map(isCaCertificate)).toEqual([true, true, true]);
    expect([peer, 'no certificate', ca({ authority: false }), `${ca()}\n`].map(isCaCertificate)).not.toContain(true);
    const notForCertificates = ca({ keyUsage: keyUsages.digitalSignature });
    expect(isCaCertificate(notForCertificates)).toBe(false);
    expect(isIssued(peer, notForCertificates)).toBe(false);
    expect(isIssued(peer, ca({ authority: false }))).toBe(false);
  });
  test.each(['P-256', 'P-384'] as const)('on %s may sign with SHA-256 and SHA-384', (curve) => {
    const caKey = keyNamed('a CA', curve);
    const authority = ca({ key: caKey });
    const sha384 = Buffer.from('300a06082a8648ce3d040303', 'hex');
    const plan = {
      issuer: grid.caName,
      issuerKey: caKey,
      commonNames: ['peer0'],
      units: ['peer'],
      key: keyNamed('peer0'),
      serial: '02',
      notAfter: '491231235959Z',
      authority: false,
      keyUsage: keyUsages.digitalSignature,
    };
    const withSha384 = issueCertificate(plan, (parts) => {
      parts.algorithm = sha384;
      parts.outerAlgorithm = sha384;
    });
    expect([issueCertificate(plan), withSha384].map((pem) => isIssued(pem, authority))).toEqual([true, true]);
  });
  test.each(hostileKeys)('T41: is none with a hostile key: $name', ({ spki }) => {
    const hostile = ca({}, (parts) => {
      parts.key = spki;
    });
    expect(isCaCertificate(hostile)).toBe(false);
    expect(isIssued(peer, hostile)).toBe(false);
  });
  test('signs with either S, as Go and OpenSSL do', () => {
    const issued = Array.from({ length: 20 }, () => identityOf(grid).certificate);
    expect(new Set(issued).size).toBe(20);
    expect(issued.every((pem) => isIssued(pem, grid.caCertificate))).toBe(true);
  });
  test('signs all that is signed: no changed byte of a certificate is taken', () => {
    const bytes = Buffer.from(peer.split('\n').slice(1, -2).join(''), 'base64');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      const lines = changed.toString('base64').match(/.{1,64}/g) ?? [];
      const pem = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
      const taken = (): boolean => {
        try {
          return isIssued(pem, grid.caCertificate);
        } catch {
          return false;
        }
      };
      expect(taken()).toBe(false);
    }
  });
});

describe('T40: what is cached', () => {
  /** How many signatures of authorities are verified. */
  const verifications = (act: () => void): number => {
    const spied = jest.spyOn(crypto, 'verify');
    act();
    const count = spied.mock.calls.length;
    jest.restoreAllMocks();
    return count;
  };
  const authorities = members.map(({ caCertificate }) => caCertificate);

  test('are certificates that an authority issued: each is verified once', () => {
    isIssued(peer, ...authorities);
    expect(verifications(() => isIssued(peer, ...authorities))).toBe(0);
  });
  test('are not those of strangers, who neither are remembered nor displace what is', () => {
    isIssued(peer, ...authorities);
    const strangers = Array.from({ length: 1100 }, (_, index) =>
      identityOf({ ...grid, caKey: keyNamed('stranger') }, { serial: (0x10000 + index).toString(16).padStart(6, '0') }),
    );
    for (const { certificate } of strangers) expect(isIssued(certificate, ...authorities)).toBe(false);
    expect(verifications(() => isIssued(strangers[0]!.certificate, ...authorities))).toBe(1);
    expect(verifications(() => isIssued(peer, ...authorities))).toBe(0);
  });
  test('is known for the authority that issued it, and for no other', () => {
    isIssued(peer, grid.caCertificate);
    expect(isIssued(peer, chargingMember.caCertificate)).toBe(false);
    expect(() => isIssued(`\n${peer}`, grid.caCertificate.trimEnd())).toThrow('X.509');
  });
});
