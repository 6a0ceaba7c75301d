// SPDX-License-Identifier: Apache-2.0

import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/**
 * Strict reading of the few Fabric messages that a proof consists of (fabric-protos: common/common.proto, peer/proposal.proto,
 * peer/proposal_response.proto, peer/chaincode.proto, msp/identities.proto), and of the peer's answer on a chaincode's
 * definition (peer/lifecycle/lifecycle.proto).
 *
 * Protobuf readers differ in what they make of unknown and repeated fields. What peers signed was read by another implementation, so here both are errors.
 */
type Fields<Spec> = {
  readonly [K in keyof Spec]: Spec[K] extends 'integer' ? number : Spec[K] extends 'list' ? readonly Buffer[] : Buffer;
};
type Spec = Readonly<Record<string, 'bytes' | 'integer' | 'list'>>;

/** Names and field numbers of one message. Fields that a proof may not carry are left out, so they are refused. */
function message<S extends Spec>(spec: S, numbers: { readonly [K in keyof S]: number }): (bytes: Buffer) => Fields<S> {
  const names = new Map(Object.entries(numbers).map(([name, number]) => [number, name]));
  return (bytes) => {
    const found = new Map<string, number | Buffer | Buffer[]>();
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [number, wireType] = reader.tag();
      const name = names.get(number);
      if (name === undefined) throw new Error(`protobuf: unknown field ${number.toString()}`);
      const kind = spec[name];
      if (found.has(name) && kind !== 'list') throw new Error(`protobuf: ${name} twice`);
      if (wireType !== (kind === 'integer' ? WireType.Varint : WireType.LengthDelimited)) {
        throw new Error(`protobuf: wire type of ${name}`);
      }
      if (kind === 'integer') found.set(name, reader.int32());
      else if (kind === 'list')
        found.set(name, [...((found.get(name) as Buffer[] | undefined) ?? []), viewOf(reader.bytes())]);
      else found.set(name, viewOf(reader.bytes()));
    }
    const absent = { bytes: Buffer.alloc(0), integer: 0, list: [] };
    return Object.fromEntries(
      Object.entries(spec).map(([name, kind]) => [name, found.get(name) ?? absent[kind]]),
    ) as Fields<S>;
  };
}

/** The same memory, so that its place in the whole message is known. */
function viewOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}

export const readChannelHeader = message(
  {
    type: 'integer',
    version: 'integer',
    timestamp: 'bytes',
    channelId: 'bytes',
    txId: 'bytes',
    epoch: 'integer',
    extension: 'bytes',
    tlsCertHash: 'bytes',
  },
  { type: 1, version: 2, timestamp: 3, channelId: 4, txId: 5, epoch: 6, extension: 7, tlsCertHash: 8 },
);
export const readChaincodeHeaderExtension = message({ chaincodeId: 'bytes' }, { chaincodeId: 2 });
export const readChaincodeId = message(
  { path: 'bytes', name: 'bytes', version: 'bytes' },
  { path: 1, name: 2, version: 3 },
);
/** Transient data is not part of what the proposal hash covers, so it is not read. */
export const readChaincodeProposalPayload = message({ input: 'bytes' }, { input: 1 });
export const readChaincodeInvocationSpec = message({ chaincodeSpec: 'bytes' }, { chaincodeSpec: 1 });
export const readChaincodeSpec = message(
  { type: 'integer', chaincodeId: 'bytes', input: 'bytes', timeout: 'integer' },
  { type: 1, chaincodeId: 2, input: 3, timeout: 4 },
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
);
export const readApproval = message({ organization: 'bytes', approved: 'integer' }, { organization: 1, approved: 2 });
