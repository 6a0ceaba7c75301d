// SPDX-License-Identifier: Apache-2.0

import { Refused, type Note, type RetireRequest } from '@gridpeg/protocol';
import { noChanges, type Changes } from '../changes';
import { holdingOf, notesFrom } from './holding';
import type { Call } from '../transaction';

/**
 * Ends value of the caller at home; the change comes back. Away from home a retirement is sent (see `send`).
 *
 * @throws Refused ASSET_NOT_AT_HOME, NOTE_REPEATED, NOTE_NOT_OWNED, NOTES_MIXED, QUANTITY_EXCEEDS_NOTES
 * @see docs/spec/02-notes.md
 */
export function retire(notes: readonly Note[], request: RetireRequest, call: Call): Changes {
  const holding = holdingOf(notes, call.caller);
  const { asset, label } = holding;
  if (label.path.length > 0) throw new Refused({ code: 'ASSET_NOT_AT_HOME', asset });
  return {
    ...noChanges,
    spentNotes: notes,
    notes: notesFrom(holding, [], request.quantity, call),
    supply: [{ version: 1, kind: 'retired', asset, quantity: request.quantity, account: call.caller }],
  };
}
