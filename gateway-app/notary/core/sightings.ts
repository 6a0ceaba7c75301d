// SPDX-License-Identifier: Apache-2.0

import { type PacketId } from '@gridpeg/protocol';

/** When a relay first heard of packets or receipts, by an event or on a ledger. Only decides who acts when, never what. */
export class Sightings {
  readonly #firstSeenMs = new Map<PacketId, number>();

  get count(): number {
    return this.#firstSeenMs.size;
  }

  /** Notes a first sight; later ones change nothing. */
  see(packetId: PacketId, nowMs: number): void {
    if (!this.#firstSeenMs.has(packetId)) this.#firstSeenMs.set(packetId, nowMs);
  }

  /** @returns milliseconds since the first sight, which is now when there was none */
  ageMs(packetId: PacketId, nowMs: number): number {
    this.see(packetId, nowMs);
    return Math.max(0, nowMs - (this.#firstSeenMs.get(packetId) ?? nowMs));
  }

  forget(packetId: PacketId): void {
    this.#firstSeenMs.delete(packetId);
  }

  /** Forgets all that are not in flight any more. */
  keepOnly(inFlight: ReadonlySet<PacketId>): void {
    for (const packetId of this.#firstSeenMs.keys()) if (!inFlight.has(packetId)) this.forget(packetId);
  }
}
