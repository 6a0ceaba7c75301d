// SPDX-License-Identifier: Apache-2.0

import { audit, type AuditedChain, type AuditReport } from '../audit';
import { type PeggedNetwork } from './consortium';

/** Audits all chains of a network. */
export async function auditNetwork(network: PeggedNetwork): Promise<AuditReport> {
  return audit(auditedChains(network));
}

/**
 * All chains of a network, each as a member that may read its blocks, from peers of every organization that is known
 * here.
 */
export function auditedChains(network: PeggedNetwork): readonly AuditedChain[] {
  return network.state.chains.map((chain) => {
    const reader = network.reader(chain);
    const organizations = [...new Set(chain.peers.map(({ organization }) => organization))];
    const own = organizations.filter((organization) => organization === reader.organization.mspId);
    const others = organizations.filter((organization) => organization !== reader.organization.mspId);
    return {
      name: chain.name,
      chainId: chain.chainId,
      chaincodeName: chain.chaincode.name,
      peers: [...own, ...others].map((organization) => {
        const peers = chain.peers.filter((peer) => peer.organization === organization);
        return { organization, connection: network.client({ ...chain, peers }, reader, organization).connection };
      }),
    };
  });
}
