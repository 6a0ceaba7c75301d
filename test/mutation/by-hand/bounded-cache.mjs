// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/codec/bounded-cache.ts';
export const tests = ['chaincode/protocol/src/codec/bounded-cache.test.ts'];
export const changes = [
  [`if (result !== undefined) this.#keep(key, result);`, `this.#keep(key, result as T);`, 'what failed is not kept'],
  [`if (key.length > this.#maximumCharacters) return;`, ``, 'a large entry does not empty the cache'],
  [`this.#entries.size <= this.#maximumEntries && this.#characters`, `this.#characters`, 'entries are bounded'],
  [`&& this.#characters <= this.#maximumCharacters) return;`, `) return;`, 'characters are bounded'],
  [`      this.#characters -= oldest.length;\n`, ``, 'what was dropped is not counted'],
];
