// SPDX-License-Identifier: Apache-2.0

/** A signal that the first of these signals aborts. The next one ends the process as usual. */
export function abortOnSignals(...signals: readonly NodeJS.Signals[]): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of signals) {
    process.once(signal, () => {
      interrupted.abort();
    });
  }
  return interrupted.signal;
}
