// SPDX-License-Identifier: Apache-2.0

import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { z } from 'zod';

import type { Driver } from '../drivers/driver/driver';
import { driverNames } from '../drivers/driver/driver';
import { driverOf } from '../drivers/driver-of';
import { NetworkError } from '../runtime/network-error';
import type { Placement } from '../render/layout';
import { collectionsSchema } from '../topology/collections';
import { topologySchema, type Chain, type Organization } from '../topology/topology';
import { writeJson } from '../runtime/write-file-atomic';
import { parseState } from './network-state';
import { planFileName } from './state-folder';

const deployment = z.strictObject({
  chain: z.string(),
  name: z.string(),
  version: z.string(),
  /** The sequence of its definition in Fabric's life cycle: 1, and one more with each upgrade. */
  sequence: z.int().min(1).default(1),
  /** An absolute path. */
  path: z.string(),
  /** A policy in Fabric's signature policy language. */
  policy: z.string(),
  /** Private data collections, if there are any. */
  collections: collectionsSchema.optional(),
});

const planSchema = z.strictObject({
  format: z.literal(1),
  /** How its nodes are run. */
  driver: z.enum(driverNames).default('native'),
  /** The absolute path of the samples' test-network, if it is that which runs the nodes. */
  attached: z.string().optional(),
  topology: topologySchema,
  /** Where nodes find programs. */
  searchPath: z.string(),
  binaries: z.strictObject({
    peer: z.string(),
    orderer: z.string(),
    configtxgen: z.string(),
    cryptogen: z.string(),
    osnadmin: z.string(),
    discover: z.string(),
  }),
  /** The folder of certificate authorities' programs, where the topology asks for them. */
  caBinaries: z.strictObject({ 'fabric-ca-server': z.string(), 'fabric-ca-client': z.string() }).optional(),
  ports: z.record(z.string(), z.record(z.string(), z.int())),
  deployments: z.array(deployment).readonly(),
});

/**
 * Everything that was decided about a network before anything of it was made: written down first, so that whoever comes
 * after a crash makes the same.
 */
export type Plan = Readonly<z.output<typeof planSchema>>;

/** A chaincode that is wanted on a chain. */
export type Deployment = z.output<typeof deployment>;

/** A peer of a chain. */
export interface ChainPeer {
  readonly node: string;
  readonly peer: string;
  readonly organization: Organization;
}

/** The absolute path of a state folder, the same by whatever way it is named. */
export function absoluteStateDir(stateDir: string): string {
  return existsSync(stateDir) ? realpathSync(stateDir) : resolve(stateDir);
}

/** Reads the plan of a network, if it was ever brought up. */
export function readPlan(stateDir: string): Plan | undefined {
  const file = planFile(stateDir);
  return existsSync(file) ? parseState(planSchema, file) : undefined;
}

/** @throws NetworkError NETWORK_NOT_UP */
export function requirePlan(stateDir: string): Plan {
  const plan = readPlan(stateDir);
  if (plan === undefined) {
    throw new NetworkError('NETWORK_NOT_UP', `there is no network in ${stateDir}`, 'Run "gridpeg up" first.');
  }
  return plan;
}

/** The plan of a network whose nodes and keys are ours. @throws NetworkError NETWORK_NOT_UP, NETWORK_ATTACHED */
export function requireOwnPlan(stateDir: string): Plan {
  const plan = requirePlan(stateDir);
  if (plan.attached === undefined) return plan;
  throw new NetworkError(
    'NETWORK_ATTACHED',
    `the network in ${stateDir} was attached: its nodes and chaincode are run from ${plan.attached}`,
    'Use the script that runs them.',
  );
}

/** Writes the plan down. */
export function writePlan(stateDir: string, plan: Plan): void {
  writeJson(planFile(stateDir), plan);
}

/** The driver of the network in a state folder; the native one where there is none. */
export function networkDriver(stateDir: string): Driver {
  return driverOf(stateDir, readPlan(stateDir)?.driver ?? 'native');
}

/** Where the nodes of a plan run. */
export function planPlacement(stateDir: string, { driver, ports }: Plan): Placement {
  const running = driverOf(stateDir, driver);
  return { stateDir, ports, bindAddress: running.bindAddress, hostOf: (node) => running.hostOf(node) };
}

/** The peers of a chain, in the order of the chain's members. */
export function peersOf(plan: Pick<Plan, 'topology'>, chain: Chain): readonly ChainPeer[] {
  return chain.members.flatMap((mspId) =>
    plan.topology.organizations
      .filter((organization) => organization.mspId === mspId)
      .flatMap((organization) =>
        organization.peers
          .filter((peer) => peer.chain === chain.name)
          .map(({ name }) => ({ node: `${name}.${organization.domain}`, peer: name, organization })),
      ),
  );
}

/** Names of a chain's orderer nodes. */
export function orderersOf({ ordering }: Chain): readonly string[] {
  return ordering.orderers.map((orderer) => `${orderer}.${ordering.domain}`);
}

/** The name of the node that is an organization's service of a chaincode: another after an upgrade, when both run. */
export function chaincodeNode({ name, chain, sequence }: Deployment, { domain }: Organization): string {
  // Chaincode names have no dots, so no other chaincode's service is called that.
  return `${name}${sequence === 1 ? '' : `.${String(sequence)}`}@${chain}.${domain}`;
}

/** Names of the nodes that are the services of a chaincode. */
export function servicesOf(plan: Plan, deployment: Deployment): readonly string[] {
  return peersOf(plan, chainNamed(plan, deployment.chain)).map(({ organization }) =>
    chaincodeNode(deployment, organization),
  );
}

/** @throws NetworkError CHAIN_UNKNOWN */
export function chainNamed(plan: Plan, name: string): Chain {
  const chain = plan.topology.chains.find((candidate) => candidate.name === name);
  if (chain === undefined) {
    const names = plan.topology.chains.map((candidate) => candidate.name).join(', ');
    throw new NetworkError('CHAIN_UNKNOWN', `there is no chain "${name}"`, `Name one of ${names}.`);
  }
  return chain;
}

function planFile(stateDir: string): string {
  return join(stateDir, planFileName);
}
