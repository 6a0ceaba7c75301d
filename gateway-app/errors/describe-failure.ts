// SPDX-License-Identifier: Apache-2.0

import { types } from 'node:util';
import { PegError, type ErrorClass } from '../client';
import { classOfCode, isKnownCode } from './code-tables';
import { systemFailure } from './system-failure';

/** An error as a user or a program is told it. */
export interface Failure {
  readonly code: string;
  /** one line: what, why, what to do; without the code */
  readonly message: string;
  /** last lines of a tool or node, when there are any */
  readonly detail?: string;
  /** the transaction that was handed in, and the packets that it makes if it commits */
  readonly txId?: string;
  readonly packetIds?: readonly string[];
  /** whether to try again, to ask for something else, or to have something mended first */
  readonly class: ErrorClass;
  readonly exitStatus: number;
}

/** Codes of a command line that is wrong. */
const ofCommandLine: ReadonlySet<string> = new Set(['USAGE', 'COMMAND_RENAMED']);
/** 75 is EX_TEMPFAIL and 70 EX_SOFTWARE of sysexits.h; a wrong command line ends with 2. */
const exitStatuses: Readonly<Record<ErrorClass, number>> = { retry: 75, drop: 1, fatal: 70 };

/**
 * Tells an expected failure, which has a `code` of ours, from a fault of the program.
 *
 * All error classes of this project carry `code` and a one-line message. Errors of the operating system get a code of
 * ours; whatever else there is (gRPC, tools, Node) is never told by its own text alone.
 */
export function describeFailure(error: unknown): Failure {
  if (!types.isNativeError(error)) return unexpected(String(error));
  const { code, detail } = fieldsOf(error);
  const system = systemFailure(error);
  if (system !== undefined) return { ...system, ...classified(system.code) };
  if (code === undefined || !isKnownCode(code)) return unexpected(error.message);
  const text = oneLine(error.message);
  const message = text.startsWith(`${code}: `) ? text.slice(code.length + 2) : text;
  return { code, message, ...(detail === undefined ? {} : { detail }), ...submittedIn(error), ...classified(code) };
}

function submittedIn(error: Error): Pick<Failure, 'txId' | 'packetIds'> {
  if (!(error instanceof PegError) || error.txId === undefined) return {};
  return { txId: error.txId, packetIds: error.packetIds ?? [] };
}

function unexpected(message: string): Failure {
  const told = oneLine(message);
  return {
    code: 'UNEXPECTED',
    message: `${told}. This is a fault of gridpeg: run again with GRIDPEG_TRACE=1 and report what it prints.`,
    class: 'fatal',
    exitStatus: exitStatuses.fatal,
  };
}

function classified(code: string): Pick<Failure, 'class' | 'exitStatus'> {
  const found = classOfCode(code);
  return { class: found, exitStatus: ofCommandLine.has(code) ? 2 : exitStatuses[found] };
}

function fieldsOf(error: Error): { readonly code: string | undefined; readonly detail: string | undefined } {
  const fields = new Map<string, unknown>(Object.entries(error));
  const text = (name: string): string | undefined => {
    const value = fields.get(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return { code: text('code'), detail: text('detail') };
}

/** One line, in which no word is longer than a path may be: errors repeat what they were given. */
function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\S{4097,}/g, (word) => `${word.slice(0, 100)}...`)
    .trim();
}
