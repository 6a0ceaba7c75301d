// SPDX-License-Identifier: Apache-2.0

import { sign } from 'node:crypto';
import { decode, encode } from '../codec/codec';
import { endorsedProofCodec, verifyEndorsedProof } from './endorsed-proof';
import { mspIdCodec } from '../codec/identifiers';
import {
  certificateCorpus,
  charging,
  chargingMember,
  city,
  codeOf,
  grid,
  type Identity,
  identityOf,
  issueCertificate,
  keyNamed,
  keyUsages,
  microgridMember,
  packetBatchFixture as batch,
  proofOf,
  refusalOf,
  trustIn,
} from '../testing';
import { readCertificate, roleOf } from '../x509';

const trust = trustIn(city);
/** The proof of a peer of the microgrid's organization, who is beyond doubt, and of somebody. */
const verifyWith = (somebody: Identity, under = trust, sortFirst = true): unknown => {
  const honest = microgridMember.peer;
  const endorsers = sortFirst ? [somebody, honest] : [honest, somebody];
  return refusalOf(() => verifyEndorsedProof(proofOf(batch, { endorsers }), under));
};
const refusedAs = (code: string): object => ({ code, organization: 'GridMSP' });

describe('T06: who endorses', () => {
  test('a peer certified by its organization, with affiliations, is accepted', () => {
    expect(verifyWith(identityOf(grid))).toBe('accepted');
    expect(verifyWith(identityOf(grid, { units: ['org1', 'peer', 'department1'] }))).toBe('accepted');
  });
  test.each(['client', 'admin', 'orderer'] as const)('a certificate of the role %s is refused', (role) => {
    expect(verifyWith(grid[role])).toEqual(refusedAs('ENDORSER_NOT_PEER'));
    expect(verifyWith(grid[role], trust, false)).toEqual(refusedAs('ENDORSER_NOT_PEER'));
  });
  test.each([
    ['no role', { units: [] }],
    ['two roles', { units: ['peer', 'client'] }],
    ['one role twice', { units: ['peer', 'peer'] }],
    ['a role that only looks like it', { units: ['Peer'] }],
    ['the role as common name', { units: [], commonNames: ['OU=peer'] }],
    ['a role with a separator inside', { units: ['x,OU=peer'] }],
    ['no key usage', { keyUsage: undefined }],
    ['key usage of certificate signing only', { keyUsage: keyUsages.keyCertSign }],
  ])('a certificate with %s is refused', (_, changes) => {
    expect(verifyWith(identityOf(grid, changes))).toEqual(refusedAs('ENDORSER_NOT_PEER'));
  });
  test('a CA certificate is refused, even with the role of a peer', () => {
    const ca = { mspId: grid.mspId, certificate: grid.caCertificate, key: grid.caKey };
    expect(verifyWith(ca)).toEqual(refusedAs('ENDORSER_NOT_PEER'));
    expect(verifyWith(identityOf(grid, { authority: true }))).toEqual(refusedAs('ENDORSER_NOT_PEER'));
  });
  test('a certificate below a certificate that is not of a CA is refused', () => {
    const peer = identityOf(grid, { commonNames: ['peer5'], keyUsage: keyUsages.digitalSignature });
    const below = identityOf({ mspId: grid.mspId, caName: 'peer5', caKey: peer.key });
    expect(verifyWith(below)).toEqual(refusedAs('ENDORSER_STRANGER'));
    const naming = trustWithCa([peer.certificate]);
    expect(verifyWith(below, naming)).toEqual(refusedAs('ENDORSER_STRANGER'));
  });
  test('a self-signed stranger with the organization’s names is refused', () => {
    const key = keyNamed('stranger');
    const stranger = identityOf({ mspId: grid.mspId, caName: 'peer0.GridMSP', caKey: key }, { key });
    expect(verifyWith(stranger)).toEqual(refusedAs('ENDORSER_STRANGER'));
  });
  test('a stranger’s CA of the same name is refused', () => {
    const stranger = identityOf({ mspId: grid.mspId, caName: grid.caName, caKey: keyNamed('stranger ca') });
    expect(verifyWith(stranger)).toEqual(refusedAs('ENDORSER_STRANGER'));
  });
  test('the right CA’s key under another name is refused', () => {
    expect(verifyWith(identityOf({ ...grid, caName: 'ca.other' }))).toEqual(refusedAs('ENDORSER_STRANGER'));
  });
  test('a peer of another organization cannot speak for this one', () => {
    const disguised = { ...chargingMember.peer, mspId: grid.mspId };
    expect(verifyWith(disguised)).toEqual(refusedAs('ENDORSER_STRANGER'));
  });
  test('an organization outside the trust record is refused', () => {
    const outside = { ...grid.peer, mspId: mspIdCodec.decode('OutsideMSP', '') };
    expect(verifyWith(outside)).toEqual({ code: 'ENDORSER_STRANGER', organization: 'OutsideMSP' });
  });
  test('any of an organization’s CAs will do', () => {
    expect(verifyWith(grid.peer, trustWithCa([chargingMember.caCertificate, grid.caCertificate]))).toBe('accepted');
    expect(verifyWith(grid.peer, trustWithCa([chargingMember.caCertificate]))).toEqual(refusedAs('ENDORSER_STRANGER'));
  });
  test('an organization can name its peers’ unit otherwise', () => {
    const organizations = trust.organizations.map((o) => (o.mspId === grid.mspId ? { ...o, peerUnit: 'node' } : o));
    const renamed = { ...trust, organizations };
    expect(verifyWith(identityOf(grid, { units: ['node'] }), renamed)).toBe('accepted');
    expect(verifyWith(grid.peer, renamed)).toEqual(refusedAs('ENDORSER_NOT_PEER'));
    expect(verifyWith(identityOf(grid, { units: ['node', 'client'] }), renamed)).toEqual(
      refusedAs('ENDORSER_NOT_PEER'),
    );
  });
  test('something that is no certificate is refused', () => {
    for (const certificate of ['hello', grid.caCertificate.slice(0, 200)]) {
      expect(verifyWith({ ...grid.peer, certificate })).toMatchObject({
        code: 'PROOF_MALFORMED',
        field: 'endorser.certificate',
      });
    }
  });
  test('T41, T42: a certificate that is not in strict form is refused as such, before who issued it matters', () => {
    for (const { name, pem, refused } of certificateCorpus()) {
      const refusal = verifyWith({ ...grid.peer, certificate: pem });
      if (refused !== undefined) {
        expect({ name, refusal }).toMatchObject({
          name,
          refusal: { code: 'PROOF_MALFORMED', field: 'endorser.certificate' },
        });
      } else {
        expect({ name, refusal }).not.toMatchObject({ refusal: { code: 'PROOF_MALFORMED' } });
      }
    }
  });
  test('a signature by a key that is not the certificate’s is refused', () => {
    expect(verifyWith({ ...grid.peer, key: keyNamed('other') })).toMatchObject({ code: 'SIGNATURE_INVALID' });
  });
  test('a peer with a key of another curve is refused, though its signature is right', () => {
    const peer = identityOf(grid, { key: keyNamed('p384', 'P-384') });
    const endorsers = [peer, microgridMember.peer];
    const proof = proofOf(batch, { endorsers, sign: (key, bytes) => sign('sha256', bytes, key) });
    expect(refusalOf(() => verifyEndorsedProof(proof, trust))).toEqual({
      code: 'SIGNATURE_INVALID',
      signer: 'GridMSP',
    });
  });
});

