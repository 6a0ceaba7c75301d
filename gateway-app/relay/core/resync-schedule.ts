// SPDX-License-Identifier: Apache-2.0

/** How often the ledgers are read without a reason: while packets are in flight, and while none is. */
const busyPollMs = 2_000;
const idlePollMs = 5_000;
/** Reading very many packets takes long. The next resync waits for this many times as long, whoever asks for it. */
const restFactor = 3;

/** When a relay reads both ledgers again. All times are of one monotonic clock, in milliseconds. */
export class ResyncSchedule {
  /** Time of the next resync; -Infinity means now. */
  #dueMs = -Infinity;
  /** No resync starts before this time. */
  #notBeforeMs = -Infinity;
  #failures = 0;

  /** How many resyncs have failed since the last one that succeeded. */
  get failures(): number {
    return this.#failures;
  }

  /** How long until the next resync; 0 when it is due. */
  waitMs(nowMs: number): number {
    return Math.max(0, Math.max(this.#dueMs, this.#notBeforeMs) - nowMs);
  }

  /** Asks for a resync as soon as one may start. */
  request(): void {
    this.#dueMs = -Infinity;
  }

  /** After an event: a resync within the busy poll interval is enough. */
  expectSoon(nowMs: number): void {
    this.#dueMs = Math.min(this.#dueMs, nowMs + busyPollMs);
  }

  /** Whatever asks for a resync from here on gets another one than the one that starts. */
  started(): void {
    this.#dueMs = Infinity;
  }

  /** @param inFlight - how many packets are in flight by what was read */
  succeeded(startedMs: number, nowMs: number, inFlight: number): void {
    this.#dueMs = Math.min(this.#dueMs, nowMs + (inFlight > 0 ? busyPollMs : idlePollMs));
    this.#notBeforeMs = nowMs + (nowMs - startedMs) * restFactor;
    this.#failures = 0;
  }

  failed(nowMs: number, backOffMs: number): void {
    this.#dueMs = -Infinity;
    this.#notBeforeMs = nowMs + backOffMs;
    this.#failures += 1;
  }
}

/** The longest that a relay sleeps when nothing is due. */
export const longestSleepMs = idlePollMs;
