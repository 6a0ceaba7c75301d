// SPDX-License-Identifier: Apache-2.0

import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { type NetworkFacts } from '../load/bench-network';
import { type ColdStartFigure } from '../phases/cold-start';
import { type CrossChainFigure } from '../phases/cross-chain';
import { type EndToEndFigure } from '../phases/end-to-end';
import { type MeasuredWindow } from '../measure/measure';
import { type ProfileShares } from '../measure/profile-shares';
import { type ProofBytesFigure } from '../measure/proof-bytes';
import { type PhaseFailure } from '../phases/run-phases';
import { type IdleCommitFigure, type SingleChainFigure } from '../phases/single-chain';
import { round } from '../measure/round';
import { type Ratio } from './ratios';

/** All that was measured in one run. */
export interface Figures {
  /** the network with nothing to do: part of the CPU time of every other figure */
  readonly idle?: MeasuredWindow;
  readonly idleCommits: readonly IdleCommitFigure[];
  readonly singleChain: readonly SingleChainFigure[];
  readonly crossChain: readonly CrossChainFigure[];
  readonly endToEnd: readonly EndToEndFigure[];
  readonly proofBytes: readonly ProofBytesFigure[];
  /** one, or none when it was left out */
  readonly coldStarts: readonly ColdStartFigure[];
  /** empty unless profiles were asked for: a profiler spoils the other figures */
  readonly profiles: readonly ProfileShares[];
}

/** The figures before anything was measured. */
export const noFigures: Figures = {
  idleCommits: [],
  singleChain: [],
  crossChain: [],
  endToEnd: [],
  proofBytes: [],
  coldStarts: [],
  profiles: [],
};

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
    /** before anything was started; more than a few tenths: somebody else was busy */
    readonly loadAverageBefore: number;
  };
  readonly network: NetworkFacts;
  readonly seconds: number;
  readonly ratios: readonly Ratio[];
  /** absent when every phase ended well */
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
