// SPDX-License-Identifier: Apache-2.0

import * as messages from './fabric-message';
import { message } from './testing';

type Kind = 'bytes' | 'integer' | 'list';
type Reader = (bytes: Buffer) => object;

/** Names, numbers and kinds as in fabric-protos. */
const specified: readonly (readonly [string, Reader, readonly (readonly [string, number, Kind])[]])[] = [
  [
    'ChannelHeader',
    messages.readChannelHeader,
    [
      ['type', 1, 'integer'],
      ['version', 2, 'integer'],
      ['timestamp', 3, 'bytes'],
      ['channelId', 4, 'bytes'],
      ['txId', 5, 'bytes'],
      ['epoch', 6, 'integer'],
      ['extension', 7, 'bytes'],
      ['tlsCertHash', 8, 'bytes'],
    ],
  ],
  ['ChaincodeHeaderExtension', messages.readChaincodeHeaderExtension, [['chaincodeId', 2, 'bytes']]],
  [
    'ChaincodeID',
    messages.readChaincodeId,
    [
      ['path', 1, 'bytes'],
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
      ['timeout', 4, 'integer'],
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

describe.each(specified)('T24: %s', (_, read, fields) => {
  const absent = { bytes: Buffer.alloc(0), integer: 0, list: [] };
  const field = (number: number, kind: Kind, value: number): Buffer =>
    message([number, kind === 'integer' ? value : `of ${value.toString()}`]);
  const value = (kind: Kind, of: number): unknown =>
    ({ bytes: Buffer.from(`of ${of.toString()}`), integer: of, list: [Buffer.from(`of ${of.toString()}`)] })[kind];

  test('says what its fields say, each, all, in whatever order, or nothing', () => {
    const nothing = Object.fromEntries(fields.map(([name, , kind]) => [name, absent[kind]]));
    expect(read(Buffer.alloc(0))).toEqual(nothing);
    for (const [name, number, kind] of fields) {
      expect(read(field(number, kind, 7))).toEqual({ ...nothing, [name]: value(kind, 7) });
    }
    const all = fields.map(([, number, kind]) => field(number, kind, number));
    const everything = Object.fromEntries(fields.map(([name, number, kind]) => [name, value(kind, number)]));
    expect(read(Buffer.concat(all))).toEqual(everything);
    expect(read(Buffer.concat(all.reverse()))).toEqual(everything);
  });
  test('has a field several times only where it is a list', () => {
    for (const [name, number, kind] of fields) {
      const twice = Buffer.concat([field(number, kind, 0), field(number, kind, 8)]);
      if (kind === 'list') expect(read(twice)).toMatchObject({ [name]: [Buffer.from('of 0'), Buffer.from('of 8')] });
      else expect(() => read(twice)).toThrow(`protobuf: ${name} twice`);
    }
  });
  test('has each field in its wire type', () => {
    for (const [name, number, kind] of fields) {
      const other = field(number, kind === 'integer' ? 'bytes' : 'integer', 1);
      expect(() => read(other)).toThrow(`protobuf: wire type of ${name}`);
    }
  });
  test('has no other fields', () => {
    const numbers = new Set(fields.map(([, number]) => number));
    for (const other of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].filter((number) => !numbers.has(number))) {
      expect(() => read(message([other, 'x']))).toThrow(`protobuf: unknown field ${other.toString()}`);
    }
  });
});
