// SPDX-License-Identifier: Apache-2.0

import type { Note, TransferRequest } from '@gridpeg/protocol';
import { noChanges, type Changes } from './changes';
import { holdingOf, notesFrom } from './holding';
import type { Call } from './transaction';

/**
 * Spends the caller's notes into new ones of the same asset and label: pays, splits and merges; change comes back.
 *
 * @throws Refused NOTE_REPEATED, NOTE_NOT_OWNED, NOTES_MIXED, QUANTITY_EXCEEDS_NOTES, QUANTITY_TOO_LARGE
 * @see docs/spec/02-notes.md; keeps PEG-4
 */
export function transfer(notes: readonly Note[], request: TransferRequest, call: Call): Changes {
  const claims = request.outputs.map(({ recipient, quantity, memo }) => ({ owner: recipient, quantity, memo }));
  const holding = holdingOf(notes, call.caller);
  return { ...noChanges, spentNotes: notes, notes: notesFrom(holding, claims, 0n, call) };
}
