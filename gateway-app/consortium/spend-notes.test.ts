// SPDX-License-Identifier: Apache-2.0

import {
  accountCodec,
  assetIdCodec,
  chainIdCodec,
  laneIdCodec,
  noteIdOf,
  txIdCodec,
  type LaneId,
  type Note,
  type NoteId,
} from '@gridpeg/protocol';
import { PegError } from '../client';
import { spendNotes, type NotesClient } from './spend-notes';

const owner = accountCodec.decode('ChargingMSP/User1@charging.example.com', '');
const asset = assetIdCodec.decode('city/energy', '');
const home = chainIdCodec.decode(`city-${'0'.repeat(64)}`, '');
let made = 0;
const note = (quantity: bigint): Note => {
  made += 1;
  const id = noteIdOf(owner, txIdCodec.decode('a'.repeat(64), ''), made);
  return { version: 1, id, owner, asset, label: { home, path: [] }, quantity, memo: '' };
};
const noWait = (): Promise<void> => Promise.resolve();

/** The notes of one owner on a ledger: each is spent once. */
class Ledger implements NotesClient {
  readonly unspent = new Map<NoteId, Note>();
  transfers = 0;
  pageSize = 1_000;
  pagesRead = 0;

  constructor(...quantities: readonly bigint[]) {
    for (const each of quantities.map(note)) this.unspent.set(each.id, each);
  }

  async *notesPages(): AsyncGenerator<readonly Note[], void> {
    const all = [...this.unspent.values()];
    for (let from = 0; from < all.length; from += this.pageSize) {
      this.pagesRead += 1;
      yield await Promise.resolve(all.slice(from, from + this.pageSize));
    }
  }

  transfer: NotesClient['transfer'] = ({ noteIds, outputs }) => {
    this.transfers += 1;
    if (noteIds.length > 50) throw new Error('more notes than a transaction spends');
    const [output] = outputs;
    const merged = note(output?.quantity ?? 0n);
    this.spend(noteIds, 0n);
    this.unspent.set(merged.id, merged);
    const answer = { txId: txIdCodec.decode('b'.repeat(64), ''), noteIds: [merged.id] };
    return Promise.resolve({ answer, blockNumber: 1n, txId: answer.txId });
  };

  /** @throws PegError NOTE_SPENT */
  spend(noteIds: readonly NoteId[], change: bigint): void {
    const gone = noteIds.find((id) => !this.unspent.has(id));
    if (gone !== undefined) throw new PegError({ code: 'NOTE_SPENT', details: { noteId: gone } });
    for (const id of noteIds) this.unspent.delete(id);
    const rest = note(change);
    if (change > 0n) this.unspent.set(rest.id, rest);
  }
}

/** Several commands at once: all read and choose before the first one spends. */
async function tenAtOnce(ledger: Ledger, quantity: bigint): Promise<readonly bigint[]> {
  const one = (): Promise<bigint> =>
    spendNotes(
      ledger,
      owner,
      { asset, quantity },
      async (notes) => {
        await new Promise(setImmediate);
        const total = notes.reduce((sum, each) => sum + each.quantity, 0n);
        ledger.spend(
          notes.map(({ id }) => id),
          total - quantity,
        );
        return quantity;
      },
      noWait,
    );
  return Promise.all(Array.from({ length: 10 }, one));
}

describe('T25: ten commands of one account at once', () => {
  test.each([
    ['ten notes that suffice', Array.from({ length: 10 }, () => 5n)],
    ['one note that suffices for all', [50n]],
    ['three notes, and change', [20n, 20n, 10n]],
  ])('all succeed with %s', async (_, quantities) => {
    const ledger = new Ledger(...quantities);
    expect(await tenAtOnce(ledger, 5n)).toEqual(Array.from({ length: 10 }, () => 5n));
    expect(ledger.unspent.size).toBe(0);
  });
  test('end with what is lacking when there is too little for all', async () => {
    await expect(tenAtOnce(new Ledger(45n), 5n)).rejects.toMatchObject({ code: 'NOTES_INSUFFICIENT' });
  });
});

describe('spending', () => {
  test('T46: merges 300 parts of one unit, fifty at a time, before it spends them', async () => {
    const ledger = new Ledger(...Array.from({ length: 300 }, () => 1n));
    const spent = await spendNotes(ledger, owner, { asset, quantity: 300n }, (notes) => Promise.resolve(notes), noWait);
    expect(spent.length).toBeLessThanOrEqual(50);
    expect(spent.reduce((total, { quantity }) => total + quantity, 0n)).toBe(300n);
    expect(ledger.transfers).toBe(6);
  });
  test('reads no more of an owner’s notes than it takes, and all when it takes all', async () => {
    const ledger = new Ledger(...Array.from({ length: 400 }, () => 1n));
    ledger.pageSize = 10;
    const pages = async (quantity: bigint, ofLane?: LaneId): Promise<number> => {
      ledger.pagesRead = 0;
      const wanted = { asset, quantity, cameBy: ofLane };
      await spendNotes(ledger, owner, wanted, (notes) => Promise.resolve(notes), noWait).catch(() => undefined);
      return ledger.pagesRead;
    };
    expect([await pages(1n), await pages(10n), await pages(11n)]).toEqual([1, 1, 2]);
    // What came by the lane would be preferred, so all is looked through for it.
    expect(await pages(1n, laneIdCodec.decode('city-charging', ''))).toBe(40);
    expect(await pages(401n)).toBe(40);
  });
  test('ends at a bound, with the last refusal', async () => {
    let tries = 0;
    const spend = (): Promise<never> => {
      tries += 1;
      return Promise.reject(new PegError({ code: 'MVCC_READ_CONFLICT' }));
    };
    const spending = spendNotes(new Ledger(5n), owner, { asset, quantity: 5n }, spend, noWait);
    await expect(spending).rejects.toMatchObject({ code: 'MVCC_READ_CONFLICT' });
    expect(tries).toBe(40);
  });
  test.each(['LANE_PAUSED', 'NOTE_NOT_OWNED', 'COMMIT_STATUS_UNKNOWN'] as const)(
    'does not try %s again',
    async (code) => {
      let tries = 0;
      const spend = (): Promise<never> => {
        tries += 1;
        return Promise.reject(new PegError({ code }));
      };
      const spending = spendNotes(new Ledger(5n), owner, { asset, quantity: 5n }, spend, noWait);
      await expect(spending).rejects.toMatchObject({ code });
      expect(tries).toBe(1);
    },
  );
});
