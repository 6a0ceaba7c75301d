// SPDX-License-Identifier: Apache-2.0

/** Is aborted by the first of these signals; the next one ends the process, as ever. */
export function abortOnSignals(...signals: readonly NodeJS.Signals[]): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of signals) {
    process.once(signal, () => {
      interrupted.abort();
    });
  }
  return interrupted.signal;
}
