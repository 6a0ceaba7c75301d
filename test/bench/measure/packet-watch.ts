// SPDX-License-Identifier: Apache-2.0

import { type PegClient, type PegEventStream } from '@gridpeg/gateway-app';
import { type LaneId, type Mention, type PacketId } from '@gridpeg/protocol';
import { type TimeWindow } from './samples';

/** What a packet arrives at: committed on the destination, and settled at its source. */
export type Milestone = 'received' | 'delivered';

const patienceMs = 90_000;

/** Sees by both chains' events when packets of one lane are received and settled. Times are of `performance.now()`. */
export class PacketWatch {
  readonly #laneId: LaneId;
  readonly #streams: readonly PegEventStream[];
  readonly #seen: Readonly<Record<Milestone, Map<PacketId, number>>> = { received: new Map(), delivered: new Map() };
  readonly #waiting = new Map<string, (atMs: number) => void>();
  readonly #batches: Array<{ readonly milestone: Milestone; readonly atMs: number; readonly packets: number }> = [];
  readonly #reading: ReadonlyArray<Promise<void>>;

  constructor(laneId: LaneId, source: PegClient, destination: PegClient) {
    this.#laneId = laneId;
    const [settled, received] = [source.pegEvents(), destination.pegEvents()];
    this.#streams = [settled, received];
    this.#reading = [
      this.#read(settled, 'delivered', (event) => event.settled),
      this.#read(received, 'received', (event) => event.receipts),
    ];
  }

  async close(): Promise<void> {
    for (const stream of this.#streams) stream.close();
    await Promise.all(this.#reading);
  }

  /** When the milestone was seen; waits for it. @throws Error after 90 s */
  async when(milestone: Milestone, packetId: PacketId): Promise<number> {
    const seen = this.#seen[milestone].get(packetId);
    if (seen !== undefined) return seen;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`packet ${packetId} was not ${milestone} within ${patienceMs / 1000} s`));
      }, patienceMs);
      this.#waiting.set(`${milestone} ${packetId}`, (atMs) => {
        clearTimeout(timer);
        resolve(atMs);
      });
    });
  }

  /** Sizes of the batches whose transactions were seen within a window: packets that a certificate carried. */
  batchesWithin(milestone: Milestone, { startMs, endMs }: TimeWindow): readonly number[] {
    return this.#batches
      .filter((batch) => batch.milestone === milestone && batch.atMs >= startMs && batch.atMs < endMs)
      .map(({ packets }) => packets);
  }

  /** How many packets have passed the milestone since a time. */
  countSince(milestone: Milestone, startMs: number): number {
    const batches = this.batchesWithin(milestone, { startMs, endMs: Number.POSITIVE_INFINITY });
    return batches.reduce((total, packets) => total + packets, 0);
  }

  async #read(
    stream: PegEventStream,
    milestone: Milestone,
    mentions: (event: Readonly<Record<'settled' | 'receipts', readonly Mention[]>>) => readonly Mention[],
  ): Promise<void> {
    for await (const { event } of stream) {
      const atMs = performance.now();
      const fresh = mentions(event).filter(
        ({ id, laneId }) => laneId === this.#laneId && !this.#seen[milestone].has(id),
      );
      if (fresh.length > 0) this.#batches.push({ milestone, atMs, packets: fresh.length });
      for (const { id } of fresh) this.#arrive(milestone, id, atMs);
    }
  }

  #arrive(milestone: Milestone, packetId: PacketId, atMs: number): void {
    this.#seen[milestone].set(packetId, atMs);
    const key = `${milestone} ${packetId}`;
    this.#waiting.get(key)?.(atMs);
    this.#waiting.delete(key);
  }
}
