// SPDX-License-Identifier: Apache-2.0

import { PegError } from '../../client';

/**
 * Verifying costs a few milliseconds of CPU each: what comes beyond this is turned away at once instead of waiting too
 * long.
 */
const maximumSigning = 32;
/** One organization never takes all of it. */
const maximumByCaller = 24;
/** So much is open to an organization though others take all there is: or two of them could keep all others out. */
const keptForCaller = 4;
/** A caller opens a connection for each request that is under way; many on one are none of ours. */
const maximumByConnection = 4;
/** Health and numbers, which anybody may ask for, have room of their own. */
const maximumReading = 8;

/** Requests under way: of all callers, of each, and on each connection. */
export class RequestLimits {
  readonly #underWay = new Map<object | string, number>();

  /**
   * Does what was asked for unless too much is under way.
   *
   * @param caller - MSP id
   * @throws PegError NOTARY_BUSY
   */
  async signing<T>(caller: string, connection: object, action: () => Promise<T>): Promise<T> {
    const name = `caller ${caller}`;
    const isKept = (this.#underWay.get(name) ?? 0) < keptForCaller;
    const rooms = [
      ['signing', isKept ? Number.POSITIVE_INFINITY : maximumSigning],
      [name, maximumByCaller],
      [connection, maximumByConnection],
    ] as const;
    return this.#within(rooms, action);
  }

  /** As `signing`, for what anybody may ask. */
  async reading<T>(action: () => Promise<T>): Promise<T> {
    return this.#within([['reading', maximumReading]], action);
  }

  async #within<T>(
    rooms: ReadonlyArray<readonly [key: object | string, maximum: number]>,
    action: () => Promise<T>,
  ): Promise<T> {
    const count = (key: object | string): number => this.#underWay.get(key) ?? 0;
    if (rooms.some(([key, maximum]) => count(key) >= maximum)) throw new PegError({ code: 'NOTARY_BUSY' });
    for (const [key] of rooms) this.#underWay.set(key, count(key) + 1);
    try {
      return await action();
    } finally {
      for (const [key] of rooms) {
        if (count(key) > 1) this.#underWay.set(key, count(key) - 1);
        else this.#underWay.delete(key);
      }
    }
  }
}
