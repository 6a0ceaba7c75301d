// SPDX-License-Identifier: Apache-2.0

import { chargingMember, grid, identityOf, keyNamed } from './testing';
import { type CertificateFacts, isCaCertificate, isIssuedBy, readCertificate, roleOf } from './x509';

const basicConstraints = '551d13';
const keyUsage = '551d0f';
const factsWith = (...extensions: readonly (readonly [string, string])[]): CertificateFacts =>
  readCertificate(identityOf(grid, { extensions }).certificate);

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

describe('T06: what a certificate allows', () => {
  test('is nothing without extensions', () => {
    expect(factsWith()).toMatchObject({ authority: false, digitalSignature: false });
  });
  test.each([
    ['digital signature', '03020780', true],
    ['digital signature among others', '030205a0', true],
    ['another use', '03020204', false],
    ['no bit', '030100', false],
    ['another type', '04020780', false],
  ])('a key usage of %s: %s', (_, value, digitalSignature) => {
    expect(factsWith([keyUsage, value])).toMatchObject({ authority: false, digitalSignature });
  });
  test.each([
    ['nothing', '3000', false],
    ['a path length only', '3003020101', false],
    ['true', '30030101ff', true],
    ['another true', '3003010101', true],
    ['false', '3003010100', false],
    ['true in two bytes', '30040102ff00', true],
  ])('basic constraints of %s: %s', (_, value, authority) => {
    expect(factsWith([basicConstraints, value])).toMatchObject({ authority, digitalSignature: false });
  });
  test('is judged extension by extension, in whatever order', () => {
    const both = [
      [basicConstraints, '30030101ff'],
      [keyUsage, '03020780'],
    ] as const;
    for (const extensions of [both, [...both].reverse()]) {
      expect(factsWith(...extensions)).toMatchObject({ authority: true, digitalSignature: true });
    }
  });
});

describe('T06: a CA', () => {
  test('is what its certificate says', () => {
    expect(isCaCertificate(grid.caCertificate)).toBe(true);
    expect(isCaCertificate(grid.peer.certificate)).toBe(false);
    expect(isCaCertificate('no certificate')).toBe(false);
  });
  test('issued what it signed under its name, and nothing else', () => {
    const [ca, otherCa, peer] = [grid.caCertificate, chargingMember.caCertificate, grid.peer.certificate].map(
      readCertificate,
    ) as [CertificateFacts, CertificateFacts, CertificateFacts];
    expect(isIssuedBy(peer, ca)).toBe(true);
    expect(isIssuedBy(peer, otherCa)).toBe(false);
    expect(isIssuedBy(ca, peer)).toBe(false);
    const namesake = identityOf({ ...grid, caKey: keyNamed('another') }, { commonNames: ['namesake'] });
    expect(isIssuedBy(readCertificate(namesake.certificate), ca)).toBe(false);
  });
});
