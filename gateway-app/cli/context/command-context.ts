// SPDX-License-Identifier: Apache-2.0

import { resolve } from 'node:path';
import { paint } from './paint';

/** What every command is given; the only place that knows the process. */
export interface CommandContext {
  readonly stateDir: string;
  /** print one JSON document instead of text */
  readonly json: boolean;
  /** show a task list that moves; otherwise plain lines */
  readonly interactive: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** writes a line of the result */
  readonly print: (line: string) => void;
  /** writes a line that is not part of the result */
  readonly tell: (line: string) => void;
}

/** @param options - of the command line */
export function commandContext(options: {
  readonly state: string;
  readonly json?: boolean | undefined;
}): CommandContext {
  const { stdout, stderr, env } = process;
  return {
    stateDir: resolve(options.state),
    json: options.json ?? false,
    // The document is all that stands on standard output then.
    interactive: options.json !== true && stdout.isTTY && stderr.isTTY && !wantsPlainLines(env),
    environment: env,
    print: (line) => stdout.write(`${options.json === true ? requireJson(line) : paint(line)}\n`),
    tell: (line) => stderr.write(`${line}\n`),
  };
}

/** What programs read is one document, or one a line; a command that prints a sentence there is wrong. */
function requireJson(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    throw new Error(`with --json a command printed ${JSON.stringify(text.slice(0, 60))}`);
  }
  return text;
}

function wantsPlainLines({ CI, TERM, NO_COLOR = '' }: CommandContext['environment']): boolean {
  return CI !== undefined || TERM === 'dumb' || NO_COLOR !== '';
}

/** Whether `--json` was given, for when the command line has not been understood yet. */
export function isForPrograms(): boolean {
  return process.argv.includes('--json');
}

/** Prints a result: as one JSON document, or as lines for people. */
export function answer({ json, print }: CommandContext, document: unknown, lines: readonly string[]): void {
  if (json) print(toJson(document));
  else for (const line of lines) print(line);
}

/** A JSON document; quantities and block numbers as decimal strings, as on the wire. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) => (typeof field === 'bigint' ? field.toString() : field), 2);
}
