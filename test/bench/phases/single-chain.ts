// SPDX-License-Identifier: Apache-2.0

import { closedLoop } from '../load/closed-loop';
import { addCpu, perUnit, type CpuPerUnit, type CpuUse } from '../measure/cpu-meter';
import { Failures } from '../measure/failures';
import { measure, type MeasuredWindow, type Meters, type PhaseLength } from '../measure/measure';
import { type Samples } from '../measure/samples';
import { round, summarizeLatencies, type LatencySummary } from '../measure/summarize-latencies';

/** One kind of transaction on one chain. */
export interface Subject {
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
  /** `perSecond` of each round on its own: how far they lie apart is the noise */
  readonly perSecondByRound: readonly number[];
  /** from the call until it is committed, one transaction at a time */
  readonly commitIdle: LatencySummary;
  /** the same with `concurrency` at a time */
  readonly commitUnderLoad: LatencySummary;
  readonly failures: Readonly<Record<string, number>>;
  /** under load */
  readonly cpu: CpuUse;
  readonly cpuPerTransaction: CpuPerUnit;
}

/** How single-chain transactions are measured. */
export interface SingleChainPlan {
  readonly concurrency: number;
  readonly rounds: number;
  /** of one round of one subject */
  readonly length: Omit<PhaseLength, 'name'>;
}

/**
 * Measures subjects in turns, round by round, so that whatever the machine does meanwhile strikes all of them.
 *
 * @throws what a subject threw ten times in a row
 */
export async function measureSingleChain(
  subjects: readonly Subject[],
  plan: SingleChainPlan,
  meters: Meters,
  tell: (line: string) => void,
): Promise<readonly SingleChainFigure[]> {
  const runs = subjects.map((subject) => ({
    subject,
    failures: new Failures(),
    idle: [] as MeasuredWindow[],
    loaded: [] as MeasuredWindow[],
  }));
  for (let number = 1; number <= plan.rounds; number += 1) {
    for (const { subject, failures, idle, loaded } of runs) {
      tell(`${subject.name} on ${subject.chain}, round ${number} of ${plan.rounds}`);
      const name = `${subject.name} on ${subject.chain}`;
      const [alone, together] = [
        closedLoop(1, subject.call, failures),
        closedLoop(plan.concurrency, subject.call, failures),
      ];
      idle.push(await measure(meters, { name: `${name}, one at a time`, ...halved(plan.length) }, alone));
      loaded.push(await measure(meters, { name, ...plan.length }, together));
    }
  }
  return runs.map(({ subject, failures, idle, loaded }) => {
    const latencies = loaded.map((window) => subject.samples.within(window));
    const seconds = loaded.reduce((total, window) => total + secondsOf(window), 0);
    const transactions = latencies.flat().length;
    const cpu = addCpu(loaded.map((window) => window.cpu));
    return {
      ...{ name: subject.name, chain: subject.chain, concurrency: plan.concurrency, transactions },
      seconds: round(seconds),
      perSecond: round(transactions / seconds),
      perSecondByRound: loaded.map((window, index) => round((latencies[index]?.length ?? 0) / secondsOf(window))),
      commitIdle: summarizeLatencies(idle.flatMap((window) => subject.samples.within(window))),
      commitUnderLoad: summarizeLatencies(latencies.flat()),
      failures: failures.counts(),
      cpu,
      cpuPerTransaction: perUnit(cpu, transactions),
    };
  });
}

/** Latency one at a time needs fewer samples than a rate does. */
function halved({ warmUpSeconds, seconds }: SingleChainPlan['length']): SingleChainPlan['length'] {
  return { warmUpSeconds: warmUpSeconds / 2, seconds: seconds / 2 };
}

function secondsOf({ startMs, endMs }: MeasuredWindow): number {
  return (endMs - startMs) / 1000;
}
