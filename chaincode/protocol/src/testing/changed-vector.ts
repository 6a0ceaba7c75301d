// SPDX-License-Identifier: Apache-2.0

/** One change of a valid record: the value at the path is replaced. */
export interface Change {
  readonly name: string;
  readonly path: readonly (string | number)[];
  readonly value: unknown;
  readonly code: string;
}
/** A valid record as JSON, with one change. */
export function changed(record: unknown, { path, value }: Pick<Change, 'path' | 'value'>): string {
  const replace = (part: unknown, [step, ...rest]: readonly (string | number)[]): unknown => {
    if (step === undefined) return value;
    const old = part as Record<string | number, unknown>;
    const next = replace(old[step], rest);
    return Array.isArray(part) ? part.map((item: unknown, i) => (i === step ? next : item)) : { ...old, [step]: next };
  };
  return JSON.stringify(replace(record, path));
}
