// SPDX-License-Identifier: Apache-2.0

/** Counts what went wrong under load, by code. */
export class Failures {
  readonly #counts = new Map<string, number>();

  add(error: unknown): void {
    const code = codeOf(error);
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
  }

  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  const code: unknown = Object.entries(error).find(([name]) => name === 'code')?.[1];
  return typeof code === 'string' || typeof code === 'number' ? `${error.name} ${code}` : error.name;
}
