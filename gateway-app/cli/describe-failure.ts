// SPDX-License-Identifier: Apache-2.0

import { types } from 'node:util';
import { isKnownCode } from './code-tables';
import { systemFailure } from './system-failure';

/** An error as a user or a program is told it. */
export interface Failure {
  readonly code: string;
  /** one line: what, why, what to do; without the code */
  readonly message: string;
  /** last lines of a tool or node, when there are any */
  readonly detail?: string;
  /** 2: the command line is wrong; 1: everything else */
  readonly exitStatus: 1 | 2;
}

/**
 * Tells an expected failure, which has a `code` of ours, from a fault of the program.
 *
 * All error classes of this project carry `code` and a one-line message. Errors of the operating system get a code of ours;
 * whatever else there is (gRPC, tools, Node) is never told by its own text alone.
 */
export function describeFailure(error: unknown): Failure {
  if (!types.isNativeError(error)) return unexpected(String(error));
  const { code, detail } = fieldsOf(error);
  const system = systemFailure(error);
  if (system !== undefined) return { ...system, exitStatus: 1 };
  if (code === undefined || !isKnownCode(code)) return unexpected(error.message);
  const text = oneLine(error.message);
  const message = text.startsWith(`${code}: `) ? text.slice(code.length + 2) : text;
  return { code, message, ...(detail === undefined ? {} : { detail }), exitStatus: code === 'USAGE' ? 2 : 1 };
}

function unexpected(message: string): Failure {
  const told = oneLine(message);
  return {
    code: 'UNEXPECTED',
    message: `${told}. This is a fault of gridpeg: run again with GRIDPEG_TRACE=1 and report what it prints.`,
    exitStatus: 1,
  };
}

function fieldsOf(error: Error): { readonly code: string | undefined; readonly detail: string | undefined } {
  const fields = new Map<string, unknown>(Object.entries(error));
  const text = (name: string): string | undefined => {
    const value = fields.get(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return { code: text('code'), detail: text('detail') };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
