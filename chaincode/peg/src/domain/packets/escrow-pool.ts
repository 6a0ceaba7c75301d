// SPDX-License-Identifier: Apache-2.0

import { classOf, escrowIdOf, type AssetId, type EscrowNote, type Label } from '@gridpeg/protocol';
import type { Transaction } from '../transaction';

interface ClassEscrow {
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
  readonly #classes = new Map<string, ClassEscrow>();

  /** @param notes - of one lane, each once, as read from the ledger */
  constructor(notes: readonly EscrowNote[]) {
    for (const note of notes) {
      const classEscrow = this.#classes.get(classOf(note)) ?? { unopened: [], opened: [], rest: 0n };
      classEscrow.unopened.push(note);
      this.#classes.set(classOf(note), classEscrow);
    }
  }

  /** Takes a quantity of one class, or nothing and answers false when too little was named. */
  take(value: { readonly asset: AssetId; readonly label: Label; readonly quantity: bigint }): boolean {
    const classEscrow = this.#classes.get(classOf(value));
    if (classEscrow === undefined) return false;
    const available = classEscrow.unopened.reduce((total, note) => total + note.quantity, classEscrow.rest);
    if (available < value.quantity) return false;
    while (classEscrow.rest < value.quantity) {
      const note = classEscrow.unopened.shift();
      if (note === undefined) throw new Error('escrow pool: less than counted');
      classEscrow.opened.push(note);
      classEscrow.rest += note.quantity;
    }
    classEscrow.rest -= value.quantity;
    return true;
  }

  /** @returns the notes consumed and the change that stays in the same lane */
  close(transaction: Transaction): {
    readonly spentEscrow: readonly EscrowNote[];
    readonly escrow: readonly EscrowNote[];
  } {
    const classes = [...this.#classes.values()];
    const escrow = classes
      .filter(({ rest }) => rest > 0n)
      .flatMap(({ opened, rest }) => opened.slice(0, 1).map((note) => ({ ...note, quantity: rest })))
      .map((note, index) => ({ ...note, id: escrowIdOf(transaction.txId, index) }));
    return { spentEscrow: classes.flatMap(({ opened }) => opened), escrow };
  }
}
