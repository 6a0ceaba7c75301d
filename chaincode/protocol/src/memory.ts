// SPDX-License-Identifier: Apache-2.0

/** Remembers results of a pure function, so that each certificate is parsed and checked once and not with every proof. */
export class Memory<T> {
  readonly #known = new Map<string, T>();
  readonly #limit: number;

  /** @param limit - how many results; the oldest is forgotten first */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @param key - all that the result depends on. What throws is not remembered */
  recall(key: string, compute: () => T): T {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const result = compute();
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= this.#limit) this.#known.delete(oldest);
    this.#known.set(key, result);
    return result;
  }
}
