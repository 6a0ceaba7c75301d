// SPDX-License-Identifier: Apache-2.0

import { type Logger } from 'pino';

const quietMs = 60_000;

/** Logs refusals. Those with one code to one caller are logged once a minute, with their number since then. */
export class RefusalLog {
  readonly #log: Logger;
  readonly #nowMs: () => number;
  readonly #last = new Map<string, { readonly atMs: number; unlogged: number }>();

  constructor(log: Logger, nowMs = () => performance.now()) {
    this.#log = log;
    this.#nowMs = nowMs;
  }

  /**
   * @param caller - MSP id of a member; undefined for everybody else, who share one entry
   * @param facts - what is logged besides
   */
  record(code: string, caller: string | undefined, facts: object): void {
    const key = `${code} ${caller ?? ''}`;
    const last = this.#last.get(key);
    if (last !== undefined && this.#nowMs() - last.atMs < quietMs) {
      last.unlogged += 1;
      return;
    }
    this.#log.warn({ code, caller, ...facts, unlogged: last?.unlogged ?? 0 }, 'refused');
    this.#last.set(key, { atMs: this.#nowMs(), unlogged: 0 });
  }
}
