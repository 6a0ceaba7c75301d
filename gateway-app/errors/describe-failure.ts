// SPDX-License-Identifier: Apache-2.0

import { GridpegError } from '@gridpeg/protocol';
import { types } from 'node:util';
import { PegError, type ErrorClass } from '../client';
import { classOfCode } from './code-tables';
import { systemFailure } from './system-failure';

/** An error as it is printed for users and programs. */
export interface Failure {
  readonly code: string;
  /** What happened and why, in one line without a full stop. */
  readonly summary: string;
  /** What to do about it, in one line of whole sentences. */
  readonly remedy: string;
  /** The summary and the remedy, in one line. */
  readonly message: string;
  /** Last lines of a tool or node, when there are any. */
  readonly detail?: string;
  /** The transaction that was submitted, and the packets that it makes if it commits. */
  readonly txId?: string;
  readonly packetIds?: readonly string[];
  /** Whether to try again, to ask for something else, or to have something mended first. */
  readonly class: ErrorClass;
  readonly exitStatus: number;
}

/** 75 is EX_TEMPFAIL and 70 EX_SOFTWARE of sysexits.h; a wrong command line ends with 2. */
const exitStatuses: Readonly<Record<ErrorClass, number>> = { retry: 75, drop: 1, fatal: 70 };

/** Codes of a command line that is wrong. */
const ofCommandLine: ReadonlySet<string> = new Set(['USAGE', 'COMMAND_RENAMED']);

/**
 * Distinguishes an expected failure from a fault of the program.
 *
 * Expected are a {@link GridpegError}, and those errors of the operating system that a user can do something about,
 * which get a code of ours. Whatever else there is (gRPC, tools, Node) is never printed by its own text alone.
 */
export function describeFailure(error: unknown): Failure {
  if (isExpected(error)) return { ...described(error.code, error), ...printed(error), ...submittedIn(error) };
  if (!types.isNativeError(error)) return unexpected(String(error));
  const system = systemFailure(error);
  return system === undefined ? unexpected(error.message) : described(system.code, system);
}

/** Whether a failure was foreseen. It narrows the type parameter as well, which `instanceof` leaves open. */
export function isExpected(error: unknown): error is GridpegError {
  return error instanceof GridpegError;
}

function described(
  code: string,
  { summary, remedy }: Pick<GridpegError, 'summary' | 'remedy'>,
): Omit<Failure, 'detail' | 'txId' | 'packetIds'> {
  const found = classOfCode(code);
  const exitStatus = ofCommandLine.has(code) ? 2 : exitStatuses[found];
  const message = oneLine(`${summary}. ${remedy}`);
  return { code, summary: oneLine(summary), remedy: oneLine(remedy), message, class: found, exitStatus };
}

function printed({ details }: GridpegError): Pick<Failure, 'detail'> {
  const { output } = details;
  return typeof output === 'string' && output !== '' ? { detail: output } : {};
}

function submittedIn(error: GridpegError): Pick<Failure, 'txId' | 'packetIds'> {
  if (!(error instanceof PegError) || error.txId === undefined) return {};
  return { txId: error.txId, packetIds: error.packetIds ?? [] };
}

function unexpected(message: string): Failure {
  const remedy = 'This is a fault of gridpeg: run again with GRIDPEG_TRACE=1 and report what it prints.';
  return { ...described('UNEXPECTED', { summary: message, remedy }), class: 'fatal', exitStatus: exitStatuses.fatal };
}

/** One line, in which no word is longer than a path may be: errors repeat what they were given. */
function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\S{4097,}/g, (word) => `${word.slice(0, 100)}...`)
    .trim();
}
