// SPDX-License-Identifier: Apache-2.0

import fc from 'fast-check';
import { type Certificate, certificateCodec, evidenceOf, proofIn, signedEvidenceOf } from './certificate';
import { verifyFederation } from './verify-federation';
import { decode, encode } from '../codec/codec';
import { Refused } from '../codec/refusal';
import { certify, certifyFor, city, members, packetBatchFixture as batch, proofOf, trustIn } from '../testing';
import { type Batch } from '../records/batch';

const trust = trustIn(city);
const seed = 20260;

/** Whether the text is a certificate that verifies. Any error but a refusal fails the test. */
function accepts(json: string): boolean {
  try {
    expect(verifyFederation(decode(certificateCodec, json), trust, new Set())).toEqual(batch);
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return false;
  }
}
function run<T>(mutant: fc.Arbitrary<T>, refused: (value: T) => boolean, numRuns: number): void {
  fc.assert(
    fc.property(mutant, (value) => refused(value)),
    { numRuns, seed },
  );
}

/** Every base64 text in the JSON of a certificate, and the JSON with another one in its place. */
function binaryFieldsIn(json: string): readonly { readonly get: string; readonly set: (value: string) => string }[] {
  const quoted = [
    ...json.matchAll(/"(?:[a-z]+(?:Header|Payload)|before|after|endorser|certificate|signature)":"([^"]+)"/g),
  ];
  return quoted.map(({ 0: whole, 1: get = '', index }) => {
    const from = index + whole.length - 1 - get.length;
    return { get, set: (value) => json.slice(0, from) + value + json.slice(from + get.length) };
  });
}
const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** A certificate of `federation` in each version, as honest signers make it. */
const made = {
  1: (of: Batch, under = trust): Certificate => certify(of, under, { version: 1 }),
  2: (of: Batch, under = trust): Certificate => certify(of, under, { version: 2 }),
  3: (of: Batch, under = trust): Certificate => certifyFor('federation', of, under),
};
const partsOf = (certificate: Certificate) => ({
  proof: proofIn(certificate)!,
  ...signedEvidenceOf(certificate),
});
/** The certificate with other parts in its evidence. */
const withParts = (certificate: Certificate, parts: Partial<ReturnType<typeof partsOf>>): Certificate => {
  if (certificate.version !== 3) return { ...certificate, ...parts };
  return { ...certificate, evidence: { ...evidenceOf(certificate), ...parts } as typeof certificate.evidence };
};

describe.each([
  [1, 11],
  [2, 12],
  [3, 12],
] as const)('T10: of 10,000 mutated certificates of version %i none is accepted', (version, fields) => {
  const valid = made[version](batch);
  const parts = partsOf(valid);
  const text = encode(certificateCodec, valid);
  const binaryFields = binaryFieldsIn(text);

  test('the unchanged one is', () => {
    expect(text).toContain(`{"version":${version.toString()},`);
    expect(accepts(text)).toBe(true);
    expect(binaryFields).toHaveLength(fields);
  });

  test('2,000 with a changed, inserted or removed byte in something signed or in a signature', () => {
    const mutant = fc.record({
      field: fc.constantFrom(...binaryFields),
      at: position,
      mask: fc.integer({ min: 1, max: 255 }),
      how: fc.constantFrom('change', 'insert', 'remove', 'cut', 'append'),
    });
    run(
      mutant,
      ({ field, at, mask, how }) => {
        const bytes = Buffer.from(field.get, 'base64');
        const index = Math.floor(at * bytes.length);
        const [before, after] = [bytes.subarray(0, index), bytes.subarray(index + 1)];
        const byte = bytes.subarray(index, index + 1);
        const mutated = {
          change: [before, Buffer.from([byte.readUInt8(0) ^ mask]), after],
          insert: [before, Buffer.from([mask]), byte, after],
          remove: [before, after],
          cut: [before],
          append: [bytes, Buffer.from([mask])],
        }[how as 'change'];
        const result = Buffer.concat(mutated);
        return result.equals(bytes) || !accepts(field.set(result.toString('base64')));
      },
      2000,
    );
  });

  test('7,000 with a changed, inserted or removed character', () => {
    const characters = Array.from('{}[]",:\\ 019AZaz+/=-_');
    const mutant = fc.record({
      at: position,
      added: fc.oneof(fc.constant(''), fc.constantFrom(...characters)),
      removed: fc.integer({ min: 0, max: 2 }),
    });
    run(
      mutant,
      ({ at, added, removed }) => {
        const index = Math.floor(at * text.length);
        const mutated = text.slice(0, index) + added + text.slice(index + removed);
        return mutated === text || !accepts(mutated);
      },
      7000,
    );
  });

  test('1,000 put together from parts of valid ones, with one notary or one organization too few', () => {
    const entry = batch.entries[0]!;
    const other = { ...batch, entries: [{ ...entry, quantity: entry.quantity + 1n }] };
    const strict = trustIn(city, { minimumOrganizations: 3 });
    const pool = [valid, made[version](other), made[version](batch, strict)].map(partsOf);
    const allNotaries = pool.flatMap(({ signatures }) => signatures);
    const allEndorsements = [
      ...proofOf(batch, { endorsers: members.map(({ client }) => client) }).endorsements,
      ...proofOf(other, { endorsers: members.map(({ peer }) => peer) }).endorsements,
    ];
    const few = fc.record({
      proof: fc.constantFrom(...pool.map(({ proof }) => proof)),
      endorsements: fc.array(fc.constantFrom(...allEndorsements), { minLength: 1, maxLength: 4 }),
      honest: fc.subarray([...parts.proof.endorsements], { maxLength: 1 }),
      signatures: fc.array(fc.constantFrom(...allNotaries.slice(3)), { maxLength: 4 }),
      honestNotaries: fc.subarray([...parts.signatures], { maxLength: 2 }),
      epoch: fc.constantFrom(6, 7, 8),
    });
    run(
      few,
      ({ proof, endorsements, honest, signatures, honestNotaries, epoch }) => {
        const certificates: Certificate[] = [
          withParts(valid, { proof: { ...proof, endorsements: [...honest, ...endorsements] }, epoch }),
          withParts(valid, { signatures: [...honestNotaries, ...signatures], epoch }),
        ];
        return certificates.every((certificate) => !accepts(encode(certificateCodec, certificate)));
      },
      500,
    );
  });
});
