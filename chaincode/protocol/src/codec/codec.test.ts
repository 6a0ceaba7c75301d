// SPDX-License-Identifier: Apache-2.0

import fc from 'fast-check';
import {
  base64Codec,
  decimal,
  decode,
  decodeRequest,
  encode,
  integer,
  list,
  oneOf,
  record,
  type Codec,
  type Decoded,
  text,
  variant,
  version2,
} from './codec';
import { type Lane, laneCodec } from '../records/configuration';
import {
  accountCodec,
  assetIdCodec,
  chainIdCodec,
  escrowIdCodec,
  hashCodec,
  laneIdCodec,
  limits,
  memoCodec,
  mspIdCodec,
  noteIdCodec,
  packetIdCodec,
  txIdCodec,
} from './identifiers';
import { type Note, noteCodec, type Packet, packetCodec, type Receipt, receiptCodec } from '../records/records';
import { transferRequestCodec } from '../custody/requests';
import { codeOf, refusalOf, fixtureNamed, fixtures } from '../testing';

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdef')), minLength: length, maxLength: length });
const chainId = hex(64).map((digits) => chainIdCodec.decode(`city-${digits}`, ''));
const laneId = fc.stringMatching(/^[a-z][a-z0-9-]{0,63}$/).map((id) => laneIdCodec.decode(id, ''));
const asset = fc
  .stringMatching(/^[a-z][a-z0-9.-]{0,20}\/[a-z][a-z0-9-]{0,31}$/)
  .map((id) => assetIdCodec.decode(id, ''));
const account = fc
  .stringMatching(/^[A-Za-z0-9.-]{1,20}\/[A-Za-z0-9@._-]{1,40}$/)
  .map((name) => accountCodec.decode(name, ''));
const txId = hex(64).map((digits) => txIdCodec.decode(digits, ''));
const packetId = hex(64).map((digits) => packetIdCodec.decode(digits, ''));
const label = fc.record({ home: chainId, path: fc.array(laneId, { maxLength: limits.pathLength }) });
const quantity = fc.bigInt({ min: 1n, max: limits.quantity });
const memo = fc.stringMatching(/^[\x20-\x7e]{0,128}$/);
const index = fc.integer({ min: 0, max: 9999 });
const bytesAsText = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const version = fc.constant(1 as const);

const note: fc.Arbitrary<Note> = fc.record({
  version,
  id: fc.tuple(hex(16), hex(64), index).map(([tag, tx, i]) => noteIdCodec.decode(`${tag}-${tx}-${i.toString()}`, '')),
  owner: account,
  asset,
  label,
  quantity,
  memo,
});
const packet: fc.Arbitrary<Packet> = fc.record({
  version,
  id: packetId,
  laneId,
  sourceChainId: chainId,
  destinationChainId: chainId,
  txId,
  index,
  kind: fc.constantFrom('transfer' as const, 'retirement' as const),
  sender: account,
  recipient: account,
  asset,
  label,
  quantity,
  memo,
  deadlineMs: fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }),
});
const receipt: fc.Arbitrary<Receipt> = fc.record({
  version,
  packetId,
  packetHash: hex(64),
  laneId,
  outcome: fc.constantFrom('received' as const, 'refused' as const),
  code: fc.stringMatching(/^[A-Z_]{0,64}$/),
});
const lane: fc.Arbitrary<Lane> = fc.record({
  version: fc.constant(2 as const),
  id: laneId,
  returnLaneId: laneId,
  sourceChainId: chainId,
  destinationChainId: chainId,
  custody: fc.constant({ mode: 'federation' as const }),
  assets: fc.array(asset, { minLength: 1, maxLength: 64 }),
  maximumQuantity: quantity,
  window: fc.record({
    lengthMs: fc.bigInt({ min: 60_000n, max: 31n * 24n * 3_600_000n }),
    quantity,
    shards: fc.integer({ min: 1, max: 256 }),
  }),
});

