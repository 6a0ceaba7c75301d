// SPDX-License-Identifier: Apache-2.0

import {
  packetHashOf,
  unwinds,
  type EntryResult,
  type EscrowNote,
  type InFlight,
  type Lane,
  type Note,
  type Packet,
  type PacketId,
  type Receipt,
  type ReceiptBatch,
  type RefusalCode,
  type Settled,
} from '@gridpeg/protocol';
import { noChanges, type Changes } from '../changes';
import { EscrowPool } from './escrow-pool';
import { noteOf } from '../notes/holding';
import type { Transaction } from '../transaction';

/** What this ledger knows that bears on a batch of receipts. */
export interface SettleView {
  readonly lane: Lane;
  readonly inFlight: ReadonlyMap<PacketId, { readonly entry: InFlight; readonly packet: Packet }>;
  readonly settled: ReadonlySet<PacketId>;
  /** Escrow notes of the lane that the relay named; only refunds of locked packets need any. */
  readonly escrow: readonly EscrowNote[];
  /** Packets for whose receipts the certificate's evidence is not enough, each with its code. */
  readonly insufficient: ReadonlyMap<PacketId, RefusalCode>;
}

type Decision =
  | { readonly result: 'delivered'; readonly note?: undefined }
  | { readonly result: 'refunded'; readonly note: Note }
  | { readonly result: 'skipped'; readonly code: RefusalCode };

/**
 * Closes packets whose receipts are proven: delivered, or refunded to the sender when refused. What this ledger itself
 * locked or burnt always comes home: no limit of the lane, and no window, stands against a refund.
 *
 * @returns the changes, and a result for each entry in order
 * @see docs/spec/03-transfer.md section 3.4; keeps PEG-3, PEG-6, PEG-9
 */
export function settle(
  batch: ReceiptBatch,
  view: SettleView,
  transaction: Transaction,
): { readonly changes: Changes; readonly results: readonly EntryResult[] } {
  const pool = new EscrowPool(view.escrow);
  const notes: Note[] = [];
  const settled: Settled[] = [];
  const done = new Set<PacketId>(view.settled);
  const results = batch.entries.map((receipt): EntryResult => {
    const packetId = receipt.packetId;
    if (done.has(packetId)) return { packetId, result: 'already-done', code: '' };
    const found = view.inFlight.get(packetId);
    if (found === undefined) return { packetId, result: 'skipped', code: 'PACKET_UNKNOWN' };
    const decision = decide(receipt, found.packet, view, pool, transaction, notes.length);
    if (decision.result === 'skipped') return { packetId, result: 'skipped', code: decision.code };
    done.add(packetId);
    if (decision.note !== undefined) notes.push(decision.note);
    const { laneId, txId, index } = found.entry;
    const { code } = receipt;
    settled.push({
      version: 1,
      packetId,
      laneId,
      txId,
      index,
      outcome: decision.result,
      code,
      settledTxId: transaction.txId,
    });
    return { packetId, result: decision.result, code };
  });
  return { changes: { ...noChanges, ...pool.close(transaction), notes, settled }, results };
}

function decide(
  receipt: Receipt,
  packet: Packet,
  { lane, insufficient }: SettleView,
  pool: EscrowPool,
  transaction: Transaction,
  index: number,
): Decision {
  if (receipt.laneId !== lane.id || packet.laneId !== lane.id || receipt.packetHash !== packetHashOf(packet)) {
    return { result: 'skipped', code: 'PACKET_INCONSISTENT' };
  }
  const missing = insufficient.get(receipt.packetId);
  if (missing !== undefined) return { result: 'skipped', code: missing };
  if (receipt.outcome === 'received') return { result: 'delivered' };
  const burnt = unwinds(packet.label, lane);
  if (!burnt && !pool.take(packet)) return { result: 'skipped', code: 'ESCROW_NOT_NAMED' };
  const { sender: owner, asset, label, quantity, memo } = packet;
  return { result: 'refunded', note: noteOf({ owner, asset, label, quantity, memo }, transaction, index) };
}
