// SPDX-License-Identifier: Apache-2.0

/** A peer whose Gateway service may be used. */
export interface PeerEndpoint {
  readonly mspId: string;
  /** `host:port` */
  readonly endpoint: string;
  /** The host name in the peer's TLS certificate. */
  readonly hostAlias: string;
  /** PEM of the CA that issued the peer's TLS certificate. */
  readonly tlsCaCert: string;
}

/** The identity that calls, with certificate and key as PEM. */
export interface ClientIdentity {
  readonly mspId: string;
  readonly certificate: string;
  readonly privateKey: string;
}

/** How long each step may take on one peer, in milliseconds, and an operation as a whole. */
export interface Deadlines {
  readonly evaluateMs: number;
  readonly endorseMs: number;
  readonly submitMs: number;
  /** The time from the submission to the block, whichever peers are asked. */
  readonly commitStatusMs: number;
  /** The time of everything up to the submission, with all peers and repetitions. */
  readonly operationMs: number;
}

/** How one identity reaches one chain. */
export interface ConnectionOptions {
  readonly channel: string;
  readonly chaincodeName: string;
  /** Peers of this chain; those of the identity's own organization are preferred, then the order given. */
  readonly peers: readonly PeerEndpoint[];
  readonly identity: ClientIdentity;
  readonly deadlines?: Partial<Deadlines>;
}

export const defaultDeadlines: Deadlines = {
  evaluateMs: 5_000,
  endorseMs: 15_000,
  submitMs: 5_000,
  commitStatusMs: 60_000,
  operationMs: 60_000,
};
