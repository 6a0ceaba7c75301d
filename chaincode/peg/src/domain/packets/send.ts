// SPDX-License-Identifier: Apache-2.0

import {
  escrowIdOf,
  limits,
  packetIdOf,
  Refused,
  unwinds,
  type EscrowNote,
  type Lane,
  type MspId,
  type Note,
  type Packet,
  type SendOutput,
  type SendRequest,
} from '@gridpeg/protocol';
import { noChanges, type Changes } from '../changes';
import { holdingOf, notesFrom, sum, type Holding } from '../notes/holding';
import { laneRefusal } from './lane-rules';
import { recipientRefusal } from '../notes/recipient-refusal';
import type { Transaction } from '../transaction';

/**
 * Locks the caller's notes into the lane's escrow, or burns them when they go back where they came from, and makes the
 * packets that say so.
 *
 * @param recipients - organizations that the lane's destination has, by this ledger's trust record of it
 * @returns one packet an output; when locking, one escrow note a packet; change to the caller
 * @throws Refused LANE_UNKNOWN, ASSET_NOT_ALLOWED, QUANTITY_ABOVE_LIMIT, PATH_TOO_LONG, RECIPIENT_UNKNOWN,
 * DEADLINE_PASSED, DEADLINE_TOO_FAR, RETIREMENT_NOT_AWAY and those of notes
 * @see docs/spec/03-transfer.md section 3.2; keeps PEG-1, PEG-4
 */
export function send(
  notes: readonly Note[],
  request: SendRequest,
  lane: Lane,
  recipients: readonly MspId[],
  transaction: Transaction,
): Changes {
  if (lane.sourceChainId !== transaction.chainId) throw new Refused({ code: 'LANE_UNKNOWN', laneId: lane.id });
  const holding = holdingOf(notes, transaction.caller);
  checkDeadline(request, transaction);
  for (const output of request.outputs) checkOutput(output, holding, lane, recipients);
  const packets = request.outputs.map((output, index) => packetOf(output, index, request, holding, lane, transaction));
  return {
    ...noChanges,
    spentNotes: notes,
    notes: notesFrom(holding, [], sum(request.outputs), transaction),
    escrow: unwinds(holding.label, lane) ? [] : packets.map((packet) => escrowOf(packet, transaction)),
    packets,
  };
}

function checkDeadline(request: SendRequest, transaction: Transaction): void {
  const { deadlineMs } = request;
  if (request.outputs.every(({ kind }) => kind === 'retirement')) return;
  if (deadlineMs <= transaction.timeMs)
    throw new Refused({ code: 'DEADLINE_PASSED', deadlineMs: deadlineMs.toString() });
  if (deadlineMs > transaction.timeMs + limits.deadlineAheadMs) {
    throw new Refused({ code: 'DEADLINE_TOO_FAR', deadlineMs: deadlineMs.toString() });
  }
}

function checkOutput(output: SendOutput, holding: Holding, lane: Lane, recipients: readonly MspId[]): void {
  const refusal =
    laneRefusal(lane, { ...holding, quantity: output.quantity }) ??
    (output.kind === 'transfer' ? recipientRefusal(output.recipient, recipients) : undefined);
  if (refusal !== undefined) throw new Refused(refusal);
  if (output.kind === 'retirement' && !unwinds(holding.label, lane)) {
    throw new Refused({ code: 'RETIREMENT_NOT_AWAY', laneId: lane.id });
  }
}

function packetOf(
  output: SendOutput,
  index: number,
  request: SendRequest,
  holding: Holding,
  lane: Lane,
  transaction: Transaction,
): Packet {
  const retirement = output.kind === 'retirement';
  return {
    version: 1,
    id: packetIdOf(transaction.chainId, transaction.txId, index),
    laneId: lane.id,
    sourceChainId: lane.sourceChainId,
    destinationChainId: lane.destinationChainId,
    txId: transaction.txId,
    index,
    kind: output.kind,
    sender: transaction.caller,
    recipient: retirement ? transaction.caller : output.recipient,
    asset: holding.asset,
    label: holding.label,
    quantity: output.quantity,
    memo: output.memo,
    deadlineMs: retirement ? 0n : request.deadlineMs,
  };
}

function escrowOf(packet: Packet, transaction: Transaction): EscrowNote {
  const { laneId, asset, label, quantity, index } = packet;
  return { version: 1, id: escrowIdOf(transaction.txId, index), laneId, asset, label, quantity };
}
