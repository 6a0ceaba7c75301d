// SPDX-License-Identifier: Apache-2.0

import {
  classOf,
  escrowIdOf,
  limits,
  Refused,
  type EscrowId,
  type EscrowNote,
  type MergeEscrowRequest,
} from '@gridpeg/protocol';
import { noChanges, type Changes } from '../changes';
import { sum } from '../notes/holding';
import type { Call } from '../transaction';

/**
 * Makes one escrow note of several of one lane, asset and label, so that no payment needs more parts than a transaction
 * names (T46). Nothing moves: what the lane owes to whom is as it was, so anybody may.
 *
 * @param found - those of the named notes that are there
 * @throws Refused ESCROW_REPEATED, ESCROW_SPENT, ESCROW_MIXED, QUANTITY_TOO_LARGE
 * @see docs/spec/03-transfer.md section 3.8; keeps PEG-1 and PEG-6
 */
export function mergeEscrow(found: readonly EscrowNote[], { escrowIds }: MergeEscrowRequest, call: Call): Changes {
  const byId = new Map(found.map((note) => [note.id, note]));
  const seen = new Set<EscrowId>();
  const notes = escrowIds.map((escrowId) => {
    if (seen.has(escrowId)) throw new Refused({ code: 'ESCROW_REPEATED', escrowId });
    seen.add(escrowId);
    const note = byId.get(escrowId);
    if (note === undefined) throw new Refused({ code: 'ESCROW_SPENT', escrowId });
    return note;
  });
  const [first] = notes;
  if (first === undefined) throw new Error('no escrow notes: requests name at least two');
  const other = notes.find((note) => classOf(note) !== classOf(first));
  if (other !== undefined) throw new Refused({ code: 'ESCROW_MIXED', escrowId: other.id });
  const quantity = sum(notes);
  if (quantity > limits.quantity)
    throw new Refused({ code: 'QUANTITY_TOO_LARGE', maximum: limits.quantity.toString() });
  return { ...noChanges, spentEscrow: notes, escrow: [{ ...first, id: escrowIdOf(call.txId, 0), quantity }] };
}
