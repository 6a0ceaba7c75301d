// SPDX-License-Identifier: Apache-2.0

import { type InFlight, type PacketId, type ReceiptEntry, type TxId } from '@gridpeg/protocol';
import { type PacketSeen } from './next-step';

/** What one transaction changed about a lane's packets: sent, answered by the destination, or settled at the source. */
export interface LaneChange {
  readonly txId: TxId;
  readonly sent: readonly PacketId[];
  readonly answered: readonly PacketId[];
  readonly settled: readonly PacketId[];
}

interface Known {
  readonly txId: TxId;
  readonly seenMs: number;
  receipt: { readonly txId: TxId; readonly seenMs: number } | undefined;
}

/** Peers get a block at different moments, so an event from shortly before a resync outweighs what the resync read. */
const freshMs = 2_000;
/** Far more packets than all steps that may be in progress at the same time carry. */
const openPackets = 1_000;
/**
 * How long a settled packet is remembered while no resync succeeds. The event streams of two chains are less far apart.
 */
const settledMs = 30_000;

/**
 * A relay's belief about what is in flight on one lane. A resync reads it from the ledgers, and events update it
 * between two resyncs. If it is wrong, a step is useless or late, and the next resync corrects it. It holds only what
 * is in flight and what was settled a moment ago.
 */
export class LaneState {
  /** Oldest first: an event adds its packets at the end, and each resync sorts all of them. */
  #packets = new Map<PacketId, Known>();
  #settled = new Map<PacketId, number>();

  get count(): number {
    return this.#packets.size;
  }

  /** Applies the change of one transaction. @returns whether it is consistent with the belief; if not, resync */
  apply({ txId, sent, answered, settled }: LaneChange, nowMs: number): boolean {
    for (const id of sent) {
      if (!this.#settled.has(id) && !this.#packets.has(id)) {
        this.#packets.set(id, { txId, seenMs: nowMs, receipt: undefined });
      }
    }
    let isConsistent = true;
    for (const id of answered) {
      const packet = this.#packets.get(id);
      if (packet !== undefined) packet.receipt ??= { txId, seenMs: nowMs };
      else if (!this.#settled.has(id)) isConsistent = false;
    }
    this.#close(settled, nowMs);
    return isConsistent;
  }

  /**
   * Replaces the belief by what was read from the ledgers, except for events that are too recent to be in it.
   *
   * @param beganMs - when reading the ledgers began
   */
  resync(inFlight: readonly InFlight[], receipts: readonly ReceiptEntry[], beganMs: number, nowMs: number): void {
    const isFresh = (sinceMs: number): boolean => sinceMs >= beganMs - freshMs;
    const answers = new Map(receipts.map((receipt) => [receipt.packetId, receipt.txId]));
    const before = this.#packets;
    this.#settled = new Map([...this.#settled].filter(([, sinceMs]) => isFresh(sinceMs)));
    const packets = new Map([...before].filter(([, { seenMs }]) => isFresh(seenMs)));
    for (const { packetId, txId } of inFlight) {
      if (this.#settled.has(packetId)) continue;
      const known = before.get(packetId) ?? { seenMs: nowMs, receipt: undefined };
      const applied = known.receipt;
      const answer =
        answers.get(packetId) ?? (applied !== undefined && isFresh(applied.seenMs) ? applied.txId : undefined);
      packets.set(packetId, { txId, seenMs: known.seenMs, receipt: receiptOf(answer, applied, nowMs) });
    }
    this.#packets = new Map([...packets].sort(([, a], [, b]) => a.seenMs - b.seenMs));
  }

  /**
   * The packets in flight, each with the time since this relay knows it. A long backlog must not slow a turn down, so
   * only the oldest packets to deliver and the oldest packets to settle are given, as many as steps can carry at a
   * time.
   *
   * @param isClosed - whether a transaction cannot be carried now; its packets do not count towards that number
   */
  packets(nowMs: number, isClosed: (txId: TxId) => boolean = () => false): readonly PacketSeen[] {
    const found: PacketSeen[] = [];
    const open = { deliver: 0, settle: 0 };
    for (const [packetId, { txId, seenMs, receipt }] of this.#packets) {
      const kind = receipt === undefined ? 'deliver' : 'settle';
      if (open[kind] >= openPackets) continue;
      if (!isClosed((receipt ?? { txId }).txId)) open[kind] += 1;
      found.push({
        ...{ packetId, txId, ageMs: Math.max(0, nowMs - seenMs) },
        receipt: receipt && { txId: receipt.txId, ageMs: Math.max(0, nowMs - receipt.seenMs) },
      });
    }
    return found;
  }

  /** All transactions that sent the packets in flight, or that wrote their receipts. */
  txIds(): ReadonlySet<TxId> {
    const txIds = new Set<TxId>();
    for (const { txId, receipt } of this.#packets.values()) {
      txIds.add(txId);
      if (receipt !== undefined) txIds.add(receipt.txId);
    }
    return txIds;
  }

  #close(settled: readonly PacketId[], nowMs: number): void {
    for (const id of settled) {
      this.#packets.delete(id);
      this.#settled.set(id, nowMs);
    }
    for (const [id, sinceMs] of this.#settled) {
      if (nowMs - sinceMs < settledMs) break;
      this.#settled.delete(id);
    }
  }
}

function receiptOf(answer: TxId | undefined, applied: Known['receipt'], nowMs: number): Known['receipt'] {
  return applied !== undefined && applied.txId === answer ? applied : answer && { txId: answer, seenMs: nowMs };
}
