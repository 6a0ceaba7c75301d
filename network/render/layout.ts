// SPDX-License-Identifier: Apache-2.0

import { join } from 'node:path';

/** Where users of this machine reach every node. */
const loopbackAddress = '127.0.0.1';

/** Ports of one node by purpose: `listen` always, `operations` and `admin` where the node has them. */
export type NodePorts = Readonly<Record<string, number>>;

/** Ports of every node by node name. */
export type PortMap = Readonly<Record<string, NodePorts>>;

/** Where nodes run, as they see it themselves: paths, addresses to listen at, and names of one another. */
export interface Placement {
  /** An absolute path. */
  readonly stateDir: string;
  readonly ports: PortMap;
  /** The address of the interface that nodes listen at. */
  readonly bindAddress: string;
  /** The host by which other nodes reach a node. */
  readonly hostOf: (node: string) => string;
}

/** The host and port by which other nodes reach a node. */
export function addressOf({ hostOf, ports }: Placement, node: string, purpose = 'listen'): string {
  return `${hostOf(node)}:${String(portOf(ports, node, purpose))}`;
}

/** Address and port that a node listens at. */
export function listenAddressOf({ bindAddress, ports }: Placement, node: string, purpose = 'listen'): string {
  return `${bindAddress}:${String(portOf(ports, node, purpose))}`;
}

/** The host and port by which users of this machine reach a node, whatever the driver. */
export function localAddressOf(ports: PortMap, node: string, purpose = 'listen'): string {
  return `${loopbackAddress}:${String(portOf(ports, node, purpose))}`;
}

/** The port a node has for a purpose. */
export function portOf(ports: PortMap, node: string, purpose: string): number {
  const port = ports[node]?.[purpose];
  if (port === undefined) throw new Error(`no ${purpose} port was assigned to ${node}`);
  return port;
}

/** Where there is everything of an organization that runs peers. */
export function peerOrganizationDir(stateDir: string, domain: string): string {
  return join(stateDir, 'organizations', 'peerOrganizations', domain);
}

/** Where there is everything of an organization that runs orderers. */
export function ordererOrganizationDir(stateDir: string, domain: string): string {
  return join(stateDir, 'organizations', 'ordererOrganizations', domain);
}

/** A peer's MSP and TLS folders. */
export function peerDir(stateDir: string, domain: string, peer: string): string {
  return join(peerOrganizationDir(stateDir, domain), 'peers', `${peer}.${domain}`);
}

/** An orderer's MSP and TLS folders. */
export function ordererDir(stateDir: string, domain: string, orderer: string): string {
  return join(ordererOrganizationDir(stateDir, domain), 'orderers', `${orderer}.${domain}`);
}

/** A user's MSP and TLS folders; `user` is Admin, User1 and so on. */
export function userDir(organizationDir: string, domain: string, user: string): string {
  return join(organizationDir, 'users', `${user}@${domain}`);
}

/** A user's MSP folder, in an organization that runs peers. */
export function userMspDir(stateDir: string, domain: string, user: string): string {
  return join(userDir(peerOrganizationDir(stateDir, domain), domain, user), 'msp');
}

/** The certificate of an organization's own authority. */
export function organizationCaFile(organizationDir: string, domain: string): string {
  return join(organizationDir, 'msp', 'cacerts', `ca.${domain}-cert.pem`);
}

/** The TLS authority's certificate of an organization. */
export function tlsCaFile(organizationDir: string, domain: string): string {
  return join(organizationDir, 'msp', 'tlscacerts', `tlsca.${domain}-cert.pem`);
}

/** A node's configuration and data. */
export function nodeDir(stateDir: string, node: string): string {
  return join(stateDir, 'nodes', node);
}

/** A chain's genesis block. */
export function genesisFile(stateDir: string, channel: string): string {
  return join(stateDir, 'channel-artifacts', `${channel}.block`);
}
