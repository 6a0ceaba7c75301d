// SPDX-License-Identifier: Apache-2.0

import * as messages from './fabric-message';
import { message } from '../testing';

type Kind = 'bytes' | 'integer' | 'long' | 'list';
type Reader = (bytes: Buffer) => object;

/** Names, numbers and kinds as in fabric-protos. */
const specified: readonly (readonly [string, Reader, readonly (readonly [string, number, Kind])[]])[] = [
  [
    'ChannelHeader',
    messages.readChannelHeader,
    [
      ['type', 1, 'integer'],
      ['timestamp', 3, 'bytes'],
      ['channelId', 4, 'bytes'],
      ['txId', 5, 'bytes'],
      ['extension', 7, 'bytes'],
    ],
  ],
  [
    'SignatureHeader',
    messages.readSignatureHeader,
    [
      ['creator', 1, 'bytes'],
      ['nonce', 2, 'bytes'],
    ],
  ],
  [
    'Timestamp',
    messages.readTimestamp,
    [
      ['seconds', 1, 'long'],
      ['nanos', 2, 'integer'],
    ],
  ],
  ['ChaincodeID of a proposal', messages.readChaincodeName, [['name', 2, 'bytes']]],
  ['ChaincodeHeaderExtension', messages.readChaincodeHeaderExtension, [['chaincodeId', 2, 'bytes']]],
  [
    'ChaincodeID',
    messages.readChaincodeId,
    [
      ['name', 2, 'bytes'],
      ['version', 3, 'bytes'],
    ],
  ],
  ['ChaincodeProposalPayload', messages.readChaincodeProposalPayload, [['input', 1, 'bytes']]],
  ['ChaincodeInvocationSpec', messages.readChaincodeInvocationSpec, [['chaincodeSpec', 1, 'bytes']]],
  [
    'ChaincodeSpec',
    messages.readChaincodeSpec,
    [
      ['type', 1, 'integer'],
      ['chaincodeId', 2, 'bytes'],
      ['input', 3, 'bytes'],
    ],
  ],
  ['ChaincodeInput', messages.readChaincodeInput, [['args', 1, 'list']]],
  [
    'ProposalResponsePayload',
    messages.readProposalResponsePayload,
    [
      ['proposalHash', 1, 'bytes'],
      ['extension', 2, 'bytes'],
    ],
  ],
  [
    'ChaincodeAction',
    messages.readChaincodeAction,
    [
      ['results', 1, 'bytes'],
      ['events', 2, 'bytes'],
      ['response', 3, 'bytes'],
      ['chaincodeId', 4, 'bytes'],
    ],
  ],
  [
    'Response',
    messages.readResponse,
    [
      ['status', 1, 'integer'],
      ['message', 2, 'bytes'],
      ['payload', 3, 'bytes'],
    ],
  ],
  [
    'SerializedIdentity',
    messages.readSerializedIdentity,
    [
      ['mspId', 1, 'bytes'],
      ['idBytes', 2, 'bytes'],
    ],
  ],
];
/** Read in any spelling: nobody signs them. */
const loose: typeof specified = [
  [
    'QueryChaincodeDefinitionResult',
    messages.readChaincodeDefinition,
    [
      ['sequence', 1, 'integer'],
      ['version', 2, 'bytes'],
      ['endorsementPlugin', 3, 'bytes'],
      ['validationPlugin', 4, 'bytes'],
      ['validationParameter', 5, 'bytes'],
      ['collections', 6, 'bytes'],
      ['initRequired', 7, 'integer'],
      ['approvals', 8, 'list'],
    ],
  ],
  [
    'an approval',
    messages.readApproval,
    [
      ['organization', 1, 'bytes'],
      ['approved', 2, 'integer'],
    ],
  ],
];

const misspelt = 'protobuf: not as Fabric writes it';

const absent = { bytes: Buffer.alloc(0), integer: 0, long: 0n, list: [] };
const isNumber = (kind: Kind): boolean => kind === 'integer' || kind === 'long';
const field = (number: number, kind: Kind, value: number): Buffer =>
  message([number, isNumber(kind) ? value : `of ${value.toString()}`]);

