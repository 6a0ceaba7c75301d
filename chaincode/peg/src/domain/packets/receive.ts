// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one decision about a packet, of which no part is used by itself.

import {
  channelOf,
  classOf,
  labelBehind,
  packetHashOf,
  packetIdOf,
  unwinds,
  type EntryResult,
  type EscrowNote,
  type Lane,
  type LaneId,
  type LaneStatusRecord,
  type Note,
  type Packet,
  type PacketBatch,
  type PacketId,
  type ReceiptEntry,
  type Refusal,
  type RefusalCode,
  type SupplyRecord,
  type RateLimitUsage,
} from '@gridpeg/protocol';
import { noChanges, type Changes } from '../changes';
import { EscrowPool } from './escrow-pool';
import { noteOf } from '../notes/holding';
import { laneRefusal } from './lane-rules';
import { recipientRefusal } from '../notes/recipient-refusal';
import { laneStatusRefusal } from './lane-status';
import type { Transaction } from '../transaction';
import { RateLimiter, type ValueClass } from './rate-limit';

/** What this ledger knows that bears on a batch of packets. */
export interface ReceiveView {
  /** The batch's lane. */
  readonly lane: Lane;
  /** Lanes by which escrowed vouchers once came here; see {@link arrivalLaneIds}. */
  readonly arrivalLanes: ReadonlyMap<LaneId, Lane>;
  /** Of the lanes back from those, on which retirements go onward; those that there are. */
  readonly laneStatuses: ReadonlyMap<LaneId, LaneStatusRecord>;
  readonly receipts: ReadonlyMap<PacketId, ReceiptEntry>;
  /** Escrow notes of the return lane that the relay named. */
  readonly escrow: readonly EscrowNote[];
  /** Of the lane and the transaction's shard, those that there are. */
  readonly usages: readonly RateLimitUsage[];
  /** Packets for which the certificate's evidence is not enough, each with its code. */
  readonly insufficient: ReadonlyMap<PacketId, RefusalCode>;
}

type Decision =
  | { readonly result: 'received'; readonly effect: Effect }
  | { readonly result: 'refused' | 'skipped'; readonly code: RefusalCode };
type Effect = Partial<{ readonly note: Note; readonly supply: SupplyRecord; readonly packet: Packet }>;

/**
 * Lanes whose records {@link receive} needs to send the retirement of a voucher of a voucher onward.
 */
export function arrivalLaneIds(batch: PacketBatch, lane: Lane): readonly LaneId[] {
  const onward = batch.entries.filter(({ kind, label }) => kind === 'retirement' && unwinds(label, lane));
  return [...new Set(onward.flatMap(({ label }) => label.path.slice(-2, -1)))];
}

/** What the windows of a batch count, each class once: {@link receive} needs their usage records. */
export function windowClasses(batch: PacketBatch, lane: Lane): readonly ValueClass[] {
  const values = batch.entries.map((packet) => valueHere(packet, lane));
  return [...new Map(values.map((value) => [classOf(value), value])).values()];
}

/**
 * Settles a verified batch packet by packet: mint, release, end escrow, or refuse. One bad packet never blocks the
 * others.
 *
 * @returns the changes, and a result for each entry in order
 * @see docs/spec/03-transfer.md section 3.3; keeps PEG-2, PEG-5, PEG-6, PEG-9, PEG-11, PEG-12
 */
export function receive(
  batch: PacketBatch,
  view: ReceiveView,
  transaction: Transaction,
): { readonly changes: Changes; readonly results: readonly EntryResult[] } {
  const pool = new EscrowPool(view.escrow);
  const limiter = new RateLimiter(view.lane, view.usages, transaction);
  const receipts: ReceiptEntry[] = [];
  const effects: Effect[] = [];
  const done = new Set<PacketId>(view.receipts.keys());
  const results = batch.entries.map((packet): EntryResult => {
    if (done.has(packet.id)) return { packetId: packet.id, result: 'already-done', code: '' };
    const decision = decide(packet, batch, view, { pool, limiter }, transaction, effects);
    const code = decision.result === 'received' ? '' : decision.code;
    if (decision.result === 'received') {
      effects.push(decision.effect);
      limiter.count(valueHere(packet, view.lane), packet.quantity);
    }
    if (decision.result !== 'skipped') {
      done.add(packet.id);
      receipts.push(receiptOf(packet, view.lane, decision.result, code, transaction));
    }
    return { packetId: packet.id, result: decision.result, code };
  });
  return {
    changes: {
      ...noChanges,
      ...pool.close(transaction),
      notes: effects.flatMap(({ note }) => note ?? []),
      supply: effects.flatMap(({ supply }) => supply ?? []),
      packets: effects.flatMap(({ packet }) => packet ?? []),
      receipts,
      usages: limiter.close(),
    },
    results,
  };
}

