// SPDX-License-Identifier: Apache-2.0

/** The result of a command. Only `printResult` writes it, as text or as JSON. */
export interface CommandResult {
  /** What `--json` prints, or a `JsonText`; undefined where all was reported as it happened. */
  readonly document: unknown;
  /** The same content as text with colours, for a terminal. */
  readonly lines: readonly string[];
  /** The exit status, which is 0 for success. */
  readonly exitStatus: number;
}

/** A document that is JSON already, and canonical: what reads it takes no other spelling. */
export class JsonText {
  constructor(readonly text: string) {}
}

/** The result of a command that went well, unless another exit status is given. */
export function result(document: unknown, lines: readonly string[], exitStatus = 0): CommandResult {
  return { document, lines, exitStatus };
}

/** The result of a long-running command, which has reported everything as it happened. */
export function reported(exitStatus = 0): CommandResult {
  return result(undefined, [], exitStatus);
}

/** A JSON document; quantities and block numbers as decimal strings, as on the wire. */
export function toJson(value: unknown, indent: 0 | 2 = 2): string {
  if (value instanceof JsonText) return value.text;
  return JSON.stringify(
    value,
    (_key, field: unknown) => (typeof field === 'bigint' ? field.toString() : field),
    indent,
  );
}
