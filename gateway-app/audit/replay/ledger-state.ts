// SPDX-License-Identifier: Apache-2.0

import {
  classOf,
  packetHashOf,
  packetIdOf,
  txIdCodec,
  type AssetId,
  type ChainId,
  type Label,
  type ObjectType,
  type Packet,
  type PacketId,
} from '@gridpeg/protocol';
import { type LedgerRecords } from './ledger-record';

/**
 * Types whose records are judged as they are written and needed no more; of a packet in flight {@link Flight} is kept.
 */
const forgotten: ReadonlySet<ObjectType> = new Set([
  'supply',
  'outbox',
  'lane-inflight',
  'inflight',
  'settled',
  'receipt',
  'committee',
  'absence',
]);

/** A packet in flight, as far as its settlement needs it. */
export type Flight = Pick<
  Packet,
  'laneId' | 'txId' | 'index' | 'kind' | 'sender' | 'asset' | 'label' | 'quantity' | 'memo'
> & { readonly packetHash: string; /** Type of the key of its in-flight entry. */ readonly entry: InFlightType };

/** Object types of in-flight entries, those of before each lane had a range of its own last. */
export const inFlightTypes = ['lane-inflight', 'inflight'] as const satisfies readonly ObjectType[];
export type InFlightType = (typeof inFlightTypes)[number];

type Records = { readonly [T in ObjectType]: Map<string, LedgerRecords[T]> };

/**
 * What is alive on a ledger: unspent notes, escrow, packets in flight, and what is trusted and allowed. It does not
 * grow with the age of the chain.
 */
export class LedgerState {
  readonly chainId: ChainId;
  /** Packets that have left and are not settled. */
  readonly flights = new Map<PacketId, Flight>();
  readonly #classes = new Map<string, { readonly asset: AssetId; readonly label: Label }>();
  readonly #records: Records = {
    configuration: new Map(),
    approval: new Map(),
    chain: new Map(),
    asset: new Map(),
    'asset-standing': new Map(),
    'asset-usage': new Map(),
    trust: new Map(),
    'former-trust': new Map(),
    lane: new Map(),
    note: new Map(),
    escrow: new Map(),
    supply: new Map(),
    outbox: new Map(),
    'lane-inflight': new Map(),
    inflight: new Map(),
    settled: new Map(),
    receipt: new Map(),
    usage: new Map(),
    standing: new Map(),
    notary: new Map(),
    replacement: new Map(),
    proposal: new Map(),
    consent: new Map(),
    committee: new Map(),
    absence: new Map(),
    evidence: new Map(),
  };

  constructor(chainId: ChainId) {
    this.chainId = chainId;
  }

  /** The record under a key; undefined too for types that are not kept. */
  get<T extends ObjectType>(type: T, ...attributes: readonly string[]): LedgerRecords[T] | undefined {
    return this.#records[type].get(keyOf(attributes));
  }

  /** All records of a type. */
  all<T extends ObjectType>(type: T): IterableIterator<LedgerRecords[T]> {
    return this.#records[type].values();
  }

  /** How many records are kept, by type; of those in flight, what {@link Flight} holds. */
  kept(): Readonly<Partial<Record<ObjectType, number>>> {
    const sizes = Object.entries(this.#records).map(([type, records]) => [type, records.size] as const);
    return Object.fromEntries([...sizes, ['inflight', this.flights.size] as const].filter(([, size]) => size > 0));
  }

  put<T extends ObjectType>(type: T, attributes: readonly string[], value: LedgerRecords[T]): void {
    if (forgotten.has(type)) return;
    this.#records[type].set(keyOf(attributes), 'label' in value ? { ...value, ...this.#shared(value) } : value);
  }

  delete(type: ObjectType, attributes: readonly string[]): void {
    this.#records[type].delete(keyOf(attributes));
  }

  depart(packet: Packet, entry: InFlightType): void {
    const { id, laneId, txId, index, kind, sender, quantity, memo } = packet;
    const packetHash = packetHashOf(packet);
    const flight = { laneId, txId, index, kind, sender, quantity, memo, packetHash, entry };
    this.flights.set(id, { ...flight, ...this.#shared(packet) });
  }

  /** The id that packet `index` of a transaction of this chain has. */
  packetId(transactionId: string, index: number): PacketId {
    return packetIdOf(this.chainId, txIdCodec.decode(transactionId, 'txId'), index);
  }

  /** Many records share few classes, so one copy of each class is kept. */
  #shared(value: { readonly asset: AssetId; readonly label: Label }): {
    readonly asset: AssetId;
    readonly label: Label;
  } {
    const name = classOf(value);
    const known = this.#classes.get(name);
    if (known !== undefined) return known;
    const { asset, label } = value;
    this.#classes.set(name, { asset, label });
    return { asset, label };
  }
}

function keyOf(attributes: readonly string[]): string {
  return attributes.join('\u0000');
}
