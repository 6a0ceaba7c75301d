// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { type NetworkState } from '@gridpeg/network';
import { type ClientIdentity, type ConnectionOptions } from '../client';

type ChainState = NetworkState['chains'][number];
type UserState = NetworkState['organizations'][number]['users'][number];

/** Certificate and key of a user whose files the network's state names. */
export function userIdentity(mspId: string, { certFile, keyFile }: UserState): ClientIdentity {
  return { mspId, certificate: readFileSync(certFile, 'utf8'), privateKey: readFileSync(keyFile, 'utf8') };
}

/**
 * What connecting to a chain of a network takes: its channel, chaincode, and peers with their TLS authorities.
 *
 * @param reached - by which address: as users of this machine do, or as nodes among themselves
 */
export function chainConnectionOptions(
  chain: ChainState,
  identity: ClientIdentity,
  reached: 'endpoint' | 'nodeEndpoint' = 'endpoint',
): ConnectionOptions {
  return {
    channel: chain.channel,
    chaincodeName: chain.chaincode.name,
    peers: chain.peers.map((peer) => ({
      mspId: peer.organization,
      endpoint: peer[reached],
      hostAlias: peer.hostAlias,
      tlsCaCert: readFileSync(peer.tlsCaCertFile, 'utf8'),
    })),
    identity,
  };
}
