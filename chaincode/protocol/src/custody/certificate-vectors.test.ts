// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, encode } from '../codec/codec';
import { trustRecordCodec } from '../records/configuration';
import { changed, type Change } from '../testing/changed-vector';
import * as testing from '../testing';
import { type Certificate, certificateCodec, type ModeCertificate, signedEvidenceOf } from './certificate';
import { verifySigned } from './certificate-digest';
import { verifyFederation } from './verify-federation';

/** Committed examples for other implementations: certificates of every version and custody mode. */
function vectors(file: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, '..', '..', 'vectors', file), 'utf8'));
}

/** Keys that do not count, and what follows. */
interface Suspended {
  readonly publicKeys: readonly string[];
  readonly code: string;
}

describe('certificate vectors', () => {
  const vector = vectors('certificate.json') as {
    trust: unknown;
    certificate: Certificate;
    batch: unknown;
    refused: Change[];
    refusedUnder: Change[];
    suspended: Suspended;
    compact: { certificate: Certificate; refused: Change[] };
    modes: { certificate: ModeCertificate; refused: Change[] }[];
  };
  const trust = decode(trustRecordCodec, JSON.stringify(vector.trust));
  const verify = (text: string, under = trust, suspended: readonly string[] = []): unknown => {
    return verifyFederation(decode(certificateCodec, text), under, new Set(suspended));
  };

  test('the certificate verifies under its trust record', () => {
    expect(verify(JSON.stringify(vector.certificate))).toEqual(testing.packetBatchFixture);
    expect(encode(certificateCodec, vector.certificate)).toBe(JSON.stringify(vector.certificate));
    expect(JSON.stringify(vector.batch)).toBe(testing.fixtureNamed('batch of packets').encoded);
  });
  test.each(vector.refused)('$name is refused', (change) => {
    expect(testing.codeOf(() => verify(changed(vector.certificate, change)))).toBe(change.code);
  });
  test.each(vector.refusedUnder)('under a trust record with $name it is refused', (change) => {
    const other = decode(trustRecordCodec, changed(vector.trust, change));
    expect(testing.codeOf(() => verify(JSON.stringify(vector.certificate), other))).toBe(change.code);
  });
  describe.each(vector.modes.map((each) => [each.certificate.evidence.mode, each] as const))(
    'in version 3, of the mode %s',
    (mode, { certificate: written, refused }) => {
      const text = JSON.stringify(written);
      const [custodian] = trust.committee.notaries;
      /** As a destination does whose lane has this mode, and the first notary as its custodian. */
      const judge = (of: string): unknown => {
        const certificate = decode(certificateCodec, of);
        if (mode === 'federation') return verifyFederation(certificate, trust, new Set());
        if (certificate.version !== 3) throw new Error('another version');
        const signers = mode === 'custodian' ? { notaries: [custodian!], threshold: 1 } : trust.committee;
        verifySigned(certificate.batch, signedEvidenceOf(certificate), signers, trust, new Set());
        return certificate.batch;
      };

      test('it verifies, and is in its canonical form', () => {
        expect(judge(text)).toEqual(testing.packetBatchFixture);
        expect(encode(certificateCodec, decode(certificateCodec, text))).toBe(text);
      });
      test.each(refused)('T10, T24, T52: $name is refused', (change) => {
        expect(testing.codeOf(() => judge(changed(written, change)))).toBe(change.code);
      });
    },
  );
  describe('in version 2', () => {
    const text = JSON.stringify(vector.compact.certificate);

    test('it says the same', () => {
      const certificate = decode(certificateCodec, text);
      expect(certificate).toEqual({ ...vector.certificate, version: 2 });
      expect(encode(certificateCodec, certificate)).toBe(text);
      expect(verify(text)).toEqual(testing.packetBatchFixture);
    });
    test.each(vector.compact.refused)('T24: $name is refused', (change) => {
      expect(testing.codeOf(() => verify(changed(vector.compact.certificate, change)))).toBe(change.code);
    });
  });
  test('T13: with the key of a signer suspended it is refused', () => {
    const { publicKeys, code } = vector.suspended;
    expect(testing.codeOf(() => verify(JSON.stringify(vector.certificate), trust, publicKeys))).toBe(code);
  });
});
