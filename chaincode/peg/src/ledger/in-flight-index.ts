// SPDX-License-Identifier: Apache-2.0

import {
  inFlightCodec,
  laneCodec,
  limits,
  stateKey,
  type InFlight,
  type LaneId,
  type Packet,
  type PacketId,
} from '@gridpeg/protocol';
import type { Page, StateStore } from './state-store';

/** Start of the range in which all entries lay before each lane had a range of its own. */
const formerRange = stateKey('inflight');

/**
 * Which packets of which lane are not settled; docs/spec/06-ledger.md.
 *
 * Entries from before each lane had a range of its own stay under their former keys until they are settled, so a
 * packet's entry lies under one of two keys. Nothing but settling touches a former key.
 */
export class InFlightIndex {
  readonly #store: StateStore;
  /** Of the packets read, those whose entry lies under its former key. */
  readonly #former = new Set<PacketId>();

  constructor(store: StateStore) {
    this.#store = store;
  }

  /** Entries of a lane's packets, those that there are. */
  async of(laneId: LaneId, ids: readonly PacketId[]): Promise<ReadonlyMap<PacketId, InFlight>> {
    const store = this.#store;
    const found = await store.each(ids, (id) => store.get(inFlightCodec, 'lane-inflight', laneId, id));
    const others = ids.filter((id) => !found.has(id));
    const anyLane = await store.each(others, (id) => store.get(inFlightCodec, 'inflight', id));
    const former = [...anyLane].filter(([, entry]) => entry.laneId === laneId);
    for (const [id] of former) this.#former.add(id);
    return new Map([...found, ...former]);
  }

  /** The entry of a packet of any lane. Never called by a transaction that writes. */
  async find(id: PacketId): Promise<InFlight | undefined> {
    const store = this.#store;
    const lanes = await this.#lanes();
    const found = await Promise.all([
      store.get(inFlightCodec, 'inflight', id),
      ...lanes.map((laneId) => store.get(inFlightCodec, 'lane-inflight', laneId, id)),
    ]);
    return found.find((entry) => entry !== undefined);
  }

  /** Every lane that this ledger has ever known: what was sent by one that is configured no more is still found. */
  async #lanes(): Promise<readonly LaneId[]> {
    const ids: LaneId[] = [];
    let bookmark = '';
    do {
      const page = await this.#store.list(laneCodec, 'lane', [], limits.pageSize, bookmark);
      for (const { id } of page.entries) ids.push(id);
      bookmark = page.bookmark;
    } while (bookmark !== '');
    return ids;
  }

  put({ id: packetId, laneId, txId, index }: Packet): Promise<void> {
    const entry: InFlight = { version: 1, packetId, laneId, txId, index };
    return this.#store.put(stateKey('lane-inflight', laneId, packetId), inFlightCodec, entry);
  }

  /** Ends an entry that was read here. */
  delete({ laneId, packetId }: Pick<InFlight, 'laneId' | 'packetId'>): Promise<void> {
    const isFormer = this.#former.has(packetId);
    return this.#store.delete(isFormer ? stateKey('inflight', packetId) : stateKey('lane-inflight', laneId, packetId));
  }

  /**
   * What is in flight on a lane, without one on all of them: first what lies by lane, then what is left under former
   * keys. Of one lane's entries a page may hold fewer than was asked for before the last page, of all lanes' not:
   * clients from before took a page that is not full for the last one. Never called by a transaction that writes.
   */
  async list(laneId: LaneId | undefined, pageSize: number, bookmark: string): Promise<Page<InFlight>> {
    if (bookmark.startsWith(formerRange)) return this.#listFormer(laneId, pageSize, bookmark);
    const range = laneId === undefined ? [] : [laneId];
    const page = await this.#store.list(inFlightCodec, 'lane-inflight', range, pageSize, bookmark);
    if (page.bookmark !== '') return page;
    const room = pageSize - page.entries.length;
    if (room === 0) return { entries: page.entries, bookmark: formerRange };
    const rest = await this.#listFormer(laneId, room, formerRange);
    return { entries: [...page.entries, ...rest.entries], bookmark: rest.bookmark };
  }

  async #listFormer(laneId: LaneId | undefined, pageSize: number, bookmark: string): Promise<Page<InFlight>> {
    const page = await this.#store.list(inFlightCodec, 'inflight', [], pageSize, bookmark);
    return { ...page, entries: page.entries.filter((entry) => laneId === undefined || entry.laneId === laneId) };
  }
}
