// SPDX-License-Identifier: Apache-2.0

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

import { STATE_MARKER } from '../drivers/native/marked-processes';

/** Who listens at a port. */
export interface PortHolder {
  /** undefined when it belongs to another user, or the system does not tell */
  readonly pid?: number | undefined;
  /** its command */
  readonly program?: string | undefined;
  /** the folder of the network that it is a node of, if it is of one */
  readonly network?: string | undefined;
}

/** Finds out who listens at a TCP port of this machine, as `ss -ltnp` does. */
export function portHolder(port: number): PortHolder {
  const sockets = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => listeningAt(port, file)));
  if (sockets.size === 0) return {};
  for (const pid of numbersIn('/proc')) {
    if (!openSockets(pid).some((socket) => sockets.has(socket))) continue;
    const program = readOr(`/proc/${pid}/cmdline`).split('\0').filter(Boolean).slice(0, 3).join(' ').slice(0, 120);
    const marker = `${STATE_MARKER}=`;
    const network = readOr(`/proc/${pid}/environ`)
      .split('\0')
      .find((entry) => entry.startsWith(marker));
    return { pid: Number(pid), program, network: network?.slice(marker.length) };
  }
  return {};
}

/** Inodes of the sockets that listen at a port; proc(5) says how the table is written. */
function listeningAt(port: number, table: string): readonly string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readOr(table)
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(suffix) === true && state === '0A')
    .map((fields) => `socket:[${fields[9] ?? ''}]`);
}

function openSockets(pid: string): readonly string[] {
  return numbersIn(`/proc/${pid}/fd`).map((file) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${file}`);
    } catch {
      return '';
    }
  });
}

/** Entries that are numbers; none where the system, or another user, says nothing. */
function numbersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name));
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
