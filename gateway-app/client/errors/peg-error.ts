// SPDX-License-Identifier: Apache-2.0

import { explanations, isPegErrorCode, type ErrorClass, type PegErrorCode } from './explanations';

/** Particulars of a refusal as they came: short texts and numbers, by field. */
export type RefusalData = Readonly<Record<string, string | number>>;

/** What {@link PegError} is made of. */
export interface PegErrorParts {
  readonly code: PegErrorCode;
  /** Fields of the refusal beside its code. */
  readonly data?: RefusalData;
  /** What the transport said, for the log; never shown without the code's own line. */
  readonly detail?: string;
  /** The transaction that it is about, once one was endorsed and handed in. */
  readonly submitted?: Submitted | undefined;
  readonly cause?: unknown;
}

/** A transaction that was handed in, whatever became of it: by these ids it can be looked up. */
export interface Submitted {
  readonly txId: string;
  /** of the packets that it makes, if it commits */
  readonly packetIds: readonly string[];
}

/** An expected failure of a call: a permanent code and one line with what happened, why, and what to do. */
export class PegError extends Error {
  override readonly name = 'PegError';
  readonly code: PegErrorCode;
  readonly class: ErrorClass;
  readonly data: RefusalData;
  /** What to do, as a sentence. */
  readonly todo: string;
  /** The transaction it is about, when there is one. */
  readonly txId: string | undefined;
  /** The packets that the transaction makes, if it commits. */
  readonly packetIds: readonly string[] | undefined;

  constructor(parts: PegErrorParts) {
    const explanation = explanations[parts.code];
    const particulars = Object.entries(parts.data ?? {}).map(([name, value]) => `${name} ${value}`);
    if (parts.detail !== undefined && parts.detail !== '') particulars.push(oneLine(parts.detail));
    const why = particulars.length === 0 ? '' : ` (${particulars.join(', ')})`;
    const trace = parts.submitted === undefined ? '' : ` ${lookUp(parts.submitted)}`;
    super(`${parts.code}: ${explanation.what}${why}. ${explanation.todo}${trace}`, { cause: parts.cause });
    this.code = parts.code;
    this.class = explanation.class;
    this.data = parts.data ?? {};
    this.todo = explanation.todo;
    this.txId = parts.submitted?.txId;
    this.packetIds = parts.submitted?.packetIds;
  }
}

/** What was handed in, and the command that says what became of it. */
function lookUp({ txId, packetIds }: Submitted): string {
  const packets = packetIds.length === 0 ? '' : ` with packet ${packetIds.join(', ')}`;
  return `Transaction ${txId}${packets} was handed in: \`gridpeg transaction ${txId}\` says what became of it.`;
}

/**
 * Finds the peg's refusal in the message that Fabric wraps around it.
 *
 * @returns undefined when the text holds no JSON record with a code
 */
export function parseRefusal(message: string): { readonly code: PegErrorCode; readonly data: RefusalData } | undefined {
  const start = message.indexOf('{"code":');
  const end = message.lastIndexOf('}');
  if (start < 0 || end < start) return undefined;
  const fields = parseFields(message.slice(start, end + 1));
  const code = fields?.['code'];
  if (fields === undefined || typeof code !== 'string') return undefined;
  const data = Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'code'));
  return isPegErrorCode(code) ? { code, data } : { code: 'REFUSAL_UNKNOWN', data: { refusal: code, ...data } };
}

function parseFields(json: string): Readonly<Record<string, string | number>> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const fields = Object.entries(parsed).filter(
    (entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number',
  );
  return Object.fromEntries(fields);
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim().slice(0, 300);
}
