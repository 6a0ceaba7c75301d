// SPDX-License-Identifier: Apache-2.0

import { Refused, type Note, type TransferRequest } from '@gridpeg/protocol';
import { noChanges, type Changes } from '../changes';
import { holdingOf, notesFrom } from './holding';
import { recipientRefusal } from './recipient-refusal';
import type { Transaction } from '../transaction';

/**
 * Spends the caller's notes into new ones of the same asset and label: pays, splits and merges; change comes back.
 * Whoever calls exists, so paying oneself is never refused for the recipient.
 *
 * @throws Refused RECIPIENT_UNKNOWN, NOTE_REPEATED, NOTE_NOT_OWNED, NOTES_MIXED, QUANTITY_EXCEEDS_NOTES,
 *   QUANTITY_TOO_LARGE
 * @see docs/spec/02-notes.md; keeps PEG-4
 */
export function transfer(notes: readonly Note[], request: TransferRequest, transaction: Transaction): Changes {
  for (const { recipient } of request.outputs) {
    const refusal = recipient === transaction.caller ? undefined : recipientRefusal(recipient, transaction.members);
    if (refusal !== undefined) throw new Refused(refusal);
  }
  const claims = request.outputs.map(({ recipient, quantity, memo }) => ({ owner: recipient, quantity, memo }));
  const holding = holdingOf(notes, transaction.caller);
  return { ...noChanges, spentNotes: notes, notes: notesFrom(holding, claims, 0n, transaction) };
}
