// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, encode } from '../codec/codec';
import { trustRecordCodec } from '../records/configuration';
import { anyEvidenceCodec, type SourceEvidence, verifySourceEvidence } from './source-evidence';
import { codeOf } from '../testing';
import { changed, type Change } from '../testing/changed-vector';

describe('T43, T44: vectors of evidence that rests on what peers of a source answered', () => {
  const file = join(__dirname, '..', '..', 'vectors', 'source-evidence.json');
  const vector = JSON.parse(readFileSync(file, 'utf8')) as {
    name: string;
    trust: unknown;
    evidence: unknown;
    proven: unknown;
    refused: Change[];
    refusedUnder: Change[];
  }[];
  const verify = (evidence: string, trust: string): unknown =>
    verifySourceEvidence(decode(anyEvidenceCodec, evidence) as SourceEvidence, decode(trustRecordCodec, trust));
  const asText = (value: unknown): string => JSON.stringify(value);
  const cases = vector.flatMap(({ name, trust, evidence, refused, refusedUnder }) => [
    ...refused.map((change) => ({ ...change, of: name, trust: asText(trust), evidence: changed(evidence, change) })),
    ...refusedUnder.map((change) => ({
      ...change,
      of: name,
      trust: changed(trust, change),
      evidence: asText(evidence),
    })),
  ]);

  test.each(vector)('$name proves what it says, and is in its canonical form', ({ evidence, trust, proven }) => {
    expect(verify(asText(evidence), asText(trust))).toEqual(proven);
    expect(encode(anyEvidenceCodec, decode(anyEvidenceCodec, asText(evidence)))).toBe(asText(evidence));
  });
  test('there are some of each kind, about packets and about receipts', () => {
    const kinds = vector.map(({ proven }) => proven as { kind: string; about: string });
    expect(kinds.map(({ kind, about }) => `${kind} ${about}`)).toEqual(
      ['answers', 'absence'].flatMap((kind) => ['packets', 'receipts'].map((about) => `${kind} ${about}`)),
    );
  });
  test.each(cases)('$of, with or under $name, is refused', ({ evidence, trust, code }) => {
    expect(codeOf(() => verify(evidence, trust))).toBe(code);
  });
});