describe('T24: canonical records', () => {
  test('every note, packet, receipt and lane decodes to what was encoded', () => {
    const roundTrip = fc.oneof(
      note.map((value) => [value, decode(noteCodec, encode(noteCodec, value))]),
      packet.map((value) => [value, decode(packetCodec, encode(packetCodec, value))]),
      receipt.map((value) => [value, decode(receiptCodec, encode(receiptCodec, value))]),
      lane.map((value) => [value, decode(laneCodec, encode(laneCodec, value))]),
    );
    fc.assert(
      fc.property(roundTrip, ([value, decoded]) => expect(decoded).toEqual(value)),
      { numRuns: 200 },
    );
  });

  test('different notes have different texts', () => {
    fc.assert(
      fc.property(note, note, (a, b) => {
        expect(encode(noteCodec, a) === encode(noteCodec, b)).toBe(
          JSON.stringify(plain(a)) === JSON.stringify(plain(b)),
        );
      }),
    );
  });

  test('whatever edit of a text is accepted, it encodes to that very text', () => {
    const pieces = [
      '"',
      '{',
      '}',
      ',',
      ':',
      '\\',
      '0',
      '1e3',
      '-0',
      ' ',
      '\n',
      '\ufeff',
      '\u0000',
      '__proto__',
      'null',
    ];
    const edit = fc.record({
      fixture: fc.constantFrom(...fixtures),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      removed: fc.nat(12),
      added: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 }), hex(1)),
    });
    let accepted = 0;
    fc.assert(
      fc.property(edit, ({ fixture, at, removed, added }) => {
        const start = Math.floor(at * fixture.encoded.length);
        const edited = fixture.encoded.slice(0, start) + added + fixture.encoded.slice(start + removed);
        const code = codeOf(() => {
          expect(fixture.encode(edited)).toBe(edited);
          accepted += 1;
        });
        expect(['accepted', 'REQUEST_MALFORMED']).toContain(code);
      }),
      { numRuns: 1500 },
    );
    expect(accepted).toBeGreaterThan(0);
  });

  test('whatever JSON value is offered as a record, nothing but a refusal comes of it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fixtures), fc.jsonValue(), (fixture, value) => {
        const text = JSON.stringify(value);
        // Some records are lists that may be empty, or have no fields.
        fc.pre(text !== '[]' && text !== '{}');
        expect(codeOf(() => fixture.decode(text))).toBe('REQUEST_MALFORMED');
      }),
    );
  });

  test('whatever text is offered as a record, nothing but a refusal comes of it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fixtures), bytesAsText, (fixture, value) => {
        expect(codeOf(() => fixture.decode(value))).toBe('REQUEST_MALFORMED');
      }),
    );
  });
});

describe('T23: hostile text', () => {
  const plainNote = fixtureNamed('note').encoded;

  test.each([
    ['64 kB of owner', plainNote.replace('GridMSP/alice', `GridMSP/${'a'.repeat(65536)}`)],
    ['64 kB of memo', plainNote.replace(/"memo":.*}$/, `"memo":"${'m'.repeat(65536)}"}`)],
    ['64 kB of digits', plainNote.replace(/"quantity":"\d+"/, `"quantity":"${'1'.repeat(65536)}"`)],
    ['64 kB of path', plainNote.replace(/"path":\[[^\]]*\]/, `"path":${JSON.stringify(Array(16384).fill('a'))}`)],
    ['deep nesting', '['.repeat(200_000) + ']'.repeat(200_000)],
    ['an open nesting', '{"a":'.repeat(100_000)],
  ])('%s is refused', (_, json) => {
    expect(codeOf(() => decode(noteCodec, json))).toBe('REQUEST_MALFORMED');
    expect(codeOf(() => decodeRequest(noteCodec, json))).toBe('REQUEST_MALFORMED');
  });
  test('text above the maximum length is refused before it is parsed', () => {
    const expected = 'text of at most 10 characters';
    expect(refusalOf(() => decode(list(integer(0, 9), 0, 99), '[1,2,3,4,5]', 10))).toMatchObject({ expected });
    expect(decode(list(integer(0, 9), 0, 99), '[1,2,3,4]', 10)).toEqual([1, 2, 3, 4]);
  });
  test('a __proto__ field changes no prototype', () => {
    const json = '{"__proto__":{"noteIds":[]},"outputs":[]}';
    expect(codeOf(() => decodeRequest(transferRequestCodec, json))).toBe('REQUEST_MALFORMED');
    expect(Object.hasOwn(Object.prototype, 'noteIds')).toBe(false);
  });
});

