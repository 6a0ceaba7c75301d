// SPDX-License-Identifier: Apache-2.0

import { type TxId } from '@gridpeg/protocol';
import { type LaneView, type Step } from './next-step';

/** How many steps of one kind may be in progress for one lane at the same time. */
const depth = 4;
/**
 * The same for batches that are not full. Nobody waits for a settlement, so settlements go one after the other, and
 * each takes what has come meanwhile.
 */
const partDepth = { deliver: 2, settle: 1 } as const;
/** A step that takes longer than this has stalled, and other steps no longer wait for its end. */
const slowMs = 2_000;

/** How a step ended. */
export interface StepEnd {
  readonly step: Step;
  /** How long its transactions are not tried again, in milliseconds; 0 after a success. */
  readonly holdMs: number;
  /** Whether the batch as such cannot succeed. Then each of its transactions is tried by itself. */
  readonly unbatch: boolean;
}

/**
 * Remembers the steps that a relay has started for one lane, and those that failed. Nothing needs it after a restart.
 */
export class InFlightTracker {
  readonly #underWay = new Map<Step, number>();
  readonly #failures = new Map<TxId, number>();
  readonly #retryAtMs = new Map<TxId, number>();
  readonly #unbatched = new Set<TxId>();

  start(step: Step, nowMs: number): void {
    this.#underWay.set(step, nowMs);
  }

  /** The largest number of failures in a row among the step's transactions. */
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
    const recent = [...this.#underWay].filter(([, startedMs]) => nowMs - startedMs < slowMs).map(([step]) => step);
    const part = (kind: Step['do']): number => partDepth[kind] - recent.filter((step) => step.do === kind).length;
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
