// SPDX-License-Identifier: Apache-2.0

import { networkStatus } from '@gridpeg/network';
import { readFileSync } from 'node:fs';

/** Memory of all processes of one kind, in MiB. */
export interface KindMemory {
  readonly kind: string;
  readonly processes: number;
  /** Proportional set size: a page that n processes share counts 1/n in each, so that sums are true. */
  readonly pssMiB: number;
  /** Resident set size: shared pages count in every process. */
  readonly rssMiB: number;
}

/**
 * Reads what the processes of a network take now.
 *
 * @returns one row a kind, and the sum as kind `all`
 * @see man 5 proc_pid_smaps_rollup
 */
export async function readMemory(stateDir: string): Promise<readonly KindMemory[]> {
  const processes = (await networkStatus({ stateDir })).flatMap(({ kind, pid }) =>
    // The only services of this network are the notaries.
    pid === undefined ? [] : [{ kind: kind === 'service' ? 'notary' : kind, ...sizesOf(pid) }],
  );
  const kinds = [...new Set(processes.map(({ kind }) => kind))].sort();
  return [...kinds, 'all'].map((kind) => {
    const those = processes.filter((process) => kind === 'all' || process.kind === kind);
    const sum = (size: 'pss' | 'rss'): number =>
      Math.round((those.reduce((total, process) => total + process[size], 0) / 1024) * 10) / 10;
    return { kind, processes: those.length, pssMiB: sum('pss'), rssMiB: sum('rss') };
  });
}

/** Sizes in KiB. */
function sizesOf(pid: number): { readonly pss: number; readonly rss: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
  return { pss: field('Pss'), rss: field('Rss') };
}
