// SPDX-License-Identifier: Apache-2.0

import { stringify } from 'yaml';

import type { Organization, Topology } from '../topology/topology';
import { localAddressOf, type PortMap } from './layout';

/** A connection profile in the two forms of the samples' test-network. */
export interface ConnectionProfile {
  readonly json: string;
  readonly yaml: string;
}

/**
 * Renders the connection profile of one organization.
 *
 * @param topology - names the channels of the organization's peers
 * @param organization - whose profile it is
 * @param ports - needs the `listen` ports of its peers
 * @param tlsCaPem - the TLS authority's certificate of the organization
 * @returns texts of `connection-<organization>.json` and `.yaml`
 */
export function renderConnectionProfile(
  topology: Topology,
  organization: Organization,
  ports: PortMap,
  tlsCaPem: string,
): ConnectionProfile {
  const host = (peer: string) => `${peer}.${organization.domain}`;
  const profile = {
    name: `${topology.name}-${organization.name.toLowerCase()}`,
    version: '1.0.0',
    client: { organization: organization.name, connection: { timeout: { peer: { endorser: '300' } } } },
    organizations: {
      [organization.name]: { mspid: organization.mspId, peers: organization.peers.map(({ name }) => host(name)) },
    },
    channels: Object.fromEntries(
      organization.peers.map((peer) => [
        topology.chains.find(({ name }) => name === peer.chain)?.channel ?? peer.chain,
        { peers: { [host(peer.name)]: {} } },
      ]),
    ),
    peers: Object.fromEntries(
      organization.peers.map(({ name }) => [
        host(name),
        {
          url: `grpcs://${localAddressOf(ports, host(name))}`,
          tlsCACerts: { pem: tlsCaPem },
          grpcOptions: { 'ssl-target-name-override': host(name), hostnameOverride: host(name) },
        },
      ]),
    ),
  };
  return {
    json: `${JSON.stringify(profile, undefined, 4)}\n`,
    yaml: stringify(profile, { aliasDuplicateObjects: false }),
  };
}