describe('T07: distinct organizations are counted', () => {
  test('two peers of one organization are not two organizations', () => {
    const endorsers = [grid.peer, identityOf(grid)];
    expect(refusalOf(() => verifyEndorsedProof(proofOf(batch, { endorsers }), trust))).toEqual({
      code: 'ENDORSER_REPEATED',
      organization: 'GridMSP',
    });
  });
  test('one endorsement twice is refused, even above the minimum', () => {
    const endorsers = [grid.peer, microgridMember.peer, grid.peer];
    expect(codeOf(() => verifyEndorsedProof(proofOf(batch, { endorsers }), trust))).toBe('ENDORSER_REPEATED');
  });
  test('an endorsement above the minimum must be as good as the others', () => {
    const endorsers = [grid.peer, microgridMember.peer, chargingMember.client];
    expect(codeOf(() => verifyEndorsedProof(proofOf(batch, { endorsers }), trust))).toBe('ENDORSER_NOT_PEER');
  });
  test('more than 16 endorsements are refused as they are read, and so is none', () => {
    const proof = proofOf(batch);
    const [one] = proof.endorsements;
    for (const count of [0, 17]) {
      const text = encode(endorsedProofCodec, { ...proof, endorsements: Array.from({ length: count }, () => one!) });
      expect(refusalOf(() => decode(endorsedProofCodec, text))).toMatchObject({ field: 'endorsements' });
    }
  });
});

