// SPDX-License-Identifier: Apache-2.0

/** When something ended, by `performance.now()`, and how long it took. */
interface Sample {
  readonly atMs: number;
  readonly latencyMs: number;
}

/** A span of time, by `performance.now()`. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
}

/** Latencies as they come in; what counts is decided afterwards, by the measured window. */
export class Samples {
  readonly #samples: Sample[] = [];

  add(atMs: number, latencyMs: number): void {
    this.#samples.push({ atMs, latencyMs });
  }

  /** Runs something and takes its time; what fails is no sample. */
  async time<T>(action: () => Promise<T>): Promise<T> {
    const startMs = performance.now();
    const result = await action();
    const atMs = performance.now();
    this.add(atMs, atMs - startMs);
    return result;
  }

  /** Latencies of what ended within the window. */
  within({ startMs, endMs }: TimeWindow): readonly number[] {
    return this.#samples.filter(({ atMs }) => atMs >= startMs && atMs < endMs).map(({ latencyMs }) => latencyMs);
  }
}
