// SPDX-License-Identifier: Apache-2.0

import { resolve } from 'node:path';
import { toJson, type CommandResult } from './command-result';
import { paint } from './paint';

/** The context of a command. Only it writes to standard output, except for the log of `notary run`. */
export interface CommandContext {
  readonly stateDir: string;
  /** Whether one JSON document is printed instead of text. */
  readonly json: boolean;
  /** Whether a task list that is updated in place is shown; otherwise there are plain lines. */
  readonly interactive: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Prints a part of the result of a long-running command: one JSON document on a line, or text. */
  readonly report: (document: unknown, lines: readonly string[]) => void;
  /** Writes a line that is not part of the result to standard error. */
  readonly printMessage: (line: string) => void;
}

/** @param options - of the command line */
export function commandContext(options: {
  readonly state: string;
  readonly json?: boolean | undefined;
}): CommandContext {
  const { stdout, stderr, env } = process;
  const json = options.json ?? false;
  return {
    stateDir: resolve(options.state),
    json,
    // In that case the document is the only output on standard output.
    interactive: !json && stdout.isTTY && stderr.isTTY && !wantsPlainLines(env),
    environment: env,
    report: (document, lines) => {
      printLines(json ? [toJson(document, 0)] : lines.map(paint));
    },
    printMessage: (line) => stderr.write(`${line}\n`),
  };
}

/** Prints the result of a command, and sets the exit status. */
export function printResult({ document, lines, exitStatus }: CommandResult, json: boolean): void {
  if (!json) printLines(lines.map(paint));
  else if (document !== undefined) printLines([toJson(document)]);
  if (exitStatus !== 0) process.exitCode = exitStatus;
}

function printLines(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

function wantsPlainLines({ CI, TERM, NO_COLOR = '' }: CommandContext['environment']): boolean {
  return CI !== undefined || TERM === 'dumb' || NO_COLOR !== '';
}

/** Whether `--json` was given, for when the command line has not been understood yet. */
export function isForPrograms(): boolean {
  return process.argv.includes('--json');
}
