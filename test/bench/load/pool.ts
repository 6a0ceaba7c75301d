// SPDX-License-Identifier: Apache-2.0

/** Resources that one caller at a time may use, given out in the order in which they came back. */
export class Pool<T> {
  readonly #name: string;
  readonly #items: T[];

  constructor(name: string, items: readonly T[]) {
    this.#name = name;
    this.#items = [...items];
  }

  /** @throws Error when all are in use or lost: what failed under way is not given back */
  take(): T {
    const item = this.#items.shift();
    if (item === undefined) throw new Error(`no ${this.#name} left`);
    return item;
  }

  give(item: T): void {
    this.#items.push(item);
  }

  /** Takes an item, uses it and gives back what came of it; a failure loses it. */
  async use(action: (item: T) => Promise<T>): Promise<void> {
    this.give(await action(this.take()));
  }
}
