// SPDX-License-Identifier: Apache-2.0

import { classOf, limits, type AssetId, type LaneId, type Note } from '@gridpeg/protocol';
import { CommandError } from './command-error';

/** What is to be paid, sent or retired. */
export interface Wanted {
  readonly asset: AssetId;
  readonly quantity: bigint;
  /** value that came by this lane is preferred: it goes back to where it came from */
  readonly cameBy?: LaneId | undefined;
  /** nothing but value that came by `cameBy`, or nothing but value that is at home */
  readonly only?: 'came-by' | 'at-home' | undefined;
}

/**
 * Picks notes of one asset and label that hold enough, as few as possible.
 *
 * @param notes - unspent notes of one owner on one chain
 * @returns at most 50 notes
 * @throws CommandError NOTES_INSUFFICIENT saying what there is
 */
export function selectNotes(notes: readonly Note[], wanted: Wanted): readonly Note[] {
  const classes = groupByClass(notes.filter((note) => fits(note, wanted)));
  const byPreference = [...classes.values()].sort((a, b) => rankOf(a, wanted) - rankOf(b, wanted));
  const chosen = byPreference
    .map((members) => largestFirst(members, wanted.quantity))
    .find((found) => found !== undefined);
  if (chosen !== undefined) return chosen;
  const held = byPreference.map((members) => `${sum(members).toString()} in ${members.length.toString()} notes`);
  throw new CommandError(
    'NOTES_INSUFFICIENT',
    `no notes of one kind hold ${wanted.quantity.toString()} of ${wanted.asset}: there is ${held.join(', ') || 'nothing'}. ` +
      'Ask for less, or see `gridpeg notes`; one transaction spends at most 50 notes that came the same way.',
  );
}

/**
 * Finds the notes that a user named.
 *
 * @throws CommandError NOTE_UNKNOWN
 */
export function namedNotes(notes: readonly Note[], ids: readonly string[]): readonly Note[] {
  return ids.map((id) => {
    const note = notes.find((candidate) => candidate.id === id);
    if (note !== undefined) return note;
    throw new CommandError(
      'NOTE_UNKNOWN',
      `no unspent note ${id.slice(0, 120)} of this account. See \`gridpeg notes\`.`,
    );
  });
}

function fits({ asset, label }: Note, wanted: Wanted): boolean {
  if (asset !== wanted.asset) return false;
  if (wanted.only === 'at-home') return label.path.length === 0;
  return wanted.only === undefined || label.path.at(-1) === wanted.cameBy;
}

function rankOf([first]: readonly Note[], { cameBy }: Wanted): number {
  const path = first?.label.path ?? [];
  return cameBy !== undefined && path.at(-1) === cameBy ? -1 : path.length;
}

function largestFirst(notes: readonly Note[], quantity: bigint): readonly Note[] | undefined {
  const sorted = [...notes].sort((a, b) => (a.quantity < b.quantity ? 1 : -1));
  // One note that just suffices leaves the big ones whole.
  const single = sorted.findLast((note) => note.quantity >= quantity);
  if (single !== undefined) return [single];
  for (let count = 2; count <= Math.min(sorted.length, limits.notesSpent); count += 1) {
    const some = sorted.slice(0, count);
    if (sum(some) >= quantity) return some;
  }
  return undefined;
}

function sum(notes: readonly Note[]): bigint {
  return notes.reduce((total, { quantity }) => total + quantity, 0n);
}

function groupByClass(notes: readonly Note[]): ReadonlyMap<string, readonly Note[]> {
  const classes = new Map<string, Note[]>();
  for (const note of notes) classes.set(classOf(note), [...(classes.get(classOf(note)) ?? []), note]);
  return classes;
}
