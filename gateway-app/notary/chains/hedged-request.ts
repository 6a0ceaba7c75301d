// SPDX-License-Identifier: Apache-2.0

/**
 * Tries several ways to one result in order. The next starts when the one before has failed or takes too long. The
 * first result counts, and cancels what is still under way.
 *
 * @param ways - at least one; each is given a signal that its result is not wanted any more
 * @throws what the first way threw, when all have failed
 */
export async function hedgedRequest<T>(
  ways: ReadonlyArray<(signal: AbortSignal) => Promise<T>>,
  patienceMs: number,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let started = 0;
    let failed = 0;
    let firstFailure: unknown;
    let timer: NodeJS.Timeout | undefined;
    const underWay = new Set<AbortController>();
    const startNext = (): void => {
      clearTimeout(timer);
      const way = ways[started];
      if (way === undefined) return;
      started += 1;
      if (started < ways.length) timer = setTimeout(startNext, patienceMs);
      const own = new AbortController();
      underWay.add(own);
      way(own.signal)
        .finally(() => underWay.delete(own))
        .then(succeed, fail);
    };
    const succeed = (result: T): void => {
      clearTimeout(timer);
      // After this no further way may start.
      started = ways.length;
      for (const other of underWay) other.abort();
      resolve(result);
    };
    const fail = (error: unknown): void => {
      firstFailure ??= error;
      failed += 1;
      if (failed === ways.length) reject(asError(firstFailure));
      else startNext();
    };
    startNext();
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
