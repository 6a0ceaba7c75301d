// SPDX-License-Identifier: Apache-2.0

import { join } from 'node:path';

import type { Topology } from '../topology/topology';
import { ordererDir, ordererOrganizationDir, peerDir, peerOrganizationDir, userDir } from './layout';

/** Somebody who has certificates: a node, an administrator or another user. */
export interface Identity {
  /** The common name, and enrolment id: peer0.grid.example.com or User1@grid.example.com. */
  readonly name: string;
  /** What Fabric takes it for; the organizational unit in its certificates. */
  readonly type: 'peer' | 'orderer' | 'admin' | 'client';
  /** Its MSP and TLS folders, absolute. */
  readonly folder: string;
  /** Names in its TLS certificate. */
  readonly hosts: readonly string[];
}

/** An organization as the one who vouches for its identities. */
export interface Authority {
  /** The name of the node that is its certificate authority, where there is one. */
  readonly node: string;
  readonly mspId: string;
  readonly organization: string;
  readonly domain: string;
  /** The name of the chain that it orders; members have none. */
  readonly chain: string | undefined;
  /** What its certificates lie below, absolute. */
  readonly folder: string;
  readonly identities: readonly Identity[];
}

/** Users of this machine reach every node on the loopback interface, so its certificate names that. */
export const loopbackNames = ['localhost', '127.0.0.1'] as const;

/** All organizations with all their identities: what cryptogen, or a certificate authority of each, makes. */
export function authoritiesOf({ organizations, chains }: Topology, stateDir: string): readonly Authority[] {
  const members = organizations.map(({ mspId, name, domain, peers, users }) => ({
    ...{ node: authorityNode(domain), mspId, organization: name, domain, chain: undefined },
    folder: peerOrganizationDir(stateDir, domain),
    identities: [
      ...peers.map((peer) => nodeIdentity('peer', peer.name, domain, peerDir(stateDir, domain, peer.name))),
      ...['Admin', ...users.map((user) => user.name)].map((user) =>
        userIdentity(user, domain, userDir(peerOrganizationDir(stateDir, domain), domain, user)),
      ),
    ],
  }));
  const services = chains.map(({ name: chain, ordering: { mspId, name, domain, orderers } }) => ({
    ...{ node: authorityNode(domain), mspId, organization: name, domain, chain },
    folder: ordererOrganizationDir(stateDir, domain),
    identities: [
      ...orderers.map((orderer) => nodeIdentity('orderer', orderer, domain, ordererDir(stateDir, domain, orderer))),
      userIdentity('Admin', domain, userDir(ordererOrganizationDir(stateDir, domain), domain, 'Admin')),
    ],
  }));
  return [...members, ...services];
}

/** Files of an identity's certificates and keys, absolute. */
export function identityFiles({ name, type, folder }: Identity): {
  readonly certificate: string;
  readonly key: string;
  readonly tlsCertificate: string;
  readonly tlsKey: string;
} {
  const role = type === 'peer' || type === 'orderer' ? 'server' : 'client';
  return {
    certificate: join(folder, 'msp', 'signcerts', `${name}-cert.pem`),
    key: join(folder, 'msp', 'keystore', 'priv_sk'),
    tlsCertificate: join(folder, 'tls', `${role}.crt`),
    tlsKey: join(folder, 'tls', `${role}.key`),
  };
}

/**
 * Renders config.yaml of an MSP: which organizational unit makes somebody what.
 *
 * @param domain - of the organization; its authority's certificate lies in `cacerts`
 */
export function renderNodeOus(domain: string): string {
  const units = ['Client', 'Peer', 'Admin', 'Orderer'].map((unit) =>
    [
      `    ${unit}OUIdentifier:`,
      `        Certificate: cacerts/ca.${domain}-cert.pem`,
      `        OrganizationalUnitIdentifier: ${unit.toLowerCase()}`,
    ].join('\n'),
  );
  return ['NodeOUs:', '    Enable: true', ...units, ''].join('\n');
}

function authorityNode(domain: string): string {
  return `ca.${domain}`;
}

function nodeIdentity(type: 'peer' | 'orderer', host: string, domain: string, folder: string): Identity {
  const name = `${host}.${domain}`;
  return { name, type, folder, hosts: [name, host, ...loopbackNames] };
}

function userIdentity(user: string, domain: string, folder: string): Identity {
  const name = `${user}@${domain}`;
  return { name, type: user === 'Admin' ? 'admin' : 'client', folder, hosts: [name] };
}
