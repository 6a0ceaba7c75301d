// SPDX-License-Identifier: Apache-2.0

import { limits, type Account, type Note } from '@gridpeg/protocol';
import { pause, PegError, type BackOff, type PegClient } from '../client';
import { CommandError } from '../errors/command-error';
import { readEnough, selectNotes, type Wanted } from './select-notes';

/** Codes which say that somebody else was first, so that the notes chosen are spent. */
const lostRaces: ReadonlySet<string> = new Set(['NOTE_SPENT', 'MVCC_READ_CONFLICT', 'ENDORSEMENTS_DIFFER']);
/** Enough for a dozen commands that share one note, each of which wins once. */
const maximumTries = 40;
/** How often too little may be found after a conflict: a peer that lags shows spent notes, and no change yet. */
const maximumShort = 5;
const between: BackOff = { baseMs: 100, capMs: 1_000 };

/** What of a client spending takes. */
export type NotesClient = Pick<PegClient, 'notesPages' | 'transfer'>;

/**
 * Chooses notes and spends them; chooses again when another transaction spent one first, so that calls of one account
 * at the same time all succeed (T25). Merges notes first where it takes more of them than one transaction spends (T46).
 *
 * @param spend - submits one transaction with the notes chosen, which are at most as many as one spends
 * @throws CommandError NOTES_INSUFFICIENT; what `spend` throws, once the tries are used up or when trying again is no
 * use
 */
export async function spendNotes<T>(
  client: NotesClient,
  owner: Account,
  wanted: Wanted,
  spend: (notes: readonly Note[]) => Promise<T>,
  wait: typeof pause = pause,
): Promise<T> {
  const race: Race = { gone: new Set(), short: 0 };
  for (let attempt = 0; ; attempt += 1) {
    try {
      const notes = await readEnough(client.notesPages(owner), wanted, (id) => race.gone.has(id));
      const passOver = attempt === 0 ? 0 : Math.floor(Math.random() * notes.length);
      return await spend(
        await mergeNotes(client, owner, selectNotes(notes, { ...wanted, passOver }), limits.notesSpent),
      );
    } catch (error) {
      if (!isLost(error, attempt, race) || attempt + 1 >= maximumTries) throw error;
    }
    await wait(between, attempt);
  }
}

/** What conflicts have shown so far: notes that are spent, and how often too little was found. */
interface Race {
  readonly gone: Set<unknown>;
  short: number;
}

/** Whether somebody else was first, so that choosing again may help. */
function isLost(error: unknown, attempt: number, race: Race): boolean {
  if (error instanceof CommandError && attempt > 0) {
    race.short += 1;
    return race.short <= maximumShort;
  }
  if (!(error instanceof PegError) || !lostRaces.has(error.code)) return false;
  race.gone.add(error.details['noteId']);
  return true;
}

/**
 * Makes fewer notes of the same value, by transfers to oneself.
 *
 * @param chosen - all of one class
 * @param atMost - how many may be left, >= 1
 */
export async function mergeNotes(
  client: Pick<PegClient, 'transfer'>,
  owner: Account,
  chosen: readonly Note[],
  atMost: number,
): Promise<readonly Note[]> {
  let notes = chosen;
  while (notes.length > atMost) {
    const parts = notes.slice(0, limits.notesSpent);
    const quantity = parts.reduce((total, note) => total + note.quantity, 0n);
    const { answer } = await client.transfer({
      noteIds: parts.map(({ id }) => id),
      outputs: [{ recipient: owner, quantity, memo: '' }],
    });
    const merged = parts
      .slice(0, 1)
      .flatMap((note) => answer.noteIds.map((id) => ({ ...note, id, quantity, memo: '' })));
    notes = [...merged, ...notes.slice(limits.notesSpent)];
  }
  return notes;
}