describe('requests', () => {
  const pair = record<{ a: number; b: string }>({ a: integer(0, 9), b: text(/^[a-z]{0,3}$/, 'letters') });
  const one = record<{ kind: 'a'; one: number }>({ kind: oneOf('a'), one: integer(0, 9) });
  const two = record<{ kind: 'b'; two: number }>({ kind: oneOf('b'), two: integer(0, 9) });
  const either = variant<Decoded<typeof one> | Decoded<typeof two>>({ a: one, b: two });

  test('name their fields in any order', () => {
    expect(decodeRequest(pair, '{"b":"x","a":1}')).toEqual({ a: 1, b: 'x' });
    expect(codeOf(() => decode(pair, '{"b":"x","a":1}'))).toBe('REQUEST_MALFORMED');
  });
  test.each([
    ['white space', '{"a":1, "b":"x"}'],
    ['a field twice', '{"a":1,"a":1,"b":"x"}'],
    ['1e0', '{"a":1e0,"b":"x"}'],
    ['-0', '{"a":-0,"b":"x"}'],
    ['a unicode escape', '{"a":1,"b":"\\u0078"}'],
    ['trailing data', '{"a":1,"b":"x"} '],
    ['a byte order mark', '\ufeff{"a":1,"b":"x"}'],
  ])('T24: %s is refused', (_, json) => {
    expect(codeOf(() => decodeRequest(pair, json))).toBe('REQUEST_MALFORMED');
  });
  test.each<[string, Pick<Codec<unknown>, 'decode'>, string, string, string]>([
    ['text', list(pair, 0, 2), '[{"a":1,"b":"x"},{"a":1,"b":"X"}]', '[1].b', 'letters'],
    ['an integer', pair, '{"a":10,"b":"x"}', 'a', 'an integer from 0 to 9'],
    ['a version', version2, '1', '', '2'],
    ['a word', oneOf('a', 'b'), '"c"', '', '"a" or "b"'],
    ['a decimal', decimal(1n, 20n), '"07"', '', 'a decimal string from 1 to 20, no sign, no leading zero'],
    ['a decimal in bounds', decimal(1n, 20n), '"21"', '', 'a decimal string from 1 to 20, no sign, no leading zero'],
    ['base64', base64Codec, '"YQ"', '', 'base64'],
    ['a list of that length', list(pair, 1, 2), '[]', '', 'a list of 1 to 2'],
    ['a record', list(pair, 1, 2), '[[]]', '[0]', 'a record'],
    ['no other field', pair, '{"a":1,"b":"x","c":1}', '', 'only the fields a, b'],
    ['a known kind', either, '{"kind":"c"}', 'kind', '"a" or "b"'],
    ['any kind', either, '[7]', 'kind', '"a" or "b"'],
    ['JSON', pair, '{', '', 'JSON'],
  ])('a refusal names the field and what it should be: %s', (_, codec, json, field, expected) => {
    const refusal = { code: 'REQUEST_MALFORMED', field, expected };
    for (const read of [decode, decodeRequest]) {
      expect(refusalOf(() => read(codec as Codec<unknown>, json))).toEqual(refusal);
    }
  });
  test('a refusal of another spelling says so', () => {
    const malformed = { code: 'REQUEST_MALFORMED', field: '' };
    expect(refusalOf(() => decode(pair, '{"b":"x","a":1}'))).toEqual({
      ...malformed,
      expected: 'the canonical encoding (docs/spec/01-encoding.md)',
    });
    expect(refusalOf(() => decodeRequest(pair, '{"b":"x", "a":1}'))).toEqual({
      ...malformed,
      expected: 'JSON without white space, each field once',
    });
  });
  test('records are told apart by their kind', () => {
    for (const json of ['{"kind":"a","one":1}', '{"kind":"b","two":2}']) {
      expect(encode(either, decode(either, json))).toBe(json);
    }
    expect(codeOf(() => decode(either, '{"kind":"a","two":2}'))).toBe('REQUEST_MALFORMED');
  });
  test('T34: text is at most 1,048,576 characters long', () => {
    const any = text(/^[a-z]*$/, 'letters');
    for (const read of [decode, decodeRequest]) {
      expect(read(any, JSON.stringify('a'.repeat(1_048_574)))).toHaveLength(1_048_574);
      expect(refusalOf(() => read(any, JSON.stringify('a'.repeat(1_048_575))))).toEqual({
        code: 'REQUEST_MALFORMED',
        field: '',
        expected: 'text of at most 1048576 characters',
      });
      expect(refusalOf(() => read(any, 7 as never))).toMatchObject({ expected: 'text of at most 1048576 characters' });
    }
  });
});

describe('bounds of identifiers', () => {
  const digits = '0123456789abcdef'.repeat(4);

  test.each([
    ['chain id', chainIdCodec, `a${'b'.repeat(63)}-${digits}`, `a${'b'.repeat(64)}-${digits}`],
    ['lane id', laneIdCodec, 'a'.repeat(64), 'a'.repeat(65)],
    ['asset id', assetIdCodec, `city/${'a'.repeat(32)}`, `city/${'a'.repeat(33)}`],
    ['MSP id', mspIdCodec, 'A'.repeat(64), 'A'.repeat(65)],
    ['hash', hashCodec, digits, `${digits}0`],
    ['account', accountCodec, `${'A'.repeat(64)}/${'a'.repeat(128)}`, `${'A'.repeat(64)}/${'a'.repeat(129)}`],
    ['memo', memoCodec, ' '.repeat(128), ' '.repeat(129)],
    ['transaction id', txIdCodec, digits, `${digits}0`],
    ['packet id', packetIdCodec, digits, digits.toUpperCase()],
    ['note id', noteIdCodec, `${digits.slice(0, 16)}-${digits}-9999`, `${digits.slice(0, 16)}-${digits}-10000`],
    ['escrow id', escrowIdCodec, `${digits}-0`, `${digits}-00`],
  ])('T23: a %s is taken up to its bound and no further', (_, codec, longest, tooLong) => {
    expect(codec.decode(longest, '')).toBe(longest);
    for (const bad of [tooLong, `${longest}\n`, `\u0000${longest}`, `${longest}\u0000`, '', 7, null, {}]) {
      expect(codeOf(() => (bad === '' && codec === memoCodec ? codec.decode(7, '') : codec.decode(bad, '')))).toBe(
        'REQUEST_MALFORMED',
      );
    }
  });
});

function plain(value: Note): object {
  return { ...value, quantity: value.quantity.toString() };
}
