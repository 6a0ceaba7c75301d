// SPDX-License-Identifier: Apache-2.0

import { stringify } from 'yaml';

import type { Topology } from '../topology/topology';
import { loopbackNames } from './authorities';

/**
 * Renders the input of `cryptogen generate`.
 *
 * @returns text of crypto-config.yaml: all organizations with node OUs, one certificate a node
 */
export function renderCryptoConfig(topology: Topology): string {
  const hosts = (names: readonly string[]) => names.map((Hostname) => ({ Hostname, SANS: loopbackNames }));
  return stringify({
    OrdererOrgs: topology.chains.map(({ ordering }) => ({
      Name: ordering.name,
      Domain: ordering.domain,
      EnableNodeOUs: true,
      Specs: hosts(ordering.orderers),
    })),
    PeerOrgs: topology.organizations.map((organization) => ({
      Name: organization.name,
      Domain: organization.domain,
      EnableNodeOUs: true,
      Specs: hosts(organization.peers.map(({ name }) => name)),
      Users: { Count: organization.users.length },
    })),
  });
}
