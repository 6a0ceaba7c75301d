// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { connect, createServer } from 'node:net';

import { NetworkError } from '../../runtime/network-error';

const loopback = '127.0.0.1';
/** Below the range from which systems choose outgoing ports, so that no connection takes a dead node's port. */
const firstPort = 20_000;
const lastPort = 31_999;

/** Whether a server could listen at a port of 127.0.0.1 now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ host: loopback, port, exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/** Whether a server accepts connections at a port of 127.0.0.1 now. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: loopback, port, timeout: 1000 });
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true));
    socket.once('error', end(false));
    socket.once('timeout', end(false));
  });
}

/**
 * Chooses ports that are free now.
 *
 * The search starts at a point that depends on the state folder, so that networks which run at different times do not
 * take each other's ports.
 *
 * @param stateDir - absolute
 * @param count - how many
 * @param taken - ports that must not be chosen even if they are free now
 * @throws NetworkError PORT_NONE_FREE
 */
export async function freePorts(stateDir: string, count: number, taken: ReadonlySet<number>): Promise<number[]> {
  const span = lastPort - firstPort + 1;
  const start = createHash('sha256').update(stateDir).digest().readUInt32BE(0) % span;
  const chosen: number[] = [];
  for (let step = 0; step < span && chosen.length < count; step++) {
    const port = firstPort + ((start + step) % span);
    if (!taken.has(port) && (await isFree(port))) chosen.push(port);
  }
  if (chosen.length < count) {
    throw new NetworkError(
      'PORT_NONE_FREE',
      `no ${String(count)} free ports between ${String(firstPort)} and ${String(lastPort)}`,
      'End programs that listen there.',
    );
  }
  return chosen;
}