describe('T13: certificates out of use', () => {
  const revoking = (serial: string, mspId = 'GridMSP'): typeof trust => ({
    ...trust,
    organizations: trust.organizations.map((o) => (o.mspId === mspId ? { ...o, revokedSerials: ['FF', serial] } : o)),
  });

  test('a revoked one is refused', () => {
    expect(verifyWith(grid.peer, revoking('1001'))).toEqual(refusedAs('ENDORSER_REVOKED'));
  });
  test('a serial number that another organization revoked does not count here', () => {
    expect(verifyWith(grid.peer, revoking('1001', 'ChargingMSP'))).toBe('accepted');
    expect(verifyWith(grid.peer, revoking('1002'))).toBe('accepted');
  });
  test.each(['0A', 'A', '00A'])('a serial number is revoked however many zeros lead it: %s', (serial) => {
    expect(verifyWith(identityOf(grid, { serial: '0a' }), revoking(serial))).toEqual(refusedAs('ENDORSER_REVOKED'));
  });
  test('a serial number with its highest bit set is revoked as openssl prints it', () => {
    const peer = identityOf(grid, { serial: 'f0a1' });
    expect(verifyWith(peer, revoking('F0A1'))).toEqual(refusedAs('ENDORSER_REVOKED'));
    expect(verifyWith(peer, revoking('00F0A1'))).toEqual(refusedAs('ENDORSER_REVOKED'));
  });
  test('an expired one is judged as any other, because peers do not judge it either', () => {
    const expired = identityOf(grid, { notAfter: '210101000000Z', commonNames: ['old'] });
    expect(verifyWith(expired)).toBe('accepted');
  });
});

describe('certificates', () => {
  test('tell names, units and role from their bytes', () => {
    const { certificate } = identityOf(grid, { units: ['a', 'peer', 'b'], commonNames: ['x, CN=y', 'z'] });
    const facts = readCertificate(certificate);
    expect(facts).toMatchObject({
      organizationalUnits: ['a', 'peer', 'b'],
      commonNames: ['x, CN=y', 'z'],
      keyUsage: { digitalSignature: true },
    });
    expect(roleOf(facts)).toBe('peer');
    expect(roleOf({ ...facts, organizationalUnits: ['client', 'admin'] })).toBeUndefined();
  });
  test('of the organizations on two chains are trusted only as each trust record says', () => {
    const lone = trustIn(charging, { organizations: trust.organizations.slice(0, 1), minimumOrganizations: 1 });
    const proof = proofOf(batch, { channel: 'charging', endorsers: [grid.peer] });
    expect(refusalOf(() => verifyEndorsedProof(proof, lone))).toEqual({
      code: 'PROOF_FOREIGN',
      field: 'batch.sourceChainId',
    });
  });
});

function trustWithCa(caCertificates: readonly string[]): typeof trust {
  const organizations = trust.organizations.map((o) => (o.mspId === grid.mspId ? { ...o, caCertificates } : o));
  return { ...trust, organizations };
}

test('T06: a chain of one, a CA certificate that signs for itself as peer, is refused', () => {
  const key = keyNamed('chain of one');
  const certificate = issueCertificate({
    issuer: 'one',
    issuerUnits: ['peer'],
    issuerKey: key,
    commonNames: ['one'],
    units: ['peer'],
    key,
    serial: '05',
    notAfter: '491231235959Z',
    authority: true,
    keyUsage: keyUsages.keyCertSign | keyUsages.digitalSignature,
  });
  const one = { mspId: grid.mspId, certificate, key };
  expect(verifyWith(one)).toEqual(refusedAs('ENDORSER_STRANGER'));
  expect(verifyWith(one, trustWithCa([certificate]))).toEqual(refusedAs('ENDORSER_NOT_PEER'));
});
