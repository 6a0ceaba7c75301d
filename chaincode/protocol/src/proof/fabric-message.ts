// SPDX-License-Identifier: Apache-2.0

import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/**
 * Strict reading of the few Fabric messages that a proof consists of (fabric-protos: common/common.proto,
 * peer/proposal.proto, peer/proposal_response.proto, peer/chaincode.proto, msp/identities.proto), and of the peer's
 * answer on a chaincode's definition (peer/lifecycle/lifecycle.proto).
 *
 * Protobuf readers differ in what they make of unknown and repeated fields, of other orders and of longer spellings of
 * a number. What peers signed was read by another implementation, so here all of them are errors: bytes are read only
 * if writing what was read gives them again. Go and JavaScript both write fields in the order of their numbers and
 * leave out what is empty or zero.
 */
type Fields<Spec> = {
  readonly [K in keyof Spec]: Spec[K] extends 'integer'
    ? number
    : Spec[K] extends 'long'
      ? bigint
      : Spec[K] extends 'list'
        ? readonly Buffer[]
        : Buffer;
};
type Kind = 'bytes' | 'integer' | 'long' | 'list';
type Value = number | bigint | Buffer | Buffer[];

/** How a message is read where it differs from what a proposal allows. */
interface MessageRules {
  /** `any`: in any order, with what is empty or zero. */
  readonly spelling?: 'one' | 'any';
  /** More elements of a list are refused where the first of them too many is met. */
  readonly listLength?: number;
}

/** Fields that a proof may not carry are left out, so they are refused. The numbers are in ascending order. */
export function message<S extends Readonly<Record<string, Kind>>>(
  spec: S,
  numbers: { readonly [K in keyof S]: number },
  { spelling = 'one', listLength = 256 }: MessageRules = {},
): (bytes: Buffer) => Fields<S> {
  const names = new Map(Object.entries(numbers).map(([name, number]) => [number, name]));
  return (bytes) => {
    const found = readFields(bytes, spec, names, listLength);
    if (spelling === 'one' && !bytes.equals(written(names, found))) {
      throw new Error('protobuf: not as Fabric writes it');
    }
    return Object.fromEntries(found) as Fields<S>;
  };
}

function readFields(
  bytes: Buffer,
  spec: Readonly<Record<string, Kind>>,
  names: ReadonlyMap<number, string>,
  listLength: number,
): ReadonlyMap<string, Value> {
  const found = new Map<string, Value>(Object.entries(spec).map(([name, kind]) => [name, nothing(kind)]));
  const met = new Set<string>();
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const name = names.get(number) ?? '';
    const kind = spec[name];
    if (kind === undefined) throw new Error(`protobuf: unknown field ${number.toString()}`);
    if (wireType !== wireTypeOf(kind)) throw new Error(`protobuf: wire type of ${name}`);
    if (kind !== 'list' && met.has(name)) throw new Error(`protobuf: ${name} twice`);
    met.add(name);
    const elements = found.get(name);
    if (!Array.isArray(elements)) found.set(name, readValue(reader, kind));
    else if (elements.push(viewOf(reader.bytes())) > listLength) throw new Error(`protobuf: ${name} too long`);
  }
  return found;
}

function nothing(kind: Kind): Value {
  return { bytes: Buffer.alloc(0), integer: 0, long: 0n, list: [] }[kind];
}

function wireTypeOf(kind: Kind): WireType {
  return kind === 'integer' || kind === 'long' ? WireType.Varint : WireType.LengthDelimited;
}

function readValue(reader: BinaryReader, kind: Kind): Value {
  if (kind === 'integer') return reader.int32();
  return kind === 'long' ? BigInt(reader.int64()) : viewOf(reader.bytes());
}

/** A field that is empty or zero is left out. */
function written(names: ReadonlyMap<number, string>, values: ReadonlyMap<string, Value>): Uint8Array {
  const writer = new BinaryWriter();
  for (const [number, name] of names) {
    const value = values.get(name) ?? 0;
    if (typeof value === 'number' || typeof value === 'bigint') {
      if (value) writer.tag(number, WireType.Varint).int64(value);
    } else {
      const elements = Array.isArray(value) ? value : value.length > 0 ? [value] : [];
      for (const element of elements) writer.tag(number, WireType.LengthDelimited).bytes(element);
    }
  }
  return writer.finish();
}

/** The same memory, so that its place in the whole message is known. */
function viewOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}

/** No version, no epoch, no hash of a TLS certificate: the gateway clients leave them empty. */
export const readChannelHeader = message(
  { type: 'integer', timestamp: 'bytes', channelId: 'bytes', txId: 'bytes', extension: 'bytes' },
  { type: 1, timestamp: 3, channelId: 4, txId: 5, extension: 7 },
);
/** google/protobuf/timestamp.proto */
export const readTimestamp = message({ seconds: 'long', nanos: 'integer' }, { seconds: 1, nanos: 2 });
export const readSignatureHeader = message({ creator: 'bytes', nonce: 'bytes' }, { creator: 1, nonce: 2 });
export const readChaincodeHeaderExtension = message({ chaincodeId: 'bytes' }, { chaincodeId: 2 });
/** As a proposal names a chaincode: neither path nor version. */
export const readChaincodeName = message({ name: 'bytes' }, { name: 2 });
/** As an answer names a chaincode. */
export const readChaincodeId = message({ name: 'bytes', version: 'bytes' }, { name: 2, version: 3 });
/** Transient data is not part of what the proposal hash covers, so it is not read. */
export const readChaincodeProposalPayload = message({ input: 'bytes' }, { input: 1 });
export const readChaincodeInvocationSpec = message({ chaincodeSpec: 'bytes' }, { chaincodeSpec: 1 });
export const readChaincodeSpec = message(
  { type: 'integer', chaincodeId: 'bytes', input: 'bytes' },
  { type: 1, chaincodeId: 2, input: 3 },
);
/** No decorations and no `is_init`: an export has neither. */
export const readChaincodeInput = message({ args: 'list' }, { args: 1 });
export const readProposalResponsePayload = message(
  { proposalHash: 'bytes', extension: 'bytes' },
  { proposalHash: 1, extension: 2 },
);
export const readChaincodeAction = message(
  { results: 'bytes', events: 'bytes', response: 'bytes', chaincodeId: 'bytes' },
  { results: 1, events: 2, response: 3, chaincodeId: 4 },
);
export const readResponse = message(
  { status: 'integer', message: 'bytes', payload: 'bytes' },
  { status: 1, message: 2, payload: 3 },
);
export const readSerializedIdentity = message({ mspId: 'bytes', idBytes: 'bytes' }, { mspId: 1, idBytes: 2 });
/** The own peer's answer, which nobody signs. Fabric writes an empty collection package and whole entries of a map. */
export const readChaincodeDefinition = message(
  {
    sequence: 'integer',
    version: 'bytes',
    endorsementPlugin: 'bytes',
    validationPlugin: 'bytes',
    validationParameter: 'bytes',
    collections: 'bytes',
    initRequired: 'integer',
    approvals: 'list',
  },
  {
    ...{ sequence: 1, version: 2, endorsementPlugin: 3, validationPlugin: 4, validationParameter: 5 },
    ...{ collections: 6, initRequired: 7, approvals: 8 },
  },
  { spelling: 'any' },
);
export const readApproval = message(
  { organization: 'bytes', approved: 'integer' },
  { organization: 1, approved: 2 },
  { spelling: 'any' },
);
