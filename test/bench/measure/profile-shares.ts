// SPDX-License-Identifier: Apache-2.0

import { type Profiler } from 'node:inspector';
import { round } from './round';

/** What the JavaScript threads of one kind of process did in one measured window. */
export interface ProfileShares {
  readonly window: string;
  /** Chaincode, leading notary, standby notary, generator. */
  readonly kind: string;
  /** All processes of the kind together. */
  readonly busySeconds: number;
  /** Parts of `busySeconds`, 0 to 1, largest first; the garbage collector and the engine itself are in parentheses. */
  readonly packages: Readonly<Record<string, number>>;
}

/** Sums profiles up by the package whose code ran, whoever called it. */
export function sharesByPackage(profiles: readonly Profiler.Profile[]): Omit<ProfileShares, 'window' | 'kind'> {
  const times = new Map<string, number>();
  for (const { nodes, samples = [], timeDeltas = [] } of profiles) {
    const packages = new Map(nodes.map(({ id, callFrame }) => [id, packageOf(callFrame)]));
    for (const [index, id] of samples.entries()) {
      const name = packages.get(id) ?? '(unknown)';
      // Until the first sample it was the profiler that worked, to begin.
      if (index > 0 && name !== '(idle)') times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0));
    }
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  const sorted = [...times].sort(([, a], [, b]) => b - a);
  return {
    busySeconds: round(total / 1e6),
    packages: Object.fromEntries(sorted.map(([name, time]) => [name, round(time / Math.max(total, 1))])),
  };
}

/** A package of npm, a folder of this repository, `node`, or what the engine does itself. */
function packageOf({ url, functionName }: Profiler.Profile['nodes'][number]['callFrame']): string {
  if (url === '') return functionName.startsWith('(') ? functionName : '(native)';
  if (url.startsWith('node:')) return 'node';
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  const ours = /\/(chaincode|gateway-app|network|test)\/(?:dist\/)?([^/]+)\//.exec(url);
  return installed ?? ours?.slice(1).join('/') ?? url;
}
