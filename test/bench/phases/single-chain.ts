// SPDX-License-Identifier: Apache-2.0

import { closedLoop } from '../load/closed-loop';
import { addCpu, perUnit, type CpuPerUnit, type CpuUse } from '../measure/cpu-meter';
import { Failures } from '../measure/failures';
import { type MeasuredWindow, type Meters, type PhaseLength } from '../measure/measure';
import { round } from '../measure/round';
import { type Samples } from '../measure/samples';
import { summarizeLatencies, type LatencySummary } from '../measure/summarize-latencies';
import { measureSubject, secondsOf, sliceOf, type Slice, type Subject } from './subject';

/** One kind of transaction on one chain. */
export interface TransactionKind {
  readonly name: string;
  readonly chain: string;
  /** Submits one transaction, waits until it is committed, and leaves its latency in `samples`. */
  readonly call: () => Promise<void>;
  readonly samples: Samples;
}

/** What one kind of transaction did. */
export interface SingleChainFigure {
  readonly name: string;
  readonly chain: string;
  readonly concurrency: number;
  readonly transactions: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Values by round, of which comparisons are made. */
  readonly slices: readonly Slice[];
  /** The time from the call until it is committed. */
  readonly commitUnderLoad: LatencySummary;
  readonly failures: Readonly<Record<string, number>>;
  readonly cpu: CpuUse;
  readonly cpuPerTransaction: CpuPerUnit;
}

/** The latency of transactions that have the network to themselves. */
export interface IdleCommitFigure {
  readonly name: string;
  readonly chain: string;
  readonly commit: LatencySummary;
}

/** Transactions of a single caller that warm up, and of which three times as many are measured if time allows. */
const leastWhenIdle = 4;

/** A kind of transaction under the load of a fixed number of callers. */
export class SingleChainSubject implements Subject {
  readonly name: string;
  readonly turn: number;
  readonly load: Subject['load'];
  readonly #kind: TransactionKind;
  readonly #failures = new Failures();

  constructor(kind: TransactionKind, concurrency: number) {
    this.name = `${kind.name} on ${kind.chain}`;
    this.turn = concurrency;
    this.load = closedLoop(concurrency, kind.call, this.#failures);
    this.#kind = kind;
  }

  readonly count: Subject['count'] = (window) => this.#kind.samples.within(window).length;

  /** Measures with one caller alone. @throws what a transaction threw ten times in a row; Error when none ended */
  async measureIdleCommit(length: Omit<PhaseLength, 'name'>, meters: Meters): Promise<IdleCommitFigure> {
    const name = `${this.name}, one at a time`;
    const load = closedLoop(1, this.#kind.call, this.#failures);
    const window = await measureSubject(
      { name, load, count: this.count, turn: leastWhenIdle },
      { name, ...length },
      meters,
    );
    const commit = summarizeLatencies(this.#kind.samples.within(window));
    if (commit.count === 0) throw new Error(`${name}: nothing ended`);
    return { name: this.#kind.name, chain: this.#kind.chain, commit };
  }

  /** @throws Error when nothing ended in one of the windows */
  figure(windows: readonly MeasuredWindow[]): SingleChainFigure {
    const latencies = windows.flatMap((window) => this.#kind.samples.within(window));
    const seconds = windows.reduce((total, window) => total + secondsOf(window), 0);
    const cpu = addCpu(windows.map((window) => window.cpu));
    return {
      name: this.#kind.name,
      chain: this.#kind.chain,
      concurrency: this.turn,
      transactions: latencies.length,
      seconds: round(seconds),
      perSecond: round(latencies.length / seconds),
      slices: windows.map((window) => sliceOf(this, window)),
      commitUnderLoad: summarizeLatencies(latencies),
      failures: this.#failures.counts(),
      cpu,
      cpuPerTransaction: perUnit(cpu, latencies.length),
    };
  }
}
