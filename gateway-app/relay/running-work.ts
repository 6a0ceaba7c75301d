// SPDX-License-Identifier: Apache-2.0

/** Work that was started and is not waited for until the end. */
export class RunningWork {
  readonly #running = new Set<Promise<void>>();
  readonly #onError: (error: unknown) => void;
  readonly #onEnd: () => void;

  /** @param onEnd - called after each piece of work, whether it failed or not */
  constructor(onError: (error: unknown) => void, onEnd: () => void) {
    this.#onError = onError;
    this.#onEnd = onEnd;
  }

  track(work: Promise<void>): void {
    const tracked = work.catch(this.#onError).finally(() => {
      this.#running.delete(tracked);
      this.#onEnd();
    });
    this.#running.add(tracked);
  }

  /** Resolves when all that was started before has ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#running);
  }
}
