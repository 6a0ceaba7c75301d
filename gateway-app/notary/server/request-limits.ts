// SPDX-License-Identifier: Apache-2.0

import { PegError } from '../../client';

/**
 * Each verification takes a few milliseconds of CPU, so requests beyond this number are refused at once instead of
 * waiting too long.
 */
const maximumSigning = 32;
/** One organization never takes all of that. */
const maximumByCaller = 24;
/** What is reserved for each organization, because otherwise two of them could keep all others out. */
const keptForCaller = 4;
/** Notaries open a connection for each request in progress, so they never send many on one connection. */
const maximumByConnection = 4;
/** Health and metrics, which are open to everybody, have a limit of their own. */
const maximumReading = 8;

/** Counts the requests in progress of all callers, of each caller, and on each connection. */
export class RequestLimits {
  readonly #underWay = new Map<object | string, number>();

  /**
   * Runs a request unless too many are in progress.
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

  /** As `signing`, for routes that are open to everybody. */
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
