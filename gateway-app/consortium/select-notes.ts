// SPDX-License-Identifier: Apache-2.0

import { classOf, limits, type AssetId, type LaneId, type Note, type NoteId } from '@gridpeg/protocol';
import { CommandError } from '../errors/command-error';

/** The value that is to be paid, sent or retired. */
export interface Wanted {
  readonly asset: AssetId;
  readonly quantity: bigint;
  /** Value that came by this lane is preferred: it goes back to where it came from. */
  readonly cameBy?: LaneId | undefined;
  /** Nothing but value that came by `cameBy`, or nothing but value that is at home. */
  readonly only?: 'came-by' | 'at-home' | undefined;
  /** How many single notes that suffice to pass over, counted in a circle: another choice after a conflict. */
  readonly passOver?: number | undefined;
}

/**
 * Picks notes of one asset and label that hold enough, as few as possible.
 *
 * @param notes - unspent notes of one owner on one chain
 * @returns more notes than one transaction spends where it takes as many: merge them first
 * @throws CommandError NOTES_INSUFFICIENT saying what there is
 */
export function selectNotes(notes: readonly Note[], wanted: Wanted): readonly Note[] {
  const classes = groupByClass(notes.filter((note) => fits(note, wanted)));
  const byPreference = [...classes.values()].sort((a, b) => rankOf(a, wanted) - rankOf(b, wanted));
  const chosen = byPreference.map((members) => largestFirst(members, wanted)).find((found) => found !== undefined);
  if (chosen !== undefined) return chosen;
  const held = byPreference.map((members) => `${sum(members).toString()} in ${members.length.toString()} notes`);
  throw new CommandError(
    'NOTES_INSUFFICIENT',
    `no notes that came the same way hold ${wanted.quantity.toString()} of ${wanted.asset}: ` +
      `there is ${held.join(', ') || 'nothing'}`,
    'Ask for less, or see `gridpeg note list`.',
  );
}

/**
 * Reads no more of an owner's notes than it takes for {@link selectNotes} to find what it prefers, in as many as one
 * transaction spends. It tries whenever what was read has doubled, so that all tries together cost what the last one
 * does.
 *
 * @param isGone - notes that are known to be spent
 */
export async function readEnough(
  pages: AsyncIterable<readonly Note[]>,
  wanted: Wanted,
  isGone: (id: NoteId) => boolean,
): Promise<readonly Note[]> {
  const notes: Note[] = [];
  let tryAt = 1;
  for await (const page of pages) {
    for (const note of page) if (!isGone(note.id)) notes.push(note);
    if (notes.length < tryAt) continue;
    if (hasPreferred(notes, wanted)) break;
    tryAt = 2 * notes.length;
  }
  return notes;
}

/** Whether there is enough of the class that nothing is preferred to, without merging. */
function hasPreferred(notes: readonly Note[], wanted: Wanted): boolean {
  const best = wanted.cameBy === undefined || wanted.only === 'at-home' ? 0 : -1;
  const classes = [...groupByClass(notes.filter((note) => fits(note, wanted))).values()];
  const preferred = classes.filter((members) => rankOf(members, wanted) === best);
  return preferred.some((members) => (largestFirst(members, wanted)?.length ?? Infinity) <= limits.notesSpent);
}

/**
 * Finds the notes that a user named, and reads no further than that takes.
 *
 * @throws CommandError NOTE_UNKNOWN
 */
export async function namedNotes(
  pages: AsyncIterable<readonly Note[]>,
  ids: readonly string[],
): Promise<readonly Note[]> {
  const found = new Map<string, Note | undefined>(ids.map((id) => [id, undefined]));
  let missing = found.size;
  for await (const page of pages) {
    for (const note of page.filter(({ id }) => found.has(id))) {
      found.set(note.id, note);
      missing -= 1;
    }
    if (missing === 0) break;
  }
  return ids.map((id) => {
    const note = found.get(id);
    if (note !== undefined) return note;
    throw new CommandError(
      'NOTE_UNKNOWN',
      `no unspent note ${id.slice(0, 120)} of this account`,
      'See `gridpeg note list`.',
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

function largestFirst(notes: readonly Note[], { quantity, passOver = 0 }: Wanted): readonly Note[] | undefined {
  const sorted = [...notes].sort((a, b) => (a.quantity < b.quantity ? 1 : -1));
  // One note that just suffices leaves the big ones whole.
  const sufficing = sorted.filter((note) => note.quantity >= quantity).reverse();
  const single = sufficing[passOver % Math.max(sufficing.length, 1)];
  if (single !== undefined) return [single];
  let total = 0n;
  const last = sorted.findIndex((note) => (total += note.quantity) >= quantity);
  return last < 0 ? undefined : sorted.slice(0, last + 1);
}

function sum(notes: readonly Note[]): bigint {
  return notes.reduce((total, { quantity }) => total + quantity, 0n);
}

function groupByClass(notes: readonly Note[]): ReadonlyMap<string, readonly Note[]> {
  const classes = new Map<string, Note[]>();
  for (const note of notes) {
    const name = classOf(note);
    const known = classes.get(name);
    if (known === undefined) classes.set(name, [note]);
    else known.push(note);
  }
  return classes;
}
