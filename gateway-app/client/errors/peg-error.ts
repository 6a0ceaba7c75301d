// SPDX-License-Identifier: Apache-2.0

import { GridpegError, type ErrorDetails } from '@gridpeg/protocol';
import { explanations, isPegErrorCode, type ErrorClass, type PegErrorCode } from './explanations';

/** What {@link PegError} is made of. */
export interface PegErrorParts {
  readonly code: PegErrorCode;
  /** Fields of the refusal beside its code. */
  readonly details?: ErrorDetails;
  /** What the transport said, for the log; never shown without the code's own line. */
  readonly detail?: string;
  /** The transaction that it is about, once one was endorsed and submitted. */
  readonly submitted?: Submitted | undefined;
  readonly cause?: unknown;
}

/** A transaction that was submitted, whatever became of it: by these ids it can be looked up. */
export interface Submitted {
  readonly txId: string;
  /** Ids of the packets that it makes if it commits. */
  readonly packetIds: readonly string[];
}

/** Why a call of the peg failed: a refusal by chaincode, or what stood between the caller and the chaincode. */
export class PegError extends GridpegError<PegErrorCode> {
  override readonly name = 'PegError';
  readonly class: ErrorClass;
  /** The transaction it is about, when there is one. */
  readonly txId: string | undefined;
  /** The packets that the transaction makes, if it commits. */
  readonly packetIds: readonly string[] | undefined;

  constructor({ code, details = {}, detail = '', submitted, cause }: PegErrorParts) {
    const explanation = explanations[code];
    const particulars = Object.entries(details).map(([name, value]) => `${name} ${value}`);
    if (detail !== '') particulars.push(oneLine(detail));
    const why = particulars.length === 0 ? '' : ` (${particulars.join(', ')})`;
    const trace = submitted === undefined ? '' : ` ${lookUp(submitted)}`;
    super({
      code,
      summary: `${explanation.summary}${why}`,
      remedy: `${explanation.remedy}${trace}`,
      details,
      cause,
    });
    // Logs and callers that know no codes see it in the message.
    this.message = `${code}: ${this.message}`;
    this.class = explanation.class;
    this.txId = submitted?.txId;
    this.packetIds = submitted?.packetIds;
  }
}

/** What was submitted, and the command that says what became of it. */
function lookUp({ txId, packetIds }: Submitted): string {
  const packets = packetIds.length === 0 ? '' : ` with packet ${packetIds.join(', ')}`;
  return `Transaction ${txId}${packets} was submitted: \`gridpeg transaction ${txId}\` says what became of it.`;
}

/**
 * Finds the peg's refusal in the message that Fabric wraps around it.
 *
 * @returns undefined when the text holds no JSON record with a code
 */
export function parseRefusal(
  message: string,
): { readonly code: PegErrorCode; readonly details: ErrorDetails } | undefined {
  const start = message.indexOf('{"code":');
  const end = message.lastIndexOf('}');
  if (start < 0 || end < start) return undefined;
  const fields = parseFields(message.slice(start, end + 1));
  const code = fields?.['code'];
  if (fields === undefined || typeof code !== 'string') return undefined;
  const details = Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'code'));
  return isPegErrorCode(code)
    ? { code, details: details }
    : { code: 'REFUSAL_UNKNOWN', details: { refusal: code, ...details } };
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
