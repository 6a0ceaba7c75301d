// SPDX-License-Identifier: Apache-2.0

/** What is being done now. Steps may overlap; each ends as `done` or `failed`. */
export interface ProgressEvent {
  readonly step: string;
  readonly state: 'start' | 'done' | 'failed';
  /** how long the step took, when it has ended */
  readonly seconds?: number;
  readonly detail?: string;
}

/** Told of every step; must not throw. */
export type OnProgress = (event: ProgressEvent) => void;

/**
 * Does a step and tells of it.
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

/** Waits until all have ended, well or not, and then fails with the first failure: nothing goes on behind the caller. */
export async function settleAll(actions: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(actions);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
