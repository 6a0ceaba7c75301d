// SPDX-License-Identifier: Apache-2.0

/**
 * Keeps results of a pure function, so that each certificate is read and verified once and not with every proof. An
 * entry counts as
 * the length of its key, which holds all that the result is made of.
 */
export class BoundedCache<T> {
  readonly #entries = new Map<string, T>();
  readonly #maximumEntries: number;
  readonly #maximumCharacters: number;
  #characters = 0;

  /** @param bounds - of all entries together; the oldest goes first */
  constructor({ entries, characters }: { readonly entries: number; readonly characters: number }) {
    this.#maximumEntries = entries;
    this.#maximumCharacters = characters;
  }

  /**
   * @param key - all that the result depends on
   * @param compute - undefined and what it throws are not kept: what a stranger sent must not take the place of what
   *   was verified
   */
  getOrCompute(key: string, compute: () => T | undefined): T | undefined {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const result = compute();
    if (result !== undefined) this.#keep(key, result);
    return result;
  }

  #keep(key: string, result: T): void {
    if (key.length > this.#maximumCharacters) return;
    this.#entries.set(key, result);
    this.#characters += key.length;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#maximumEntries && this.#characters <= this.#maximumCharacters) return;
      this.#entries.delete(oldest);
      this.#characters -= oldest.length;
    }
  }
}
