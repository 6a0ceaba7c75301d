// SPDX-License-Identifier: Apache-2.0

import { noteIdOf, type LaneId, type NoteId, type Packet, type PacketId, type TxId } from '@gridpeg/protocol';
import { type Party } from '../day-chain';
import { type LedgerBlock } from './ledger-entry';

/** Where a packet is, as far as its destination's blocks were read. */
export type PacketOutcome = 'in-flight' | 'received' | 'refused';

interface Received {
  readonly txId: TxId;
  readonly laneId: LaneId;
  readonly receipts: ReadonlyArray<{ readonly packetId: PacketId; readonly outcome: 'received' | 'refused' }>;
}

/**
 * Which packets ledgers hold and what became of them, read from the blocks, so that what a transaction spent and what
 * it sent are seen together. Reads on from where it was whenever it is refreshed.
 */
export class PacketHistory {
  readonly #parties: readonly Party[];
  readonly #lanes: ReadonlySet<LaneId>;
  readonly #indexKey: (packet: Packet) => string | undefined;
  readonly #nextBlock = new Map<string, bigint>();
  /** Packets that have an index key, in the order of their ledger. */
  readonly #packets = new Map<string, Packet[]>();
  /** Packets that were sent and whose receipt was not read yet. */
  readonly #underWay = new Map<PacketId, Packet>();
  readonly #outcomes = new Map<PacketId, 'received' | 'refused'>();
  /** The notes that packets with an index key made. */
  readonly #notes = new Map<PacketId, NoteId>();
  readonly #spent = new Set<NoteId>();
  /** Receipts that were read before their packets. */
  #early: Received[] = [];
  #current: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  /**
   * @param parties - one for each chain to read
   * @param lanes - both ends of each are among these chains
   * @param indexKey - the key under which a packet is found; undefined for packets that nobody searches
   */
  constructor(parties: readonly Party[], lanes: readonly LaneId[], indexKey: (packet: Packet) => string | undefined) {
    this.#parties = parties;
    this.#lanes = new Set(lanes);
    this.#indexKey = indexKey;
  }

  /** Reads all that was committed before the call. @throws PegError */
  async refresh(): Promise<void> {
    this.#next ??= this.#current
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        this.#current = this.#read();
        return this.#current;
      });
    return this.#next;
  }

  /** All packets of an index key, in the order of their ledger. */
  packets(indexKey: string): readonly Packet[] {
    return this.#packets.get(indexKey) ?? [];
  }

  outcome(packetId: PacketId): PacketOutcome {
    return this.#outcomes.get(packetId) ?? 'in-flight';
  }

  /** The note that a received transfer made. */
  note(packetId: PacketId): { readonly id: NoteId; readonly isSpent: boolean } | undefined {
    const id = this.#notes.get(packetId);
    return id === undefined ? undefined : { id, isSpent: this.#spent.has(id) };
  }

  async #read(): Promise<void> {
    for (const { chain, blocks } of this.#parties) {
      for await (const block of blocks(this.#nextBlock.get(chain) ?? 0n)) {
        this.#add(block);
        this.#nextBlock.set(chain, block.number + 1n);
      }
    }
    this.#early = this.#early.filter((received) => !this.#decide(received));
  }

  #add({ entries }: LedgerBlock): void {
    for (const { txId, packets, receipts, spent } of entries) {
      for (const noteId of spent) this.#spent.add(noteId);
      for (const packet of packets.filter(({ laneId }) => this.#lanes.has(laneId))) this.#send(packet);
      const [first] = receipts;
      if (first === undefined || !this.#lanes.has(first.laneId)) continue;
      const received: Received = { txId, laneId: first.laneId, receipts };
      if (!this.#decide(received)) this.#early.push(received);
    }
  }

  #send(packet: Packet): void {
    this.#underWay.set(packet.id, packet);
    const key = this.#indexKey(packet);
    if (key === undefined) return;
    const found = this.#packets.get(key);
    if (found === undefined) this.#packets.set(key, [packet]);
    else found.push(packet);
  }

  /** False when some of the packets were not read yet: without their kinds, notes cannot be counted. */
  #decide({ txId, receipts }: Received): boolean {
    const packets = receipts.map(({ packetId }) => this.#underWay.get(packetId));
    if (packets.includes(undefined)) return false;
    let notes = 0;
    receipts.forEach(({ packetId, outcome }, index) => {
      const packet = packets[index];
      this.#underWay.delete(packetId);
      const makesNote = outcome === 'received' && packet?.kind === 'transfer';
      if (packet !== undefined && this.#indexKey(packet) !== undefined) {
        this.#outcomes.set(packetId, outcome);
        // A receiving transaction numbers its notes in the order of its packets; docs/spec/10-charging-sessions.md.
        if (makesNote) this.#notes.set(packetId, noteIdOf(packet.recipient, txId, notes));
      }
      if (makesNote) notes += 1;
    });
    return true;
  }
}
