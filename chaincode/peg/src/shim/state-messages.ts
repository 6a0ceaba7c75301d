// SPDX-License-Identifier: Apache-2.0

import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { ChaincodeStub } from 'fabric-shim';

/** The part of Fabric's stub that touches state. */
export type StateStub = Pick<
  ChaincodeStub,
  'getState' | 'putState' | 'deleteState' | 'getStateByPartialCompositeKeyWithPagination'
>;

/** Without a value the key is deleted. */
export interface Write {
  readonly key: string;
  readonly value?: Uint8Array;
}

/** The shim's class of messages, as far as it is needed here. */
export interface ChaincodeMessage {
  getType(): number;
  getPayload_asU8(): Uint8Array;
  setType(type: number): void;
  setPayload(payload: Uint8Array): void;
  setTxid(txId: string): void;
  setChannelId(channelId: string): void;
}

/** What a stub of fabric-shim 2.5.8 has besides what it shows. */
interface StubInternals {
  /** The shim's end of a connection to a peer. */
  readonly handler: {
    /** Waits for its turn in the transaction; what the peer reports as an error is thrown. */
    _askPeerAndListen(message: ChaincodeMessage, method: string): Promise<Uint8Array>;
  };
  readonly channel_id: string;
  readonly txId: string;
}

/** How many keys a peer takes in a message, and what makes a message. */
interface Capabilities {
  readonly reads: number;
  readonly writes: number;
  readonly Message: new () => ChaincodeMessage;
}

/** Numbers in fabric-protos 0.3, peer/chaincode_shim.proto. */
const [writeBatchState, getStateMultiple, putState, delState] = [24, 25, 9, 10];

const capabilities = new WeakMap<object, Capabilities>();

/**
 * Remembers what a peer announces in its message READY (`ChaincodeAdditionalParams`); peers before Fabric 3.1 announce
 * nothing.
 *
 * @param connection - the shim's handler
 */
export function rememberCapabilities(connection: object, ready: ChaincodeMessage): void {
  const fields = new Map<number, number>();
  const reader = new BinaryReader(ready.getPayload_asU8());
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (wireType === WireType.Varint) fields.set(number, reader.uint32());
    else reader.skip(wireType, number);
  }
  const most = (use: number, size: number): number => (fields.get(use) === 1 ? (fields.get(size) ?? 0) : 0);
  const Message = ready.constructor as new () => ChaincodeMessage;
  capabilities.set(connection, { writes: most(1, 2), reads: most(3, 4), Message });
}

/**
 * Values by key, empty where there is none; in as few messages as the peer allows, which is one a key where it offers
 * nothing.
 */
export async function getStates(stub: StateStub, keys: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const peer = peerOf(stub);
  for (const part of inParts([...new Set(keys)], peer?.reads)) {
    const values =
      peer === undefined || part.length === 1
        ? await oneByOne(part, (key) => stub.getState(key))
        : readValues(await peer.ask(getStateMultiple, encodeKeys(part)));
    for (const [index, value] of values.entries()) found.set(part[index] ?? '', value);
  }
  return found;
}

/** Writes in the order given; in as few messages as the peer allows, which is one a key where it offers nothing. */
export async function writeStates(stub: StateStub, writes: readonly Write[]): Promise<void> {
  const peer = peerOf(stub);
  for (const part of inParts(writes, peer?.writes)) {
    if (peer === undefined || part.length === 1) {
      await oneByOne(part, ({ key, value }) =>
        value === undefined ? stub.deleteState(key) : stub.putState(key, value),
      );
    } else await peer.ask(writeBatchState, encodeWrites(part));
  }
}

interface Peer extends Pick<Capabilities, 'reads' | 'writes'> {
  ask(type: number, payload: Uint8Array): Promise<Uint8Array>;
}

function peerOf(stub: StateStub): Peer | undefined {
  const { handler, channel_id, txId } = stub as StateStub & Partial<StubInternals>;
  if (handler === undefined || channel_id === undefined || txId === undefined) return undefined;
  const announced = capabilities.get(handler);
  if (announced === undefined) return undefined;
  const ask = (type: number, payload: Uint8Array): Promise<Uint8Array> => {
    const message = new announced.Message();
    message.setType(type);
    message.setPayload(payload);
    message.setTxid(txId);
    message.setChannelId(channel_id);
    return handler._askPeerAndListen(message, 'several keys');
  };
  return { ...announced, ask };
}

/** `GetStateMultiple` */
function encodeKeys(keys: readonly string[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const key of keys) writer.tag(1, WireType.LengthDelimited).string(key);
  return writer.finish();
}

/** `GetStateMultipleResult` */
function readValues(payload: Uint8Array): readonly Uint8Array[] {
  const values: Uint8Array[] = [];
  const reader = new BinaryReader(payload);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (number === 1) values.push(reader.bytes());
    else reader.skip(wireType, number);
  }
  return values;
}

/** `WriteBatchState` of `WriteRecord` */
function encodeWrites(writes: readonly Write[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const { key, value } of writes) {
    writer.tag(1, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.LengthDelimited).string(key);
    if (value !== undefined) writer.tag(2, WireType.LengthDelimited).bytes(value);
    writer.tag(5, WireType.Varint).int32(value === undefined ? delState : putState);
    writer.join();
  }
  return writer.finish();
}

async function oneByOne<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await act(item));
  return results;
}

function inParts<T>(items: readonly T[], most = 1): readonly (readonly T[])[] {
  const size = Math.max(most, 1);
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
