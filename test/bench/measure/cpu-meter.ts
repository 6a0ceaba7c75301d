// SPDX-License-Identifier: Apache-2.0

import { networkStatus, type NodeStatus } from '@gridpeg/network';
import { readFileSync } from 'node:fs';
import { round } from './round';

/** Kinds of process of which CPU time is told apart; the generator is this process. */
export const processKinds = ['orderer', 'peer', 'chaincode', 'notary', 'generator'] as const;
type ProcessKind = (typeof processKinds)[number];

/** CPU time between two readings. */
export interface CpuUse {
  readonly secondsByKind: Readonly<Record<ProcessKind, number>>;
  /** CPU time of peers, orderers and chaincode services, by their chain. */
  readonly secondsByChain: Readonly<Record<string, number>>;
  /** What everything else on this machine took. It is noise if it is more than a little. */
  readonly otherSeconds: number;
  /** The generator's part of what all kinds took, 0 to 1. */
  readonly generatorShare: number;
}

/** Milliseconds of CPU time of each kind of process for one transaction or transfer. */
export type CpuPerUnit = Readonly<Record<ProcessKind | 'total', number>>;

/** CPU seconds since each process began. */
export interface CpuReading {
  readonly nodes: ReadonlyMap<NodeStatus, number>;
  readonly generator: number;
  readonly machine: number;
}

/** Linux counts in hundredths of a second whatever its own tick is (USER_HZ). */
const ticksPerSecond = 100;

/** Reads how much CPU time the network's processes have used, from /proc. */
export class CpuMeter {
  readonly #stateDir: string;
  #nodes: readonly NodeStatus[] = [];

  constructor(stateDir: string) {
    this.#stateDir = stateDir;
  }

  /** Finds the processes; takes a while, so not within a measured window. */
  async refresh(): Promise<void> {
    this.#nodes = (await networkStatus({ stateDir: this.#stateDir })).filter(({ pid }) => pid !== undefined);
  }

  read(): CpuReading {
    const { user, system } = process.cpuUsage();
    const nodes = this.#nodes.map((node) => [node, processSeconds(node.pid ?? 0)] as const);
    return { nodes: new Map(nodes), generator: (user + system) / 1e6, machine: machineSeconds() };
  }
}

/** @returns what was used from one reading to the next one of the same meter */
export function cpuBetween(before: CpuReading, after: CpuReading): CpuUse {
  const used = [...after.nodes].map(([node, seconds]) => ({ node, seconds: seconds - (before.nodes.get(node) ?? 0) }));
  const generator = after.generator - before.generator;
  const ofKind = (kind: ProcessKind): number =>
    kind === 'generator' ? generator : sum(used.filter(({ node }) => kindOf(node) === kind));
  const chains = [...new Set(used.flatMap(({ node }) => (node.chain === undefined ? [] : [node.chain])))];
  const total = sum(used) + generator;
  return {
    secondsByKind: byKind((kind) => round(ofKind(kind))),
    secondsByChain: Object.fromEntries(
      chains.map((chain) => [chain, round(sum(used.filter(({ node }) => node.chain === chain)))]),
    ),
    otherSeconds: round(Math.max(0, after.machine - before.machine - total)),
    generatorShare: round(generator / Math.max(total, 0.001)),
  };
}

/** Several windows as one. */
export function addCpu(uses: readonly CpuUse[]): CpuUse {
  const add = (value: (use: CpuUse) => number): number => round(uses.reduce((total, use) => total + value(use), 0));
  const secondsByKind = byKind((kind) => add((use) => use.secondsByKind[kind]));
  const chains = [...new Set(uses.flatMap((use) => Object.keys(use.secondsByChain)))];
  return {
    secondsByKind,
    secondsByChain: Object.fromEntries(chains.map((chain) => [chain, add((use) => use.secondsByChain[chain] ?? 0)])),
    otherSeconds: add((use) => use.otherSeconds),
    generatorShare: round(secondsByKind.generator / Math.max(totalCpuSeconds({ secondsByKind }), 0.001)),
  };
}

/** @param units - transactions or transfers that the time was spent on */
export function perUnit({ secondsByKind }: CpuUse, units: number): CpuPerUnit {
  const share = (seconds: number): number => round((seconds * 1000) / Math.max(units, 1));
  return { ...byKind((kind) => share(secondsByKind[kind])), total: share(totalCpuSeconds({ secondsByKind })) };
}

function kindOf({ kind }: NodeStatus): ProcessKind | 'ca' {
  // The only services of this network are the notaries.
  return kind === 'service' ? 'notary' : kind;
}

function byKind(value: (kind: ProcessKind) => number): Record<ProcessKind, number> {
  return {
    orderer: value('orderer'),
    peer: value('peer'),
    chaincode: value('chaincode'),
    notary: value('notary'),
    generator: value('generator'),
  };
}

/** CPU time of all kinds of process together, in seconds. */
export function totalCpuSeconds({ secondsByKind }: Pick<CpuUse, 'secondsByKind'>): number {
  return Object.values(secondsByKind).reduce((total, seconds) => total + seconds, 0);
}

function sum(used: ReadonlyArray<{ readonly seconds: number }>): number {
  return used.reduce((total, { seconds }) => total + seconds, 0);
}

/** User and system time of a process with all its threads; 0 when it has ended. @see man 5 proc_pid_stat */
function processSeconds(pid: number): number {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return 0;
  }
  // The second field is the command in parentheses and may hold blanks; fields 14 and 15 are wanted.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Busy time of all cores: user, nice, system, interrupts. @see man 5 proc_stat */
function machineSeconds(): number {
  const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8').split(/\s+/).slice(1).map(Number);
  const ticks = [user, nice, system, irq, softirq].reduce((total: number, value) => total + (value ?? 0), 0);
  return ticks / ticksPerSecond;
}
