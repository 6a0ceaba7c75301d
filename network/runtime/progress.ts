// SPDX-License-Identifier: Apache-2.0

import { NetworkError } from './network-error';

/** What is being done now. Steps may overlap; each ends as `done` or `failed`. */
export interface ProgressEvent {
  readonly step: string;
  readonly state: 'start' | 'done' | 'failed';
  /** How long the step took, when it has ended. */
  readonly seconds?: number;
  readonly detail?: string;
}

/** Is called with every step; must not throw. */
export type OnProgress = (event: ProgressEvent) => void;

/**
 * Does a step and reports its progress.
 *
 * @param about - what to add to the first event
 */
export async function inStep<Result>(
  onProgress: OnProgress,
  step: string,
  action: () => Promise<Result>,
  about: { readonly detail?: string } = {},
): Promise<Result> {
  const start = performance.now();
  const seconds = (): number => Math.round(performance.now() - start) / 1000;
  onProgress({ step, state: 'start', ...about });
  try {
    const result = await action();
    onProgress({ step, state: 'done', seconds: seconds() });
    return result;
  } catch (error) {
    onProgress({ step, state: 'failed', seconds: seconds(), detail: error instanceof Error ? error.message : '' });
    throw error;
  }
}

/**
 * Waits until all have ended, well or not, and then fails: nothing goes on behind the caller, and what fails keeps
 * nothing else from being done.
 *
 * @throws what failed; where several did, a NetworkError that names each, with their code or SEVERAL_FAILED
 */
export async function settleAll(actions: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(actions);
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (reasons.length > 0) throw togetherOf(reasons);
}

/** One error for several failures, each with its own code and message; what several steps failed of is named once. */
export function togetherOf(reasons: readonly unknown[]): unknown {
  const causes = [
    ...new Set(reasons.flatMap((reason) => (reason instanceof SeveralFailed ? reason.causes : [reason]))),
  ];
  return causes.length === 1 ? causes[0] : new SeveralFailed(causes);
}

/** Several failures of things that were done at the same time; they have one code where each of them has that code. */
class SeveralFailed extends NetworkError {
  constructor(readonly causes: readonly unknown[]) {
    const messages = causes.map((cause) =>
      cause instanceof NetworkError ? `${cause.code}: ${cause.message}` : cause instanceof Error ? cause.message : '',
    );
    const summary =
      `${String(causes.length)} things failed: ${messages[0] ?? ''} ` + `(and ${String(causes.length - 1)} more)`;
    const details = causes.map((cause, index) =>
      [messages[index], cause instanceof NetworkError ? cause.output : undefined].filter((part) => part !== undefined),
    );
    const codes = new Set(causes.map((cause) => (cause instanceof NetworkError ? cause.code : undefined)));
    const [code = 'SEVERAL_FAILED'] = codes.size === 1 ? codes : [];
    super(code, summary, 'Everything else was done; each is told below.', details.flat().join('\n'));
  }
}
