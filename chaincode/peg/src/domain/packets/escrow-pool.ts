// SPDX-License-Identifier: Apache-2.0

import { classOf, escrowIdOf, type AssetId, type EscrowNote, type Label } from '@gridpeg/protocol';
import type { Transaction } from '../transaction';

interface Purse {
  readonly unopened: EscrowNote[];
  readonly opened: EscrowNote[];
  /** What is left of the opened notes. */
  rest: bigint;
}

/**
 * The escrow notes of one lane that a relay named, consumed as needed; the rest of an opened note stays in escrow as
 * change (PEG-6). Notes that were named and not needed are left alone.
 */
export class EscrowPool {
  readonly #purses = new Map<string, Purse>();

  /** @param notes - of one lane, each once, as read from the ledger */
  constructor(notes: readonly EscrowNote[]) {
    for (const note of notes) {
      const purse = this.#purses.get(classOf(note)) ?? { unopened: [], opened: [], rest: 0n };
      purse.unopened.push(note);
      this.#purses.set(classOf(note), purse);
    }
  }

  /** Takes a quantity of one class, or nothing and answers false when too little was named. */
  take(value: { readonly asset: AssetId; readonly label: Label; readonly quantity: bigint }): boolean {
    const purse = this.#purses.get(classOf(value));
    if (purse === undefined) return false;
    const available = purse.unopened.reduce((total, note) => total + note.quantity, purse.rest);
    if (available < value.quantity) return false;
    while (purse.rest < value.quantity) {
      const note = purse.unopened.shift();
      if (note === undefined) throw new Error('escrow pool: less than counted');
      purse.opened.push(note);
      purse.rest += note.quantity;
    }
    purse.rest -= value.quantity;
    return true;
  }

  /** @returns the notes consumed and the change that stays in the same lane */
  close(transaction: Transaction): {
    readonly spentEscrow: readonly EscrowNote[];
    readonly escrow: readonly EscrowNote[];
  } {
    const purses = [...this.#purses.values()];
    const escrow = purses
      .filter(({ rest }) => rest > 0n)
      .flatMap(({ opened, rest }) => opened.slice(0, 1).map((note) => ({ ...note, quantity: rest })))
      .map((note, index) => ({ ...note, id: escrowIdOf(transaction.txId, index) }));
    return { spentEscrow: purses.flatMap(({ opened }) => opened), escrow };
  }
}
