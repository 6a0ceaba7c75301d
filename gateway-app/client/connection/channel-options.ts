// SPDX-License-Identifier: Apache-2.0

import { type ClientOptions } from '@grpc/grpc-js';

/** How long a connection in use may leave a ping without an answer. After that it is closed. */
const keepAliveMs = { interval: 5_000, timeout: 5_000 } as const;

/**
 * How to reach a peer by gRPC.
 *
 * Peers of Fabric's default configuration count pings that come more often than once a minute while they send nothing,
 * and end the connection after a few; gRPC then doubles the interval for that peer by itself.
 *
 * @param hostAlias - the host name in its TLS certificate
 */
export function channelOptions(hostAlias: string): ClientOptions {
  return {
    'grpc.ssl_target_name_override': hostAlias,
    'grpc.default_authority': hostAlias,
    'grpc.initial_reconnect_backoff_ms': 200,
    // The default of two minutes would keep a restarted peer away for that long.
    'grpc.max_reconnect_backoff_ms': 2_000,
    'grpc.max_receive_message_length': 128 * 1024 * 1024,
    'grpc.keepalive_time_ms': keepAliveMs.interval,
    'grpc.keepalive_timeout_ms': keepAliveMs.timeout,
  };
}
