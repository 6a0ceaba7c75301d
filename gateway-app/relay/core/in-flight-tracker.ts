// SPDX-License-Identifier: Apache-2.0

import { type TxId } from '@gridpeg/protocol';
import { type LaneView, type Step } from './next-step';

/** Steps of one kind that may be under way for one lane at a time. */
const depth = 4;
/**
 * The same for batches with room left. Nobody waits for a settlement, so these go one by one, each with what came
 * meanwhile.
 */
const partDepth = { deliver: 2, settle: 1 } as const;
/** A step that takes this long has stalled, and nothing waits for it to end. */
const slowMs = 2_000;

/** How a step ended. */
export interface StepEnd {
  readonly step: Step;
  /** How long its transactions are not tried again, in milliseconds; 0 after a success. */
  readonly holdMs: number;
  /** The step can't succeed as it was: each of its transactions is tried by itself next. */
  readonly unbatch: boolean;
}

/** What one relay has started for one lane and what failed. It is lost with the process, and need not be kept. */
export class InFlightTracker {
  readonly #underWay = new Map<Step, number>();
  readonly #failures = new Map<TxId, number>();
  readonly #retryAtMs = new Map<TxId, number>();
  readonly #unbatched = new Set<TxId>();

  start(step: Step, nowMs: number): void {
    this.#underWay.set(step, nowMs);
  }

  /** How often in a row the step's transactions have failed, at most. */
  failures(step: Step): number {
    return Math.max(0, ...step.txIds.map((txId) => this.#failures.get(txId) ?? 0));
  }

  end({ step, holdMs, unbatch: unbatch }: StepEnd, nowMs: number): void {
    this.#underWay.delete(step);
    for (const txId of step.txIds) {
      if (holdMs === 0) this.#forget(txId);
      else {
        this.#failures.set(txId, (this.#failures.get(txId) ?? 0) + 1);
        this.#retryAtMs.set(txId, nowMs + holdMs);
      }
      if (unbatch && step.txIds.length > 1) this.#unbatched.add(txId);
    }
  }

  /** Forgets transactions that have nothing in flight any more. */
  keepOnly(txIds: ReadonlySet<TxId>): void {
    for (const txId of [...this.#failures.keys(), ...this.#unbatched]) if (!txIds.has(txId)) this.#forget(txId);
  }

  view(nowMs: number): Pick<LaneView, 'underWay' | 'retryInMs' | 'unbatched' | 'freeSlots' | 'partSlots'> {
    const steps = [...this.#underWay.keys()];
    const free = (kind: Step['do']): number => depth - steps.filter((step) => step.do === kind).length;
    const brisk = [...this.#underWay].filter(([, startedMs]) => nowMs - startedMs < slowMs).map(([step]) => step);
    const part = (kind: Step['do']): number => partDepth[kind] - brisk.filter((step) => step.do === kind).length;
    return {
      underWay: new Set(steps.flatMap(({ txIds }) => txIds)),
      retryInMs: new Map([...this.#retryAtMs].map(([txId, untilMs]) => [txId, untilMs - nowMs])),
      unbatched: this.#unbatched,
      freeSlots: { deliver: free('deliver'), settle: free('settle') },
      partSlots: { deliver: part('deliver'), settle: part('settle') },
    };
  }

  #forget(txId: TxId): void {
    this.#failures.delete(txId);
    this.#retryAtMs.delete(txId);
    this.#unbatched.delete(txId);
  }
}
