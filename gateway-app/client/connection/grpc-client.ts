// SPDX-License-Identifier: Apache-2.0

import { isIP } from 'node:net';
import { Client, credentials } from '@grpc/grpc-js';
import { channelOptions } from './channel-options';
import { type PeerEndpoint } from './connection-options';

/** A gRPC client of one peer; calls to this machine never go through a proxy that the environment names. */
export function grpcClient({ endpoint, hostAlias, tlsCaCert }: Omit<PeerEndpoint, 'mspId'>): Client {
  return new Client(endpoint, credentials.createSsl(Buffer.from(tlsCaCert)), {
    ...channelOptions(hostAlias),
    'grpc.enable_http_proxy': isLoopback(endpoint) ? 0 : 1,
  });
}

/** @param endpoint - `host:port`, an IPv6 address in square brackets */
export function isLoopback(endpoint: string): boolean {
  const host = endpoint
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === '::1' || host === 'localhost' || host.endsWith('.localhost');
}
