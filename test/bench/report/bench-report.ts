// SPDX-License-Identifier: Apache-2.0

import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { type NetworkFacts } from '../load/bench-network';
import { type ColdStartFigure } from '../phases/cold-start';
import { type CrossChainFigure } from '../phases/cross-chain';
import { type EndToEndFigure, inUnits } from '../phases/end-to-end';
import { type MeasuredWindow } from '../measure/measure';
import { type ProfileShares } from '../measure/profile-shares';
import { type ProofBytesFigure } from '../measure/proof-bytes';
import { type SingleChainFigure } from '../phases/single-chain';
import { round } from '../measure/summarize-latencies';

/** All that was measured in one run. */
export interface Figures {
  /** the network with nothing to do: part of the CPU time of every other figure */
  readonly idle: MeasuredWindow;
  readonly singleChain: readonly SingleChainFigure[];
  readonly crossChain: readonly CrossChainFigure[];
  readonly endToEnd: readonly EndToEndFigure[];
  readonly proofBytes: readonly ProofBytesFigure[];
  /** one, or none when it was left out */
  readonly coldStarts: readonly ColdStartFigure[];
  /** empty unless profiles were asked for: a profiler spoils the other figures */
  readonly profiles: readonly ProfileShares[];
}

/** What figures say about each other; absent where one of the two was not measured. */
export interface Ratios {
  /** note transfers through our client to the yardstick through plain fabric-gateway, same chain; aim: 1.2 */
  readonly notesToYardstick?: number;
  /** packets delivered, 50 a send, to note transfers on the source chain; aim: 0.8 */
  readonly crossChainAt50ToSingleChain?: number;
  /** the same by the destination chain's note transfers */
  readonly crossChainAt50ToSingleChainAtDestination?: number;
  /** until received, in idle commit latencies (median) of note transfers on the source chain; by load */
  readonly endToEndInIdleCommits?: Readonly<Record<string, ReturnType<typeof inUnits>>>;
  /** the same in median commit latencies of the sends of that very load; aim at half load: p50 2.2, p99 4 */
  readonly endToEndInCommits?: Readonly<Record<string, ReturnType<typeof inUnits>>>;
}

/** The JSON document of one run. A change that readers notice gets the next number. */
export interface BenchReport extends Figures {
  readonly schema: 'gridpeg-bench/1';
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
  readonly ratios: Ratios;
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

/** @param lane - names of the source and the destination chain */
export function ratiosOf(
  { singleChain, crossChain, endToEnd }: Figures,
  lane: { readonly source: string; readonly destination: string },
): Ratios {
  const single = (name: string, chain: string): SingleChainFigure | undefined =>
    singleChain.find((figure) => figure.name === name && figure.chain === chain);
  const notes = single('note transfer', lane.source);
  const yardstick = single('yardstick', lane.source);
  const notesThere = single('note transfer', lane.destination);
  const at50 = crossChain.find(({ packetsPerSend }) => packetsPerSend === 50)?.deliveredPerSecond;
  const byLoad = (
    value: (figure: EndToEndFigure) => ReturnType<typeof inUnits>,
  ): Record<string, ReturnType<typeof inUnits>> =>
    Object.fromEntries(endToEnd.map((figure) => [figure.load, value(figure)]));
  return {
    ...defined('notesToYardstick', ratio(notes?.perSecond, yardstick?.perSecond)),
    ...defined('crossChainAt50ToSingleChain', ratio(at50, notes?.perSecond)),
    ...defined('crossChainAt50ToSingleChainAtDestination', ratio(at50, notesThere?.perSecond)),
    ...(notes === undefined
      ? {}
      : { endToEndInIdleCommits: byLoad(({ untilReceived }) => inUnits(untilReceived, notes.commitIdle.p50Ms)) }),
    ...(endToEnd.length === 0 ? {} : { endToEndInCommits: byLoad(({ receivedInCommits }) => receivedInCommits) }),
  };
}

function ratio(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined || b === 0 ? undefined : round(a / b);
}

function defined<Name extends string>(name: Name, value: number | undefined): Partial<Record<Name, number>> {
  const entry: Partial<Record<Name, number>> = {};
  if (value !== undefined) entry[name] = value;
  return entry;
}
