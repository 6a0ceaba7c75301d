// SPDX-License-Identifier: Apache-2.0

/** How long a peer that refuses at once comes last: asking it again costs next to nothing. */
const refusedMs = 3_000;
const atOnceMs = 500;
/** How long one that let a time limit pass comes last: much longer than it takes to notice. */
const silentMs = 60_000;

/** Peers that did not answer, until when they are asked last; by a clock that nobody sets. */
class SilentPeers {
  readonly #untilMs = new Map<string, number>();
  readonly #nowMs: () => number;

  constructor(nowMs = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** @param tookMs - how long it was waited for */
  add(endpoint: string, tookMs: number): void {
    this.#untilMs.set(endpoint, this.#nowMs() + (tookMs < atOnceMs ? refusedMs : silentMs));
  }

  /** It has answered. */
  remove(endpoint: string): void {
    this.#untilMs.delete(endpoint);
  }

  has(endpoint: string): boolean {
    return (this.#untilMs.get(endpoint) ?? -Infinity) > this.#nowMs();
  }
}

/** Shared by the process: all connections, of any identity and channel, wait for a silent peer only once. */
export const silentPeers = new SilentPeers();
