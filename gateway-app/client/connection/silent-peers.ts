// SPDX-License-Identifier: Apache-2.0

/** How long a peer that refused at once comes last. Asking it again costs almost nothing. */
const refusedMs = 3_000;
const atOnceMs = 500;
/** How long a peer that did not answer in time comes last. This is much longer than the time limit. */
const silentMs = 60_000;

/** Peers that did not answer, with the time until which they are asked last, by a monotonic clock. */
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

  /** Notes that a peer has answered. */
  remove(endpoint: string): void {
    this.#untilMs.delete(endpoint);
  }

  has(endpoint: string): boolean {
    return (this.#untilMs.get(endpoint) ?? -Infinity) > this.#nowMs();
  }
}

/** Shared by the process: all connections, of any identity and channel, wait for a silent peer only once. */
export const silentPeers = new SilentPeers();
