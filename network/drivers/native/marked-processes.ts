// SPDX-License-Identifier: Apache-2.0

import { existsSync, readdirSync, readFileSync } from 'node:fs';

import { NetworkError } from '../../runtime/network-error';

/**
 * Environment variable by which every process of a network is found: the absolute state folder. It is set for what the
 * driver starts and nothing else: a name that users set for themselves would make their own programs look like ours.
 */
export const stateMarker = 'GRIDPEG_PROCESS_OF';
/** Environment variable that names the node a process belongs to; commands that end by themselves have none. */
export const nodeMarker = 'GRIDPEG_NODE';

/** A live process of a network. */
export interface MarkedProcess {
  readonly pid: number;
  /** Its node; undefined for commands that end by themselves. */
  readonly node: string | undefined;
  /** Whether it leads its process group, which is true of a node's first process only. */
  readonly leader: boolean;
  readonly paused: boolean;
}

/**
 * Finds every live process of a network by its environment.
 *
 * The kernel is the only record of what runs: there is no pid file to be lost in a crash between starting a process and
 * writing it down, or to point at a stranger once the number is used again.
 *
 * @param stateDir - absolute
 * @param proc - where the kernel lists processes
 * @returns processes of this user; never the caller itself
 * @throws NetworkError PLATFORM_UNSUPPORTED without /proc
 */
export function markedProcesses(stateDir: string, proc = '/proc'): readonly MarkedProcess[] {
  return processIds(proc).flatMap((pid) => markedProcess(stateDir, pid));
}

/**
 * Those of some processes that still live and belong to a network: much cheaper than to look at all processes again.
 */
export function stillMarked(stateDir: string, processes: readonly MarkedProcess[]): readonly MarkedProcess[] {
  return processes.flatMap(({ pid }) => markedProcess(stateDir, pid));
}

function markedProcess(stateDir: string, pid: number): readonly MarkedProcess[] {
  const environment = readProc(pid, 'environ')?.split('\0');
  if (environment?.includes(`${stateMarker}=${stateDir}`) !== true) return [];
  const stat = readProc(pid, 'stat');
  // The second field, the command in parentheses, may hold blanks and parentheses itself.
  const [state, , group] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  if (state === undefined || state === 'Z' || state === 'X') return [];
  const node = environment.find((entry) => entry.startsWith(`${nodeMarker}=`))?.slice(nodeMarker.length + 1);
  return [{ pid, node, leader: group === String(pid), paused: state === 'T' }];
}

/** A command that ends by itself, with the mark by which it is found should its caller end first. */
export function markedCommand(stateDir: string, command: readonly string[]): readonly string[] {
  return ['/usr/bin/env', `${stateMarker}=${stateDir}`, ...command];
}

/** Resident memory of a process and its children, which an init process in a container has; in bytes. */
export function residentBytesOfTree(pid: number): number {
  const children = (readProc(pid, `task/${String(pid)}/children`) ?? '').split(' ').filter((child) => child !== '');
  return [pid, ...children.map(Number)].reduce((sum, each) => sum + residentBytes(each), 0);
}

/** Every network of this user that has processes, by its state folder. Nothing where there is no /proc. */
export function networksWithProcesses(): ReadonlyMap<string, readonly number[]> {
  const networks = new Map<string, number[]>();
  const prefix = `${stateMarker}=`;
  for (const pid of existsSync('/proc/self/environ') ? processIds('/proc') : []) {
    const marker = readProc(pid, 'environ')
      ?.split('\0')
      .find((entry) => entry.startsWith(prefix));
    if (marker === undefined) continue;
    const stateDir = marker.slice(prefix.length);
    networks.set(stateDir, [...(networks.get(stateDir) ?? []), pid]);
  }
  return networks;
}

/** Resident memory of a process in bytes; 0 if it is gone. */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readProc(pid, 'status') ?? '')?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

function processIds(proc: string): readonly number[] {
  try {
    return readdirSync(proc)
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => pid !== process.pid);
  } catch {
    throw new NetworkError(
      'PLATFORM_UNSUPPORTED',
      'the native driver finds its processes in /proc, which this system does not have',
      'Run on Linux.',
    );
  }
}

/** A file of a process, or nothing if it has ended or belongs to somebody else. */
function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${String(pid)}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}
