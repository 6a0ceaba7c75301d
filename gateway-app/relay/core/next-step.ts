// SPDX-License-Identifier: Apache-2.0

import { limits, type PacketId, type TxId } from '@gridpeg/protocol';

/** A packet of the lane that is not settled on its source chain yet. */
export interface PacketSeen {
  readonly packetId: PacketId;
  /** The transaction on the source that sent the packet. Peers endorse a read of its outbox record. */
  readonly txId: TxId;
  /** How long this relay has known of the packet. */
  readonly ageMs: number;
  readonly receipt: ReceiptSeen | undefined;
}

/** The destination's answer to a packet. */
interface ReceiptSeen {
  /** The receiving transaction. */
  readonly txId: TxId;
  /** How long this relay has known of the receipt. */
  readonly ageMs: number;
}

/** Everything on which a relay bases its decisions for one lane. */
export interface LaneView {
  readonly packets: readonly PacketSeen[];
  /**
   * The relay's place in the order in which relays take up the work of this lane. Rank 0 acts at once. Rank n acts when
   * no packet of the lane has moved, and this packet has waited, for n takeover delays.
   */
  readonly rank: number;
  readonly takeoverDelayMs: number;
  /** How long ago any relay had a packet of the lane received, refused or settled; Infinity if that was never seen. */
  readonly quietMs: number;
  /** Transactions whose packets or receipts this relay is carrying now. */
  readonly underWay: ReadonlySet<TxId>;
  /** For each transaction that could not be carried: how long until it is tried again. */
  readonly retryInMs: ReadonlyMap<TxId, number>;
  /** Transactions of batches that failed for good. Each of them is tried in a batch of its own. */
  readonly unbatched: ReadonlySet<TxId>;
  /** How many more steps of each kind may be started. */
  readonly freeSlots: Readonly<Record<Step['do'], number>>;
  /**
   * How many of these steps may carry a batch that is not full. With more of them, it is cheaper and hardly slower to
   * wait for further packets.
   */
  readonly partSlots: Readonly<Record<Step['do'], number>>;
}

/**
 * One step: deliver the packets of these source transactions, or settle the receipts of these destination transactions.
 */
export interface Step {
  readonly do: 'deliver' | 'settle';
  readonly txIds: readonly TxId[];
}

/** The steps to start now, independently of each other, and when to decide again if no event wakes the relay before. */
export interface Decision {
  readonly steps: readonly Step[];
  /** Undefined if no step becomes due by waiting. */
  readonly waitMs: number | undefined;
}

/** For how many takeover delays a packet may wait while other packets of the lane move. */
export const patience = 10;

/** The aim for the packets of one batch. A transaction with more packets still travels as a whole. */
export const batchPackets = 50;

interface Outbox {
  readonly txId: TxId;
  readonly ageMs: number;
  readonly entries: number;
  /** How long until this relay may take it up; 0 when it may now. */
  readonly dueMs: number;
}

/**
 * Decides what a relay does next for one lane. A wrong or late decision does no harm, because the chaincode refuses
 * what is not proven, and answers `already-done` to what another relay has carried.
 *
 * A batch consists of whole transactions, oldest first, because peers endorse everything that a transaction has for the
 * lane.
 */
export function nextStep(view: LaneView): Decision {
  const deliveries = outboxes(
    view,
    view.packets.filter(({ receipt }) => receipt === undefined),
  );
  const settlements = outboxes(
    view,
    view.packets.flatMap(({ receipt }) => receipt ?? []),
  );
  const steps = [
    ...stepsOf('deliver', deliveries, view),
    // Settling frees nothing that a delivery waits for, so it comes second when both are due.
    ...stepsOf('settle', settlements, view),
  ];
  const later = [...deliveries, ...settlements].map(({ dueMs }) => dueMs).filter((dueMs) => dueMs > 0);
  return { steps, waitMs: later.length === 0 ? undefined : later.reduce((least, waitMs) => Math.min(least, waitMs)) };
}

function outboxes(view: LaneView, seen: readonly { readonly txId: TxId; readonly ageMs: number }[]): readonly Outbox[] {
  const found = new Map<TxId, { ageMs: number; entries: number }>();
  for (const { txId, ageMs } of seen) {
    const known = found.get(txId);
    found.set(txId, { ageMs: Math.max(ageMs, known?.ageMs ?? 0), entries: (known?.entries ?? 0) + 1 });
  }
  return [...found]
    .filter(([txId]) => !view.underWay.has(txId))
    .map(([txId, { ageMs, entries }]) => {
      return { txId, ageMs, entries, dueMs: Math.max(0, turnInMs(view, ageMs), view.retryInMs.get(txId) ?? 0) };
    })
    .sort((a, b) => b.ageMs - a.ageMs);
}

/**
 * How long until it is this relay's turn. A backlog does not mean that the leading relay is dead: while packets of the
 * lane move, the other relays leave it to the leader. They do so for a limited time, in case the leader leaves a packet
 * out.
 */
function turnInMs({ rank, takeoverDelayMs, quietMs }: LaneView, ageMs: number): number {
  const silent = rank * takeoverDelayMs - Math.min(ageMs, quietMs);
  const passedOver = rank * takeoverDelayMs * patience - ageMs;
  return Math.min(silent, passedOver);
}

function stepsOf(kind: Step['do'], all: readonly Outbox[], view: LaneView): readonly Step[] {
  const due = all.filter(({ dueMs }) => dueMs === 0);
  const unbatched = due.filter(({ txId }) => view.unbatched.has(txId)).map(({ txId }) => [txId]);
  const { full, part } = batches(due.filter(({ txId }) => !view.unbatched.has(txId)));
  const wanted = [...full, ...(full.length < view.partSlots[kind] ? part : []), ...unbatched];
  return wanted.slice(0, Math.max(0, view.freeSlots[kind])).map((txIds) => ({ do: kind, txIds }));
}

/** Divides transactions into batches. Only the last batch can be one that is not full. */
function batches(due: readonly Outbox[]): Readonly<Record<'full' | 'part', readonly (readonly TxId[])[]>> {
  const result: TxId[][] = [];
  let room = 0;
  for (const { txId, entries } of due) {
    const batch = result.at(-1);
    if (batch !== undefined && entries <= room && batch.length < limits.batchEntries) {
      batch.push(txId);
      room -= entries;
    } else {
      result.push([txId]);
      room = batchPackets - entries;
    }
  }
  const count = result.length - (room > 0 ? 1 : 0);
  return { full: result.slice(0, count), part: result.slice(count) };
}
