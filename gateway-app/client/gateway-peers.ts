// SPDX-License-Identifier: Apache-2.0

import { createPrivateKey } from 'node:crypto';
import { Client, credentials, status } from '@grpc/grpc-js';
import { signMessage } from '@gridpeg/protocol';
import { connect, GatewayError, hash, type Gateway, type Network, type Signer } from '@hyperledger/fabric-gateway';
import { defaultDeadlines, type ConnectionOptions, type PeerEndpoint } from './connection-options';

/** How long a peer that did not answer comes last. */
const shunnedMs = 3_000;

const noAnswer = new Set<number>([status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.CANCELLED]);

/** A Gateway service on one peer. */
export interface GatewayPeer {
  readonly endpoint: PeerEndpoint;
  readonly gateway: Gateway;
  readonly network: Network;
}

interface Link extends GatewayPeer {
  readonly client: Client;
  shunnedUntilMs: number;
}

/** The chain's peers, the identity's own organization first; moves on to the next one when one does not answer. */
export class GatewayPeers {
  readonly #links: readonly Link[];

  constructor(options: ConnectionOptions) {
    if (options.peers.length === 0) throw new Error(`connection to ${options.channel}: no peers given`);
    const own = options.peers.filter(({ mspId }) => mspId === options.identity.mspId);
    const others = options.peers.filter(({ mspId }) => mspId !== options.identity.mspId);
    this.#links = [...own, ...others].map((endpoint) => newLink(endpoint, options));
  }

  /**
   * Runs one step on the preferred peer, and on the others in turn when it does not answer.
   * Only for steps that may be repeated: evaluating, endorsing, asking for a status.
   */
  async withPeer<T>(step: (peer: GatewayPeer) => Promise<T>): Promise<T> {
    let failure: unknown;
    for (const link of this.#inOrder()) {
      try {
        return await step(link);
      } catch (error) {
        if (!isNoAnswer(error)) throw error;
        link.shunnedUntilMs = Date.now() + shunnedMs;
        failure = error;
      }
    }
    throw failure;
  }

  close(): void {
    for (const { client, gateway } of this.#links) {
      gateway.close();
      client.close();
    }
  }

  #inOrder(): readonly Link[] {
    const now = Date.now();
    const answering = this.#links.filter(({ shunnedUntilMs }) => shunnedUntilMs <= now);
    const shunned = this.#links.filter(({ shunnedUntilMs }) => shunnedUntilMs > now);
    return [...answering, ...shunned];
  }
}

/** Whether the peer, or somebody behind it, did not answer at all, as opposed to saying no. */
function isNoAnswer(error: unknown): boolean {
  return error instanceof GatewayError && noAnswer.has(error.code);
}

function newLink(endpoint: PeerEndpoint, options: ConnectionOptions): Link {
  const { identity } = options;
  const deadlines = { ...defaultDeadlines, ...options.deadlines };
  const within = (milliseconds: number) => () => ({ deadline: Date.now() + milliseconds });
  const client = new Client(endpoint.endpoint, credentials.createSsl(Buffer.from(endpoint.tlsCaCert)), {
    'grpc.ssl_target_name_override': endpoint.hostAlias,
    'grpc.default_authority': endpoint.hostAlias,
    'grpc.initial_reconnect_backoff_ms': 200,
    // The default of two minutes would keep a restarted peer away for that long.
    'grpc.max_reconnect_backoff_ms': 2_000,
    'grpc.max_receive_message_length': 128 * 1024 * 1024,
  });
  const gateway = connect({
    client,
    identity: { mspId: identity.mspId, credentials: Buffer.from(identity.certificate) },
    signer: nativeSigner(identity.privateKey),
    hash: hash.none,
    evaluateOptions: within(deadlines.evaluateMs),
    endorseOptions: within(deadlines.endorseMs),
    submitOptions: within(deadlines.submitMs),
    commitStatusOptions: within(deadlines.commitStatusMs),
  });
  return { endpoint, client, gateway, network: gateway.getNetwork(options.channel), shunnedUntilMs: 0 };
}

/** Signs messages with OpenSSL: the Gateway client's own signer is pure JavaScript and takes some twenty times as long. */
function nativeSigner(privateKeyPem: string): Signer {
  const key = createPrivateKey(privateKeyPem);
  return (message) => Promise.resolve(signMessage(key, Buffer.from(message)));
}
