// SPDX-License-Identifier: Apache-2.0

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

import { networksWithProcesses } from './marked-processes';

/** The process that listens at a port. */
export interface PortHolder {
  /** Undefined when it belongs to another user, or the system does not say. */
  readonly pid?: number | undefined;
  /** Its command. */
  readonly program?: string | undefined;
  /** The folder of the network that it is a node of, if it is of one. */
  readonly network?: string | undefined;
}

/** Finds out who listens at a TCP port of this machine, as `ss -ltnp` does; of a container's port, the node in it. */
export function portHolder(port: number): PortHolder {
  const sockets = listeningAt(port, '/proc/net');
  if (sockets.size === 0) return {};
  // The engine listens for a container, in which a node listens at the same port of another network.
  const known = new Map([[networkOf('self'), sockets]]);
  for (const [network, pids] of networksWithProcesses()) {
    for (const pid of pids) {
      const its = known.get(networkOf(pid)) ?? listeningAt(port, `/proc/${String(pid)}/net`);
      known.set(networkOf(pid), its);
      if (hasOneOf(its, pid)) return { pid, program: programOf(pid), network };
    }
  }
  const pid = numbersIn('/proc').find((each) => hasOneOf(sockets, each));
  return pid === undefined ? {} : { pid, program: programOf(pid) };
}

function programOf(pid: number): string {
  return readOr(`/proc/${String(pid)}/cmdline`)
    .split('\0')
    .filter(Boolean)
    .slice(0, 3)
    .join(' ')
    .slice(0, 120);
}

/** The network that a process sees: containers have one of their own. */
function networkOf(pid: number | 'self'): string {
  return linkOr(`/proc/${String(pid)}/ns/net`);
}

/** Inodes of the sockets that listen at a port; proc(5) says how the tables are written. */
function listeningAt(port: number, tables: string): ReadonlySet<string> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = ['tcp', 'tcp6'].flatMap((table) => readOr(join(tables, table)).split('\n').slice(1));
  const listening = lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(suffix) === true && state === '0A');
  return new Set(listening.map((fields) => `socket:[${fields[9] ?? ''}]`));
}

function hasOneOf(sockets: ReadonlySet<string>, pid: number): boolean {
  if (sockets.size === 0) return false;
  const files = `/proc/${String(pid)}/fd`;
  return numbersIn(files).some((file) => sockets.has(linkOr(join(files, String(file)))));
}

function linkOr(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

/** Entries that are numbers; none where the system, or another user, says nothing. */
function numbersIn(folder: string): readonly number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
