// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one class that chooses among peers, and the connections that it chooses from.

import { createPrivateKey } from 'node:crypto';
import { connectivityState, type CallOptions, type Client } from '@grpc/grpc-js';
import { signMessage } from '@gridpeg/protocol';
import {
  connect,
  hash,
  type CloseableAsyncIterable,
  type Gateway,
  type Network,
  type Signer,
} from '@hyperledger/fabric-gateway';
import { backOffMs, pause } from './back-off';
import { defaultDeadlines, type ConnectionOptions, type Deadlines, type PeerEndpoint } from './connection-options';
import { isOverload, isSilence, isUnavailable } from './gateway-failure';
import { grpcClient } from './grpc-client';
import { Operation } from './operation';
import { PegError } from '../errors/peg-error';
import { silentPeers } from './silent-peers';

/** How long to wait before all peers are asked again that had too much to do. */
const overloadBackOff = { baseMs: 100, capMs: 1_000 };
/** How long to wait for a connection before a stream is opened on it. */
const connectMs = 8_000;

/** The steps of a call, each with a time limit of its own. */
export type CallKind = 'evaluate' | 'endorse' | 'submit' | 'commitStatus';

/** A Gateway service on one peer. */
export interface GatewayPeer {
  readonly endpoint: PeerEndpoint;
  readonly gateway: Gateway;
  readonly network: Network;
}

interface Link extends GatewayPeer {
  readonly client: Client;
}

/** Asks one peer. */
type Ask<T> = (peer: GatewayPeer, options: CallOptions) => Promise<T>;

/** The chain's peers, the identity's own organization first; moves on to the next one when one does not answer. */
export class GatewayPeers {
  readonly #deadlines: Deadlines;
  #links: readonly Link[];

  constructor(options: ConnectionOptions) {
    this.#links = linksOf(options);
    this.#deadlines = { ...defaultDeadlines, ...options.deadlines };
  }

