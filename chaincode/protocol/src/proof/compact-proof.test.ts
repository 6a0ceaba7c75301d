// SPDX-License-Identifier: Apache-2.0

import { encodeBatch } from '../records/batch';
import { type Certificate, certificateCodec, type EarlierCertificate, proofIn } from '../custody/certificate';
import { verifyFederation } from '../custody/verify-federation';
import { decode, decodeRequest, encode } from '../codec/codec';
import { readChaincodeAction } from './fabric-message';
import {
  certify,
  city,
  codeOf,
  message,
  packetBatchOf,
  packetBatchFixture as batch,
  packetWith,
  type ProofPlan,
  proofOf,
  refusalOf,
  trustIn,
} from '../testing';

const trust = trustIn(city);
const certificate = certify(batch, trust, { version: 2 });
const text = encode(certificateCodec, certificate);
const plain = encode(certificateCodec, { ...certificate, version: 1 });

interface Written {
  readonly proof: Readonly<Record<'before' | 'after', string>> & {
    readonly batch: { readonly entries: readonly object[] };
    readonly endorsements: readonly object[];
  };
}
const written = JSON.parse(text) as Written;
const withProof = (changes: object): string => JSON.stringify({ ...written, proof: { ...written.proof, ...changes } });
const verify = (json: string): void => {
  verifyFederation(decodeRequest(certificateCodec, json), trust, new Set());
};
/** As a request takes it. */
const refused = (json: string): unknown => refusalOf(() => verify(json));
const misplaced = {
  code: 'REQUEST_MALFORMED',
  field: 'proof.before',
  expected: 'the bytes of the response payload before and after the batch',
};

