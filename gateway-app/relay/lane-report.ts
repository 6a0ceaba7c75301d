// SPDX-License-Identifier: Apache-2.0

import { type LaneId } from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { PegError } from '../client';
import { type NotaryMetrics } from '../notary/metrics/notary-metrics';
import { type Step } from './core/next-step';
import { type StepDone } from './lane-steps';

/** Where a relay reports what it did on one lane. */
interface LaneReportParts {
  readonly laneId: LaneId;
  readonly metrics: NotaryMetrics;
  readonly log: Logger;
}

/** Reports what a relay does on one lane: in the log, in the metrics, and as the last error that `/health` shows. */
export class LaneReport {
  readonly #parts: LaneReportParts;
  #lastError = '';

  constructor(parts: LaneReportParts) {
    this.#parts = parts;
  }

  /** Code of the last failure; empty once a step succeeded or nothing is in flight any more. */
  get lastError(): string {
    return this.#lastError;
  }

  clearLastError(): void {
    this.#lastError = '';
  }

  /** @param tookMs - duration of the step in milliseconds */
  recordStep(step: Step, { answer, blockNumber, entries, certificateBytes }: StepDone, tookMs: number): void {
    const { laneId, metrics, log } = this.#parts;
    const counts: Record<string, number> = {};
    for (const { result } of answer.results) counts[result] = (counts[result] ?? 0) + 1;
    metrics.carried(laneId, step.do, counts, tookMs / 1000);
    const skipped = [...new Set(answer.results.flatMap(({ result, code }) => (result === 'skipped' ? [code] : [])))];
    this.#lastError = skipped.length > 0 ? `skipped: ${skipped.join(', ')}` : '';
    const facts = { lane: laneId, do: step.do, entries, counts, tookMs, certificateBytes };
    const block = blockNumber === undefined ? {} : { txId: answer.txId, block: blockNumber.toString() };
    if (skipped.length > 0) log.warn({ ...facts, ...block, skipped }, 'entries skipped');
    else if (blockNumber === undefined) log.debug(facts, 'already done');
    else log.info({ ...facts, ...block }, step.do === 'deliver' ? 'delivered' : 'settled');
  }

  /** @param during - what failed: a step, a resync, or the decision on what comes next */
  recordFailure(error: unknown, during: string, step?: Step): void {
    const { laneId, log } = this.#parts;
    const reason = error instanceof Error ? error.message : String(error);
    // Anybody may read the health, so the texts that peers sent go to the log only.
    this.#lastError = error instanceof PegError ? error.code : 'UNEXPECTED';
    const facts = { lane: laneId, during, txIds: step?.txIds, reason };
    if (error instanceof PegError) log.warn(facts, 'will try again');
    else log.error({ ...facts, err: error }, 'unexpected');
  }
}
