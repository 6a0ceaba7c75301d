// SPDX-License-Identifier: Apache-2.0

import { limits, type PacketId, type TxId } from '@gridpeg/protocol';

/** A packet of the lane that is not settled at its source. */
export interface PacketSeen {
  readonly packetId: PacketId;
  /** The sending transaction: its outbox record is what a proof is of. */
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

/** All that a relay decides by, for one lane. */
export interface LaneView {
  readonly packets: readonly PacketSeen[];
  /**
   * 0 acts at once; n steps in when nothing of the lane has moved, and the packet has waited, for n takeover delays.
   */
  readonly rank: number;
  readonly takeoverDelayMs: number;
  /** How long since any packet of the lane was answered or settled, by whomever; Infinity when none was seen. */
  readonly quietMs: number;
  /** Source transactions in a delivery, destination transactions in a settlement, that this relay has under way. */
  readonly underWay: ReadonlySet<TxId>;
  /** Transactions that failed and wait: how long still. */
  readonly retryInMs: ReadonlyMap<TxId, number>;
  /** Transactions that made a batch fail before; each is tried in a batch of its own. */
  readonly unbatched: ReadonlySet<TxId>;
  /** How many more steps of each kind may be started. */
  readonly freeSlots: Readonly<Record<Step['do'], number>>;
  /** How many of these may be of batches with room left: beyond that, waiting for more packets is cheaper and hardly slower. */
  readonly partSlots: Readonly<Record<Step['do'], number>>;
}

/** What to do: carry packets of these source transactions, or receipts of these destination transactions. */
export interface Step {
  readonly do: 'deliver' | 'settle';
  readonly txIds: readonly TxId[];
}

/** Steps to start now, each on its own, and when to decide again if nothing wakes the relay before. */
export interface Decision {
  readonly steps: readonly Step[];
  /** undefined: nothing here becomes due by waiting */
  readonly waitMs: number | undefined;
}

/** Takeover delays that a packet may be passed over while others move. */
export const patience = 10;

/** Packets aimed at for one batch; one transaction with more still goes whole. */
export const batchPackets = 50;

interface Outbox {
  readonly txId: TxId;
  readonly ageMs: number;
  readonly entries: number;
  /** How long until this relay may take it up; 0 when it may now. */
  readonly dueMs: number;
}

/**
 * Decides what a relay does next for one lane. It may be wrong or late without harm: chaincode answers `already-done`.
 *
 * Whole transactions are batched, oldest first, because an export carries all that a transaction has for the lane.
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
 * A backlog is no sign of a dead relay: while the lane moves, the others leave it to the one whose turn it is. But not
 * for ever, in case it passes somebody over.
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

/** Only the last batch can have room left. */
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
