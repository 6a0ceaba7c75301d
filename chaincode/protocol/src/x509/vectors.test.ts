// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificateCorpus } from '../testing';
import { readIssuedCertificate } from './issued-certificate';
import { curveOfPublicKey } from './public-key';
import { readCertificate } from './read-certificate';

interface Vector {
  readonly name: string;
  readonly certificate: string;
}
const vectors = JSON.parse(readFileSync(join(__dirname, '..', '..', 'vectors', 'x509.json'), 'utf8')) as {
  /** Made by Fabric's tools and by OpenSSL. */
  readonly issued: readonly (Vector & { readonly authority: string; readonly facts: object })[];
  readonly accepted: readonly (Vector & { readonly facts: object })[];
  readonly refused: readonly (Vector & { readonly refused: string })[];
};

/** All that is said in the vectors of a certificate that is accepted. */
function factsIn(pem: string): object {
  const { subjectPublicKeyInfo, serialNumber, organizationalUnits, commonNames, ...facts } = readCertificate(pem);
  const { notBeforeMs, notAfterMs, authority, keyUsage } = facts;
  const curve = curveOfPublicKey(subjectPublicKeyInfo);
  return { serialNumber, organizationalUnits, commonNames, notBeforeMs, notAfterMs, authority, keyUsage, curve };
}

describe('T42: certificate vectors', () => {
  test.each(vectors.issued)('what real tools issue is accepted: $name', ({ certificate, authority, facts }) => {
    expect(factsIn(certificate)).toEqual(facts);
    expect(readIssuedCertificate(certificate, [authority])).toBeDefined();
  });
  test.each(vectors.accepted)('accepted: $name', ({ certificate, facts }) => {
    expect(factsIn(certificate)).toEqual(facts);
  });
  test.each(vectors.refused)('refused: $name', ({ certificate, refused }) => {
    expect(() => readCertificate(certificate)).toThrow(new Error(refused));
  });
  test('there is one of each kind that the tests know', () => {
    const names = [...vectors.accepted, ...vectors.refused].map(({ name }) => name);
    const known = certificateCorpus().map(({ name }) => name);
    const short = known.filter((name) => name !== 'more than 16,384 characters');
    expect([...names].sort()).toEqual(short.sort());
  });
});