  /**
   * Uses other peers, certificates or keys from now on. Calls under way end as they began, and so do streams: a peer
   * ends one itself when the certificate that opened it has expired.
   */
  reconnect(options: ConnectionOptions): void {
    const before = this.#links;
    this.#links = linksOf(options);
    setTimeout(() => {
      closeAll(before);
    }, this.#deadlines.operationMs).unref();
  }

  /** An operation that may take as long as any, whatever happens on its way. */
  operation(signal?: AbortSignal): Operation {
    return new Operation(this.#deadlines.operationMs, signal);
  }

  /** The wait for a transaction's block. */
  commitOperation(): Operation {
    return new Operation(this.#deadlines.commitStatusMs);
  }

  /**
   * Makes one call on the preferred peer, and on the others in turn when it does not answer or has too much to do;
   * where all have too much to do they are asked again until the operation's time is up. Only for calls that may be
   * repeated.
   */
  async withPeer<T>(kind: CallKind, operation: Operation, ask: Ask<T>): Promise<T> {
    let candidates = this.#inOrder();
    for (let round = 0; ; round += 1) {
      const failures: unknown[] = [];
      const busy: Link[] = [];
      for (const link of candidates) {
        try {
          return await this.#ask(link, kind, operation, ask);
        } catch (error) {
          if (isOverload(error)) busy.push(link);
          else if (!isUnavailable(error)) throw error;
          failures.push(error);
        }
        if (!operation.isWanted || operation.leftMs === 0) break;
      }
      if (busy.length === 0 || operation.leftMs <= backOffMs(overloadBackOff, round, 1)) throw failures.at(-1);
      await pause(overloadBackOff, round);
      candidates = busy;
    }
  }

  /**
   * Opens a stream on the preferred peer that there is a connection to. A stream that fails later makes the next one be
   * opened elsewhere.
   *
   * @throws PegError PEER_UNAVAILABLE
   */
  async openStream<T>(
    open: (peer: GatewayPeer) => Promise<CloseableAsyncIterable<T>>,
  ): Promise<CloseableAsyncIterable<T>> {
    for (const link of this.#inOrder()) {
      if ((await connectionState(link.client, connectMs)) === connectivityState.READY)
        return watched(await open(link), link.endpoint.endpoint);
      silentPeers.add(link.endpoint.endpoint, connectMs);
    }
    throw unconnected();
  }

  close(): void {
    closeAll(this.#links);
  }

  async #ask<T>(link: Link, kind: CallKind, operation: Operation, ask: Ask<T>): Promise<T> {
    const { endpoint } = link.endpoint;
    const startedMs = performance.now();
    try {
      // A call on a connection that is not made would wait for as long as it may take by itself.
      const waitMs = Math.min(connectMs, operation.leftMs);
      if ((await connectionState(link.client, waitMs)) === connectivityState.CONNECTING) throw unconnected();
      const result = await ask(link, operation.callOptions(this.#deadlines[`${kind}Ms`]));
      silentPeers.remove(endpoint);
      return result;
    } catch (error) {
      const isSilent = error instanceof PegError || isSilence(error, kind);
      if (operation.isWanted && isSilent) silentPeers.add(endpoint, performance.now() - startedMs);
      throw error;
    }
  }

  #inOrder(): readonly Link[] {
    const isSilent = ({ endpoint }: Link): boolean => silentPeers.has(endpoint.endpoint);
    return [...this.#links.filter((link) => !isSilent(link)), ...this.#links.filter(isSilent)];
  }
}

/**
 * Connects if need be. @returns READY, TRANSIENT_FAILURE for a peer that refuses, CONNECTING for one that lets the time
 * pass
 */
async function connectionState(client: Client, waitMs: number): Promise<connectivityState> {
  const channel = client.getChannel();
  const deadline = Date.now() + waitMs;
  for (;;) {
    const state = channel.getConnectivityState(true);
    if (state !== connectivityState.IDLE && state !== connectivityState.CONNECTING) return state;
    const isLate = await new Promise<boolean>((resolve) => {
      channel.watchConnectivityState(state, deadline, (error) => {
        resolve(error !== undefined);
      });
    });
    if (isLate) return connectivityState.CONNECTING;
  }
}

function unconnected(): PegError {
  return new PegError({ code: 'PEER_UNAVAILABLE', detail: 'there is no connection' });
}

/** The same stream; its failure is remembered of its peer. */
function watched<T>(stream: CloseableAsyncIterable<T>, endpoint: string): CloseableAsyncIterable<T> {
  const close = (): void => {
    stream.close();
  };
  return {
    ...{ close, [Symbol.dispose]: close },
    async *[Symbol.asyncIterator]() {
      try {
        yield* stream;
      } catch (error) {
        if (isSilence(error, 'evaluate')) silentPeers.add(endpoint, 0);
        throw error;
      }
    },
  };
}

function linksOf(options: ConnectionOptions): readonly Link[] {
  if (options.peers.length === 0) throw new Error(`connection to ${options.channel}: no peers given`);
  const own = options.peers.filter(({ mspId }) => mspId === options.identity.mspId);
  const others = options.peers.filter(({ mspId }) => mspId !== options.identity.mspId);
  return [...own, ...others].map((endpoint) => newLink(endpoint, options));
}

function closeAll(links: readonly Link[]): void {
  for (const { client, gateway } of links) {
    gateway.close();
    client.close();
  }
}

function newLink(endpoint: PeerEndpoint, options: ConnectionOptions): Link {
  const { identity } = options;
  const client = grpcClient(endpoint);
  const gateway = connect({
    client,
    identity: { mspId: identity.mspId, credentials: Buffer.from(identity.certificate) },
    signer: nativeSigner(identity.privateKey),
    hash: hash.none,
  });
  return { endpoint, client, gateway, network: gateway.getNetwork(options.channel) };
}

/**
 * Signs messages with OpenSSL: the Gateway client's own signer is pure JavaScript and takes some twenty times as long.
 */
function nativeSigner(privateKeyPem: string): Signer {
  const key = createPrivateKey(privateKeyPem);
  return (message) => Promise.resolve(signMessage(key, Buffer.from(message)));
}
