// SPDX-License-Identifier: Apache-2.0

/** Facts about a failure by name, such as the note that was asked for or what a tool printed. */
export type ErrorDetails = Readonly<Record<string, string | number>>;

/** What a code means, for whoever meets it without its message. */
export interface CodeMeaning {
  /** What happened, without a full stop. */
  readonly summary: string;
  /** What to do about it, in whole sentences. */
  readonly remedy: string;
}

/** What a {@link GridpegError} is made of. */
export interface ErrorParts<Code extends string> extends CodeMeaning {
  /** Permanent: programs and documents refer to it. */
  readonly code: Code;
  readonly details?: ErrorDetails | undefined;
  readonly cause?: unknown;
}

/**
 * An expected failure, as all parts of Gridpeg report it outside chaincode. Its message is one line, `summary. remedy`.
 * Whatever else is thrown is a fault of the program.
 */
export class GridpegError<Code extends string = string> extends Error {
  override readonly name: string = 'GridpegError';
  readonly code: Code;
  readonly summary: string;
  readonly remedy: string;
  readonly details: ErrorDetails;

  constructor({ code, summary, remedy, details = {}, cause }: ErrorParts<Code>) {
    super(`${summary}. ${remedy}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.summary = summary;
    this.remedy = remedy;
    this.details = details;
  }
}
