// SPDX-License-Identifier: Apache-2.0

import { type Server } from 'node:https';
import { type Socket } from 'node:net';
import { type TLSSocket } from 'node:tls';

/** The greatest number of connections of all callers. Notaries never need as many. */
const maximumConnections = 512;
/** The greatest number of connections of callers that have not shown that they may ask for signatures. */
const maximumStrangers = 128;
/** A relay opens one for each request under way, and keeps those that it may need again. */
const maximumByCaller = 64;

/**
 * Keeps callers that only connect from displacing notaries. Unauthenticated connections are closed when there are too
 * many of them, the oldest first, and one organization has a limited number of connections.
 *
 * @param callerOf - the organization whose certificate a connection has shown; undefined for everybody else
 */
export function limitConnections(server: Server, callerOf: (connection: TLSSocket) => string | undefined): void {
  const strangers = new Map<string, Socket>();
  const known = new Map<string, number>();
  server.maxConnections = maximumConnections;
  server.on('connection', (connection: Socket) => {
    const name = nameOf(connection);
    strangers.set(name, connection);
    connection.once('close', () => {
      if (strangers.get(name) === connection) strangers.delete(name);
    });
    const [oldest] = strangers.values();
    if (strangers.size > maximumStrangers) oldest?.destroy();
  });
  server.on('secureConnection', (connection) => {
    const caller = callerOf(connection);
    if (caller === undefined) return;
    strangers.delete(nameOf(connection));
    const count = (change: number): number => {
      const next = (known.get(caller) ?? 0) + change;
      known.set(caller, next);
      return next;
    };
    connection.once('close', () => count(-1));
    if (count(1) > maximumByCaller) connection.destroy();
  });
}

/** A connection has one before and after its handshake. */
function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? ''} ${(remotePort ?? 0).toString()}`;
}
