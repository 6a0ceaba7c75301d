// SPDX-License-Identifier: Apache-2.0

import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { docker } from './docker';

/**
 * Ids of all processes of a network: on this machine those that carry its mark in their environment, in containers
 * those that a container began with. Found without asking the product.
 */
export function processesOf(stateDir: string): readonly number[] {
  const ids = containersOf(stateDir);
  const inspected = ids.length === 0 ? [] : docker('inspect', '--format', '{{.State.Pid}}', ...ids);
  return [...markedProcesses(stateDir), ...inspected.map(Number).filter((pid) => pid !== 0)];
}

/** Ids of the containers that a network has mounted in, dead ones as well, and of its container networks. */
export function engineObjectsOf(stateDir: string): readonly string[] {
  return [
    ...containersOf(stateDir),
    ...docker('network', 'ls', '--quiet', '--filter', `label=gridpeg.state=${stateDir}`),
  ];
}

function containersOf(stateDir: string): readonly string[] {
  return docker('ps', '--all', '--quiet', '--filter', `volume=${stateDir}`);
}

/** Those of this machine: in containers, which have process ids of their own, the first one stands for all. */
function markedProcesses(stateDir: string): readonly number[] {
  const here = readlinkSync('/proc/self/ns/pid');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        if (readlinkSync(`/proc/${name}/ns/pid`) !== here) return false;
        return readFileSync(`/proc/${name}/environ`, 'utf8')
          .split('\0')
          .some((entry) => entry.endsWith(`=${stateDir}`));
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Whether a server could listen at a port of this machine. */
export function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });
}

/** All ports that a network has written down anywhere so far, complete or not. */
export function portsIn(stateDir: string): readonly number[] {
  const nodes = join(stateDir, 'nodes');
  const files = [
    join(stateDir, 'plan.json'),
    join(stateDir, 'notaries', 'addresses.json'),
    ...(existsSync(nodes) ? readdirSync(nodes).map((node) => join(nodes, node, 'node.json')) : []),
  ].filter(existsSync);
  const numbers = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/: (\d{5})\b/g)].map(([, port]) => port),
  );
  return [...new Set(numbers.map(Number))];
}