function decide(
  packet: Packet,
  batch: PacketBatch,
  view: ReceiveView,
  { pool, limiter }: { readonly pool: EscrowPool; readonly limiter: RateLimiter },
  transaction: Transaction,
  effects: readonly Effect[],
): Decision {
  if (!consistent(packet, batch)) return { result: 'skipped', code: 'PACKET_INCONSISTENT' };
  const missing = view.insufficient.get(packet.id);
  if (missing !== undefined) return { result: 'skipped', code: missing };
  const refusal = refusalOf(packet, view.lane, transaction);
  if (refusal !== undefined) return { result: 'refused', code: refusal.code };
  const { asset, label } = valueHere(packet, view.lane);
  if (!limiter.allows({ asset, label }, packet.quantity)) return { result: 'skipped', code: 'WINDOW_FULL' };
  if (packet.kind === 'retirement') return endEscrow(packet, view, pool, transaction, effects);
  if (unwinds(packet.label, view.lane) && !pool.take({ ...packet, label })) {
    return { result: 'skipped', code: 'ESCROW_NOT_NAMED' };
  }
  const index = effects.filter(({ note }) => note !== undefined).length;
  const { recipient: owner, quantity, memo } = packet;
  return { result: 'received', effect: { note: noteOf({ owner, asset, label, quantity, memo }, transaction, index) } };
}

function consistent(packet: Packet, batch: PacketBatch): boolean {
  return (
    packet.laneId === batch.laneId &&
    packet.sourceChainId === batch.sourceChainId &&
    packet.destinationChainId === batch.destinationChainId &&
    packet.id === packetIdOf(packet.sourceChainId, packet.txId, packet.index)
  );
}

/** The permanent no. A retirement ends value that is already gone elsewhere, so no rule or time stands against it. */
function refusalOf(packet: Packet, lane: Lane, transaction: Transaction): Pick<Refusal, 'code'> | undefined {
  const back = unwinds(packet.label, lane);
  if (packet.kind === 'retirement') return back ? undefined : { code: 'RETIREMENT_NOT_AWAY' };
  if (transaction.timeMs >= packet.deadlineMs) return { code: 'DEADLINE_PASSED' };
  if (packet.label.path.length === 0 && !isHome(packet)) return { code: 'LABEL_FOREIGN' };
  return laneRefusal(lane, packet) ?? recipientRefusal(packet.recipient, transaction.members);
}

/** What a packet is once it is here: what its window counts. */
function valueHere({ asset, label }: Packet, lane: Lane): ValueClass {
  return { asset, label: labelBehind(label, lane) };
}

/** The asset's home is the source, by the label and by the asset's own name. */
function isHome({ asset, label, sourceChainId }: Packet): boolean {
  return label.home === sourceChainId && asset.startsWith(`${channelOf(sourceChainId)}/`);
}

/**
 * At home the value ends; elsewhere the escrow was itself of vouchers, whose retirement goes on to where they came
 * from.
 */
function endEscrow(
  packet: Packet,
  view: ReceiveView,
  pool: EscrowPool,
  transaction: Transaction,
  effects: readonly Effect[],
): Decision {
  const label = labelBehind(packet.label, view.lane);
  const { asset, quantity, sender } = packet;
  const arrivalId = label.path.at(-1);
  const arrival = arrivalId === undefined ? undefined : view.arrivalLanes.get(arrivalId);
  if (arrivalId !== undefined && arrival === undefined) return { result: 'skipped', code: 'LANE_UNKNOWN' };
  const closed =
    arrival && laneStatusRefusal('send', arrival.returnLaneId, view.laneStatuses.get(arrival.returnLaneId));
  if (closed !== undefined) return { result: 'skipped', code: closed.code };
  if (!pool.take({ ...packet, label })) return { result: 'skipped', code: 'ESCROW_NOT_NAMED' };
  if (arrival === undefined) {
    return {
      result: 'received',
      effect: { supply: { version: 1, kind: 'retired', asset, quantity, account: sender } },
    };
  }
  const index = effects.filter((effect) => effect.packet !== undefined).length;
  return {
    result: 'received',
    effect: {
      packet: {
        ...packet,
        id: packetIdOf(transaction.chainId, transaction.txId, index),
        laneId: arrival.returnLaneId,
        sourceChainId: transaction.chainId,
        destinationChainId: arrival.sourceChainId,
        txId: transaction.txId,
        index,
        label,
      },
    },
  };
}

function receiptOf(
  packet: Packet,
  lane: Lane,
  outcome: ReceiptEntry['outcome'],
  code: string,
  transaction: Transaction,
): ReceiptEntry {
  const packetHash = packetHashOf(packet);
  return { version: 1, packetId: packet.id, packetHash, laneId: lane.id, outcome, code, txId: transaction.txId };
}
