// SPDX-License-Identifier: Apache-2.0

import { type InFlight, type PacketId, type ReceiptEntry, type TxId } from '@gridpeg/protocol';
import { type PacketSeen } from './next-step';

/** What a transaction says of a lane's packets: sent, answered by the destination, or settled at the source. */
export interface LaneNews {
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

/** Peers do not show a block at the same moment, so what was heard shortly before a look outweighs the look. */
const freshMs = 2_000;
/** Far more than the steps that may be under way at a time carry. */
const openPackets = 1_000;
/** A settled packet is remembered this long if no look succeeds: longer than the streams of two chains are apart. */
const settledMs = 30_000;

/**
 * What a relay takes to be in flight on one lane: read from the ledgers now and then, kept current by news in between.
 * Where it is wrong, steps are taken in vain or late, no more, and the next look mends it. It holds no more than is in
 * flight, and what was settled a moment ago.
 */
export class LanePicture {
  /** Oldest first: what is heard of is added at the end, and each look puts all in order. */
  #packets = new Map<PacketId, Known>();
  #settled = new Map<PacketId, number>();

  get count(): number {
    return this.#packets.size;
  }

  /** @returns whether all of the news fits; false asks for a look */
  hear({ txId, sent, answered, settled }: LaneNews, nowMs: number): boolean {
    for (const id of sent) {
      if (!this.#settled.has(id) && !this.#packets.has(id)) {
        this.#packets.set(id, { txId, seenMs: nowMs, receipt: undefined });
      }
    }
    let fits = true;
    for (const id of answered) {
      const packet = this.#packets.get(id);
      if (packet !== undefined) packet.receipt ??= { txId, seenMs: nowMs };
      else if (!this.#settled.has(id)) fits = false;
    }
    this.#close(settled, nowMs);
    return fits;
  }

  /**
   * Takes over what the ledgers say, but for what was heard too late to be in it.
   *
   * @param beganMs - when the ledgers were asked
   */
  look(inFlight: readonly InFlight[], receipts: readonly ReceiptEntry[], beganMs: number, nowMs: number): void {
    const isFresh = (sinceMs: number): boolean => sinceMs >= beganMs - freshMs;
    const answers = new Map(receipts.map((receipt) => [receipt.packetId, receipt.txId]));
    const before = this.#packets;
    this.#settled = new Map([...this.#settled].filter(([, sinceMs]) => isFresh(sinceMs)));
    const packets = new Map([...before].filter(([, { seenMs }]) => isFresh(seenMs)));
    for (const { packetId, txId } of inFlight) {
      if (this.#settled.has(packetId)) continue;
      const known = before.get(packetId) ?? { seenMs: nowMs, receipt: undefined };
      const heard = known.receipt;
      const answer = answers.get(packetId) ?? (heard !== undefined && isFresh(heard.seenMs) ? heard.txId : undefined);
      packets.set(packetId, { txId, seenMs: known.seenMs, receipt: receiptOf(answer, heard, nowMs) });
    }
    this.#packets = new Map([...packets].sort(([, a], [, b]) => a.seenMs - b.seenMs));
  }

  /**
   * What is in flight, as old as this relay has known of it: of packets to deliver and of packets to settle the oldest,
   * as many as there can be something to do for at a time, so that a backlog makes no turn slow.
   *
   * @param isClosed - whether there is nothing to do for a transaction for now; its packets are not counted
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

  /** Every transaction that sent or answered what is in flight. */
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

function receiptOf(answer: TxId | undefined, heard: Known['receipt'], nowMs: number): Known['receipt'] {
  return heard !== undefined && heard.txId === answer ? heard : answer && { txId: answer, seenMs: nowMs };
}
