// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { type NetworkState } from '@gridpeg/network';
import { type ClientIdentity, type ConnectionOptions } from '../client';

type ChainState = NetworkState['chains'][number];
type UserState = NetworkState['organizations'][number]['users'][number];

/** Reads the certificate and the private key of a user from the files that the state folder names. */
export function userIdentity(mspId: string, { certFile, keyFile }: UserState): ClientIdentity {
  return { mspId, certificate: readFileSync(certFile, 'utf8'), privateKey: readFileSync(keyFile, 'utf8') };
}

/**
 * The options of a connection to a chain: its channel, its chaincode, and its peers with their TLS authorities.
 *
 * @param reached - which address of a peer to use: the one for users of this machine, or the one between nodes
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
