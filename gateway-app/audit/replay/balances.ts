// SPDX-License-Identifier: Apache-2.0

import { classOf, type AssetId, type Label } from '@gridpeg/protocol';

/** Value of one class. */
export interface ClassValue {
  readonly asset: AssetId;
  readonly label: Label;
  readonly quantity: bigint;
}

/** Sums by pool and class. A pool is the notes of a chain, or the escrow of one lane. */
export class Balances {
  readonly #sums = new Map<string, bigint>();

  /** @param pool - `notes`, or a lane id for its escrow; any name without blanks */
  add(pool: string, value: ClassValue, sign: 1n | -1n = 1n): void {
    const key = `${pool} ${classOf(value)}`;
    const sum = (this.#sums.get(key) ?? 0n) + sign * value.quantity;
    if (sum === 0n) this.#sums.delete(key);
    else this.#sums.set(key, sum);
  }

  /** Sum of one pool and class; 0 when nothing was added. */
  of(pool: string, value: Omit<ClassValue, 'quantity'>): bigint {
    return this.#sums.get(`${pool} ${classOf(value)}`) ?? 0n;
  }

  /** Every pool and class in which the two differ, with both sums. */
  static differences(
    expected: Balances,
    found: Balances,
  ): ReadonlyArray<{
    readonly pool: string;
    readonly about: string;
    readonly expected: bigint;
    readonly found: bigint;
  }> {
    return [...new Set([...expected.#sums.keys(), ...found.#sums.keys()])].flatMap((key) => {
      const [wanted, is] = [expected.#sums.get(key) ?? 0n, found.#sums.get(key) ?? 0n];
      const [pool = '', ...about] = key.split(' ');
      return wanted === is ? [] : [{ pool: pool, about: about.join(' '), expected: wanted, found: is }];
    });
  }
}

/** The pool of a chain's notes; no lane id contains a colon. */
export const notesPool = 'notes:';
