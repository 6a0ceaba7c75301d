// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { NodeSpec } from '../drivers/driver/driver';
import { authoritiesOf, identityFiles, type Authority } from '../render/authorities';
import { addressOf, listenAddressOf, nodeDir } from '../render/layout';
import type { Chain } from '../topology/topology';
import {
  chaincodeNode,
  orderersOf,
  peersOf,
  planPlacement,
  type ChainPeer,
  type Deployment,
  type Plan,
} from '../state/plan';

/** Twenty small processes on one machine: memory matters more than the last percent of speed. */
const fabricEnvironment = {
  GOGC: '75',
  // Fabric's own format without the colours, which make a file hard to search.
  FABRIC_LOGGING_FORMAT:
    '%{time:2006-01-02 15:04:05.000 MST} %{id:04x} %{level:.4s} [%{module}] %{shortfunc} -> %{message}',
};
const nodeFlags = ['--max-semi-space-size=4'];

/** An organization's certificate authority; its configuration is part of what it runs as. */
export function authoritySpec(stateDir: string, plan: Plan, authority: Authority, config: string): NodeSpec {
  const { node, mspId, chain } = authority;
  if (plan.caBinaries === undefined) throw new Error('no programs of Fabric CA were found for this network');
  return {
    ...{ name: node, kind: 'ca', organization: mspId, ...(chain === undefined ? {} : { chain }) },
    command: [plan.caBinaries['fabric-ca-server'], 'start'],
    env: {
      PATH: plan.searchPath,
      FABRIC_CA_SERVER_HOME: nodeDir(stateDir, node),
      GOGC: fabricEnvironment.GOGC,
      GRIDPEG_CONFIG_DIGEST: digestOf(config),
    },
    cwd: nodeDir(stateDir, node),
    ports: plan.ports[node] ?? {},
  };
}

/** The orderers of a chain. */
export function ordererSpecs(stateDir: string, plan: Plan, chain: Chain): readonly NodeSpec[] {
  return orderersOf(chain).map((name) => ({
    name,
    kind: 'orderer',
    organization: chain.ordering.mspId,
    chain: chain.name,
    command: [plan.binaries.orderer],
    env: {
      PATH: plan.searchPath,
      FABRIC_CFG_PATH: nodeDir(stateDir, name),
      GRIDPEG_CERTIFICATE_DIGEST: certificateDigest(plan, stateDir, name),
      ...fabricEnvironment,
    },
    cwd: nodeDir(stateDir, name),
    ports: plan.ports[name] ?? {},
  }));
}

/** The peers of a chain. */
export function peerSpecs(stateDir: string, plan: Plan, chain: Chain): readonly NodeSpec[] {
  return peersOf(plan, chain).map(({ node, organization }) => ({
    name: node,
    kind: 'peer',
    organization: organization.mspId,
    chain: chain.name,
    command: [plan.binaries.peer, 'node', 'start'],
    env: {
      PATH: plan.searchPath,
      FABRIC_CFG_PATH: nodeDir(stateDir, node),
      CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG: JSON.stringify({
        peername: node,
        addresses: addressesFile(stateDir, node),
      }),
      GRIDPEG_CERTIFICATE_DIGEST: certificateDigest(plan, stateDir, node),
      ...fabricEnvironment,
    },
    cwd: nodeDir(stateDir, node),
    ports: plan.ports[node] ?? {},
  }));
}

/** What identifies a chaincode service, beside its organization. */
export interface ChaincodeProgram {
  readonly packageId: string;
  /** The absolute path of fabric-shim's command line program. */
  readonly shim: string;
  /** Changes when the program's code does, so that the service is restarted. */
  readonly codeDigest: string;
  /** Whether debuggers may attach, at a port of their own. */
  readonly inspect?: boolean | undefined;
}

/** An organization's service of a chaincode. */
export function chaincodeSpec(
  stateDir: string,
  plan: Plan,
  deployment: Deployment,
  { organization }: ChainPeer,
  { packageId, shim, codeDigest, inspect = false }: ChaincodeProgram,
): NodeSpec {
  const name = chaincodeNode(deployment, organization);
  const placement = planPlacement(stateDir, plan);
  const address = listenAddressOf(placement, name);
  const { listen = 0, inspect: inspectorPort = 0 } = plan.ports[name] ?? {};
  return {
    name,
    kind: 'chaincode',
    organization: organization.mspId,
    chain: deployment.chain,
    // fabric-chaincode-node reads neither the address nor the id from the environment; programs of other kinds do.
    command: [
      process.execPath,
      ...nodeFlags,
      ...(inspect ? [`--inspect=${placement.bindAddress}:${String(inspectorPort)}`] : []),
      ...[shim, 'server', '--chaincode-address', address, '--chaincode-id', packageId],
    ],
    env: {
      PATH: plan.searchPath,
      CORE_PEER_LOCALMSPID: organization.mspId,
      CHAINCODE_SERVER_ADDRESS: address,
      CHAINCODE_ID: packageId,
      CORE_CHAINCODE_ID_NAME: packageId,
      GRIDPEG_CODE_DIGEST: codeDigest,
    },
    cwd: deployment.path,
    // Packages of a workspace lie beside it; the modules that it uses, above.
    reads: [deployment.path, dirname(dirname(dirname(shim)))],
    ports: { listen, ...(inspect ? { inspect: inspectorPort } : {}) },
  };
}

/** Changes when a node's certificates do, so that the node is restarted: it reads them only then. */
function certificateDigest({ topology }: Plan, stateDir: string, node: string): string {
  const identity = authoritiesOf(topology, stateDir)
    .flatMap(({ identities }) => identities)
    .find(({ name }) => name === node);
  if (identity === undefined) throw new Error(`${node} has no certificates`);
  const { certificate, tlsCertificate } = identityFiles(identity);
  return digestOf(readFileSync(certificate, 'utf8') + readFileSync(tlsCertificate, 'utf8'));
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Where a peer reaches a chaincode service. */
export function chaincodeAddress(stateDir: string, plan: Plan, node: string): string {
  return addressOf(planPlacement(stateDir, plan), node);
}

/** The file from which a peer's external builder takes the addresses of its organization's chaincode services. */
export function addressesFile(stateDir: string, peerNode: string): string {
  return join(stateDir, 'builders', 'addresses', `${peerNode}.json`);
}
