// SPDX-License-Identifier: Apache-2.0

import {
  limits,
  noteIdOf,
  Refused,
  sameClass,
  type Account,
  type AssetId,
  type Label,
  type Note,
} from '@gridpeg/protocol';
import type { Call } from '../transaction';

/** Notes about to be spent together. */
export interface Holding {
  readonly asset: AssetId;
  readonly label: Label;
  readonly total: bigint;
}

/** What a new note is to hold. */
export interface Claim {
  readonly owner: Account;
  readonly asset: AssetId;
  readonly label: Label;
  readonly quantity: bigint;
  readonly memo: string;
}

/**
 * Adds up notes of one owner, one asset and one label.
 *
 * @throws Refused NOTE_REPEATED, NOTE_NOT_OWNED, NOTES_MIXED
 * @see docs/spec/02-notes.md
 */
export function holdingOf(notes: readonly Note[], owner: Account): Holding {
  const [first] = notes;
  if (first === undefined) throw new Error('no notes: requests name at least one');
  const seen = new Set<string>();
  for (const note of notes) {
    if (seen.has(note.id)) throw new Refused({ code: 'NOTE_REPEATED', noteId: note.id });
    seen.add(note.id);
    if (note.owner !== owner) throw new Refused({ code: 'NOTE_NOT_OWNED', noteId: note.id });
    if (!sameClass(note, first)) throw new Refused({ code: 'NOTES_MIXED', noteId: note.id });
  }
  return { asset: first.asset, label: first.label, total: sum(notes) };
}

/**
 * Makes the notes of a transaction: the claims in order, then the change.
 *
 * @param holding - what was spent; the outputs may not exceed it (PEG-4)
 * @param spentOtherwise - quantity that leaves the notes without a note for it (sent, retired)
 * @throws Refused QUANTITY_EXCEEDS_NOTES, QUANTITY_TOO_LARGE
 */
export function notesFrom(
  holding: Holding,
  claims: readonly Pick<Claim, 'owner' | 'quantity' | 'memo'>[],
  spentOtherwise: bigint,
  call: Call,
  firstIndex = 0,
): readonly Note[] {
  const asked = sum(claims) + spentOtherwise;
  if (asked > holding.total) {
    throw new Refused({ code: 'QUANTITY_EXCEEDS_NOTES', asked: asked.toString(), available: holding.total.toString() });
  }
  const change = holding.total - asked;
  const all = change > 0n ? [...claims, { owner: call.caller, quantity: change, memo: '' }] : claims;
  return all.map((claim, index) => noteOf({ ...holding, ...claim }, call, firstIndex + index));
}

/** @throws Refused QUANTITY_TOO_LARGE */
export function noteOf(claim: Claim, call: Call, index: number): Note {
  const { owner, asset, label, quantity, memo } = claim;
  if (quantity > limits.quantity)
    throw new Refused({ code: 'QUANTITY_TOO_LARGE', maximum: limits.quantity.toString() });
  return { version: 1, id: noteIdOf(owner, call.txId, index), owner, asset, label, quantity, memo };
}

export function sum(parts: readonly { readonly quantity: bigint }[]): bigint {
  return parts.reduce((total, { quantity }) => total + quantity, 0n);
}
