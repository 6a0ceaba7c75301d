// SPDX-License-Identifier: Apache-2.0

import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { type NetworkFacts } from '../load/bench-network';
import { type PhaseFailure } from '../phases/run-phases';
import { round } from '../measure/round';
import { type Figures } from './figures';
import { type Ratio } from './ratios';

/** The JSON document of one run. A change that readers notice gets the next number. */
export interface BenchReport extends Figures {
  readonly schema: 'gridpeg-bench/2';
  readonly date: string;
  readonly durationSeconds: number;
  readonly machine: {
    readonly node: string;
    readonly linux: string;
    readonly cores: number;
    readonly processor: string;
    readonly memoryBytes: number;
    /** The load before anything was started. More than a few tenths mean that somebody else was busy. */
    readonly loadAverageBefore: number;
  };
  readonly network: NetworkFacts;
  readonly seconds: number;
  readonly ratios: readonly Ratio[];
  /** Absent when every phase ended well. */
  readonly failure?: PhaseFailure;
}

/** Facts of this machine; call it first, for the load average. */
export function machineFacts(): BenchReport['machine'] {
  return {
    node: process.version,
    linux: release(),
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
    loadAverageBefore: round(loadavg()[0] ?? 0),
  };
}
