// SPDX-License-Identifier: Apache-2.0

import { percentile } from './percentile';

/** Median and 95th percentile of durations in milliseconds. */
export interface Latency {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** What one lane carried during the day. */
interface Carried {
  readonly laneId: string;
  transactions: number;
  packets: number;
  quantityWh: bigint;
}

/** Collects what the day measures. */
export class Measurements {
  readonly #durations = new Map<string, number[]>();
  readonly #carried = new Map<string, Carried>();

  /**
   * @param what - `commit`: from calling to VALID; `received`: from VALID on the source to received on the destination
   */
  add(what: 'commit' | 'received', milliseconds: number): void {
    this.#durations.set(what, [...(this.#durations.get(what) ?? []), milliseconds]);
  }

  carry(laneId: string, packets: number, quantityWh: bigint): void {
    const carried = this.#carried.get(laneId) ?? { laneId, transactions: 0, packets: 0, quantityWh: 0n };
    carried.transactions += 1;
    carried.packets += packets;
    carried.quantityWh += quantityWh;
    this.#carried.set(laneId, carried);
  }

  latency(what: 'commit' | 'received'): Latency | undefined {
    const values = this.#durations.get(what) ?? [];
    const [p50Ms, p95Ms] = [percentile(values, 50), percentile(values, 95)];
    return p50Ms === undefined || p95Ms === undefined ? undefined : { count: values.length, p50Ms, p95Ms };
  }

  carried(): readonly Readonly<Carried>[] {
    return [...this.#carried.values()];
  }
}