describe('a certificate of version 2', () => {
  test('says what version 1 says, byte for byte, in fewer', () => {
    expect(proofIn(decode(certificateCodec, text))).toEqual(proofIn(decode(certificateCodec, plain)));
    expect(text.length).toBeLessThan(plain.length);
    expect(written.proof.batch).toEqual(JSON.parse(encodeBatch(batch)));
    expect([plain, text].map(refused)).toEqual(['accepted', 'accepted']);
  });
  test('is written as version 1 when what was signed has another form', () => {
    const pem = (certificatePem: string): Partial<ProofPlan> => ({
      edit: (part, bytes) => (part === 'endorser' ? message([1, 'GridMSP'], [2, certificatePem]) : bytes),
    });
    const [begin, end] = ['-----BEGIN CERTIFICATE-----\n', '\n-----END CERTIFICATE-----\n'];
    const others: readonly Partial<ProofPlan>[] = [
      { payload: '{}' },
      { payload: encodeBatch(batch).replace(',', ', ') },
      { edit: (part, bytes) => (part === 'action' ? Buffer.from('no message') : bytes) },
      { edit: (part, bytes) => (part === 'endorser' ? Buffer.concat([bytes, message([3, 'more'])]) : bytes) },
      { edit: (part, bytes) => (part === 'endorser' ? message([1, 'Grid MSP'], [2, `${begin}AQID${end}`]) : bytes) },
      ...['AQID', `${begin}AQID${end.trimEnd()}`, `${begin}AQIE\n${end}`, `${begin}AQIDBB==${end}`].map(pem),
      ...[`${begin}${'AQID'.repeat(17)}${end}`, `\n${begin}AQID${end}`].map(pem),
    ];
    for (const other of others) {
      const json = encode(certificateCodec, { ...certificate, proof: proofOf(batch, other) });
      expect(json).toMatch(/^\{"version":1,/);
      expect(proofIn(decode(certificateCodec, json))).toEqual(proofOf(batch, { ...other, sign: signed(json) }));
    }
    const good: Certificate = { ...certificate, proof: proofOf(batch, pem(`${begin}AQID${end}`)) };
    expect(encode(certificateCodec, good)).toMatch(/^\{"version":2,/);
  });
  test('of a version that there is not is refused', () => {
    for (const version of [0, 3, '2', null, undefined]) {
      expect(codeOf(() => decode(certificateCodec, JSON.stringify({ ...written, version })))).toBe('REQUEST_MALFORMED');
    }
    for (const [of, version] of [
      [text, 1],
      [plain, 2],
    ] as const) {
      const mixed = JSON.stringify({ ...(JSON.parse(of) as object), version });
      expect(refused(mixed)).toMatchObject({ code: 'REQUEST_MALFORMED', field: 'proof' });
    }
  });
});

/** Signatures are random: those that the certificate has, in turn. */
function signed(json: string): () => Buffer {
  const { endorsements } = (JSON.parse(json) as EarlierCertificate).proof;
  let next = 0;
  return () => Buffer.from(endorsements[next++]?.signature ?? '', 'base64');
}

describe('T24: one way to write the bytes', () => {
  const { before, after } = written.proof;
  const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');

  test.each([
    ['the first part short of its end', bytes(before).subarray(0, -1), bytes(after)],
    ['the first part short of its beginning', bytes(before).subarray(1), bytes(after)],
    ['a byte more before the batch', Buffer.concat([bytes(before), Buffer.from('{')]), bytes(after)],
    ['a byte more after it', bytes(before), Buffer.concat([bytes(after), Buffer.from('}')])],
    ['a byte less after it', bytes(before), bytes(after).subarray(1)],
    ['nothing before it', Buffer.alloc(0), bytes(after)],
    ['nothing after it', bytes(before), Buffer.alloc(0)],
    ['nothing around it', Buffer.alloc(0), Buffer.alloc(0)],
    ['the parts exchanged', bytes(after), bytes(before)],
    ['the whole answer before it', bytes(certificate.proof.responsePayload), Buffer.alloc(0)],
    ['the whole answer after it', Buffer.alloc(0), bytes(certificate.proof.responsePayload)],
  ])('%s is refused', (_, first, last) => {
    const json = withProof({ before: first.toString('base64'), after: last.toString('base64') });
    expect(refused(json)).toEqual(misplaced);
  });
  test('where the answer holds the batch several times, only the place of the payload counts', () => {
    const copy = encodeBatch(batch);
    const edit: ProofPlan['edit'] = (part, whole) => {
      if (part === 'response') return message([1, 200], [2, copy], [3, copy]);
      if (part !== 'action') return whole;
      const { response, chaincodeId } = readChaincodeAction(whole);
      return message([1, copy], [2, copy], [3, response], [4, chaincodeId]);
    };
    const several = { ...certificate, proof: proofOf(batch, { edit }) };
    const json = encode(certificateCodec, several);
    expect(decode(certificateCodec, json)).toEqual(several);
    expect(refused(json)).toBe('accepted');
    const { proof } = JSON.parse(json) as Written;
    const signedText = bytes(several.proof.responsePayload).toString('latin1');
    const starts = [...signedText.matchAll(/\{"version":2,"kind"/g)].map(({ index }) => index);
    expect(starts).toHaveLength(4);
    const at = (start: number): unknown => {
      const [first, last] = [signedText.slice(0, start), signedText.slice(start + copy.length)].map((part) =>
        Buffer.from(part, 'latin1').toString('base64'),
      );
      return refused(JSON.stringify({ ...several, proof: { ...proof, before: first, after: last } }));
    };
    expect(starts.map(at)).toEqual([misplaced, misplaced, misplaced, 'accepted']);
  });
  test.each([
    ['before', ' ', ''],
    ['after', '', ' '],
  ])('an answer that has more %s the batch is refused', (_, more, rest) => {
    const answer = more + encodeBatch(batch) + rest;
    const { responsePayload, ...proof } = proofOf(batch, { payload: answer });
    const whole = bytes(responsePayload);
    const start = whole.indexOf(answer) + more.length;
    const first = whole.subarray(0, start).toString('base64');
    const last = whole.subarray(start + encodeBatch(batch).length).toString('base64');
    const { endorsements } = written.proof;
    const parts = { ...proof, before: first, batch: written.proof.batch, after: last, endorsements };
    expect(refused(JSON.stringify({ ...written, proof: parts }))).toEqual(misplaced);
  });
  test('base64 of another spelling is refused', () => {
    expect(refused(withProof({ before: `${before}\n` }))).toMatchObject({ field: 'proof.before', expected: 'base64' });
    expect(refused(withProof({ after: `${after}=` }))).toMatchObject({ field: 'proof.after', expected: 'base64' });
  });
  test('a batch with its fields in another order is one and the same in a request, and refused in a file', () => {
    const { entries, ...others } = written.proof.batch;
    const json = withProof({ batch: { entries, ...others } });
    expect(refused(json)).toBe('accepted');
    expect(refusalOf(() => decode(certificateCodec, json))).toMatchObject({ code: 'REQUEST_MALFORMED', field: '' });
  });
  test('with a batch that is none it is refused, and the place named', () => {
    const [first, ...others] = written.proof.batch.entries;
    const entries = [{ ...first, quantity: '01' }, ...others];
    const wrong = withProof({ batch: { ...written.proof.batch, entries } });
    expect(refused(wrong)).toMatchObject({ code: 'REQUEST_MALFORMED', field: 'proof.batch.entries[0].quantity' });
  });
});

describe('T10: what is in the open is signed as before', () => {
  test('another quantity, of as many digits and of more', () => {
    const other = (quantity: bigint): string => {
      const changed = packetBatchOf(packetWith({ quantity }), ...batch.entries.slice(1));
      return withProof({ batch: JSON.parse(encodeBatch(changed)) as object });
    };
    expect(refused(other(batch.entries[0]!.quantity))).toBe('accepted');
    expect(refused(other(101n))).toMatchObject({ code: 'SIGNATURE_INVALID' });
    expect(refused(other(1001n))).toEqual(misplaced);
  });
  test('entries left out, doubled and exchanged', () => {
    const [first, second] = written.proof.batch.entries;
    const of = (entries: readonly unknown[]): unknown =>
      refused(withProof({ batch: { ...written.proof.batch, entries } }));
    expect(of([first])).toEqual(misplaced);
    expect(of([first, second, second])).toEqual(misplaced);
    expect(of([second, first])).toMatchObject({ code: 'SIGNATURE_INVALID' });
  });
  test('an endorser under the name of another organization', () => {
    const [first, second] = written.proof.endorsements;
    const as = (mspId: string): unknown => refused(withProof({ endorsements: [{ ...first, mspId }, second] }));
    expect(as('RegulatorMSP')).toMatchObject({ code: 'ENDORSER_STRANGER' });
    expect(as('MicrogridMSP')).toMatchObject({ code: 'ENDORSER_REPEATED' });
    expect(as('Grid MSP')).toMatchObject({ code: 'REQUEST_MALFORMED', field: 'proof.endorsements[0].mspId' });
  });
});

describe('T34: a compact proof has the bounds of the other', () => {
  test('16 endorsements and no more', () => {
    const [first] = written.proof.endorsements;
    const of = (length: number): unknown => refused(withProof({ endorsements: Array.from({ length }, () => first) }));
    expect(of(16)).toMatchObject({ code: 'ENDORSER_REPEATED' });
    expect([of(0), of(17)]).toMatchObject([{ field: 'proof.endorsements' }, { field: 'proof.endorsements' }]);
  });
  test('512 KiB of what was signed', () => {
    const edit: ProofPlan['edit'] = (part, bytes) =>
      part === 'action' ? Buffer.concat([message([1, Buffer.alloc(512 * 1024)]), bytes]) : bytes;
    const json = encode(certificateCodec, { ...certificate, proof: proofOf(batch, { edit }) });
    expect(json).toMatch(/^\{"version":2,/);
    expect(refused(json)).toMatchObject({ code: 'PROOF_MALFORMED', field: 'proof' });
  });
});