describe.each([...specified, ...loose])('T24: %s', (_, read, fields) => {
  const value = (kind: Kind, of: number): unknown => {
    const text = Buffer.from(`of ${of.toString()}`);
    return { bytes: text, integer: of, long: BigInt(of), list: [text] }[kind];
  };
  const all = fields.map(([, number, kind]) => field(number, kind, number));

  test('says what its fields say, each, all, or nothing', () => {
    const nothing = Object.fromEntries(fields.map(([name, , kind]) => [name, absent[kind]]));
    expect(read(Buffer.alloc(0))).toEqual(nothing);
    for (const [name, number, kind] of fields) {
      expect(read(field(number, kind, 7))).toEqual({ ...nothing, [name]: value(kind, 7) });
    }
    const everything = Object.fromEntries(fields.map(([name, number, kind]) => [name, value(kind, number)]));
    expect(read(Buffer.concat(all))).toEqual(everything);
  });
  test('has a field several times only where it is a list', () => {
    for (const [name, number, kind] of fields) {
      const twice = Buffer.concat([field(number, kind, 1), field(number, kind, 8)]);
      if (kind === 'list') expect(read(twice)).toMatchObject({ [name]: [Buffer.from('of 1'), Buffer.from('of 8')] });
      else expect(() => read(twice)).toThrow(`protobuf: ${name} twice`);
    }
  });
  test('T40: has at most 256 elements in a list', () => {
    for (const [name, number] of fields.filter(([, , kind]) => kind === 'list')) {
      const elements = Array.from({ length: 257 }, () => message([number, '']));
      expect(read(Buffer.concat(elements.slice(1)))).toMatchObject({
        [name]: elements.slice(1).map(() => absent.bytes),
      });
      expect(() => read(Buffer.concat(elements))).toThrow(`protobuf: ${name} too long`);
    }
  });
  test('has each field in its wire type', () => {
    for (const [name, number, kind] of fields) {
      const other = message([number, isNumber(kind) ? 'text' : 1]);
      expect(() => read(other)).toThrow(`protobuf: wire type of ${name}`);
    }
  });
  test('has no other fields', () => {
    const numbers = new Set(fields.map(([, number]) => number));
    for (const other of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].filter((number) => !numbers.has(number))) {
      expect(() => read(message([other, 'x']))).toThrow(`protobuf: unknown field ${other.toString()}`);
    }
  });
  test('ends where its last field ends', () => {
    const whole = Buffer.concat(all);
    expect(() => read(whole.subarray(0, -1))).toThrow();
    expect(() => read(Buffer.concat([whole, Buffer.from([0])]))).toThrow();
  });
});

describe.each(specified)('T39: %s has one spelling', (_, read, fields) => {
  const all = fields.map(([, number, kind]) => field(number, kind, number));

  test('has its fields in the order of their numbers', () => {
    for (const index of all.slice(1).keys()) {
      const exchanged = [...all.slice(0, index), all[index + 1]!, all[index]!, ...all.slice(index + 2)];
      expect(() => read(Buffer.concat(exchanged))).toThrow(misspelt);
    }
  });
  test('does not write what is empty or zero', () => {
    for (const [, number, kind] of fields) {
      const empty = message([number, isNumber(kind) ? 0 : '']);
      if (kind === 'list') expect(() => read(empty)).not.toThrow();
      else expect(() => read(empty)).toThrow(misspelt);
    }
  });
  test('has numbers and lengths in their shortest spelling', () => {
    for (const [, number, kind] of fields) {
      const [tag, ...rest] = field(number, kind, 7);
      const longerTag = [tag! | 0x80, 0, ...rest];
      const [first, ...others] = rest;
      expect(() => read(Buffer.from(longerTag))).toThrow(misspelt);
      expect(() => read(Buffer.from([tag!, first! | 0x80, 0, ...others]))).toThrow(misspelt);
      if (kind !== 'integer') continue;
      // The same 32 bits, and more that one reader sees and another does not.
      expect(() => read(Buffer.from([tag!, 0x87, 0x80, 0x80, 0x80, 0x10]))).toThrow(misspelt);
    }
  });
});

test.each(loose)('%s is read in any order, with what is empty and zero', (_, read, fields) => {
  const empty = fields.map(([, number, kind]) => message([number, isNumber(kind) ? 0 : '']));
  const nothing = Object.fromEntries(
    fields.map(([name, , kind]) => [name, kind === 'list' ? [absent.bytes] : absent[kind]]),
  );
  expect(read(Buffer.concat(empty.reverse()))).toEqual(nothing);
});
