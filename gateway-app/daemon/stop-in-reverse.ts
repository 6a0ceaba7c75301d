// SPDX-License-Identifier: Apache-2.0

import { type Logger } from 'pino';

/** Collects how to end what is started, so that a start which fails half-way leaves nothing running. */
export class StopInReverse {
  readonly #log: Logger;
  readonly #steps: Array<() => unknown> = [];

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @param step - ends something; may return a promise */
  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  /** Takes all steps, the last one first; one that fails keeps none of the others from being taken. */
  async run(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        this.#log.error({ err: error }, 'could not be stopped');
      }
    }
  }
}
