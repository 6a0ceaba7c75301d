// SPDX-License-Identifier: Apache-2.0

import { resolve } from 'node:path';

import { driverOf } from '../drivers/driver-of';
import { NetworkError } from '../runtime/network-error';
import { endorsementPolicy } from '../topology/endorsement-policy';
import type { CollectionsInput } from '../topology/collections';
import type { Endorsement } from '../topology/topology';
import { writeJson } from '../runtime/write-file-atomic';
import { assignPorts } from '../state/assign-ports';
import {
  deployOnChain,
  retireServices,
  startChaincodeServices,
  writeChaincodeAddresses,
  type DeploymentSite,
} from './chaincode-deployment';
import { shimProgram } from './chaincode-program';
import { areSameCollections, parseCollections } from './collections';
import { describeNetwork } from './describe-network';
import { waitForChaincode } from './wait-for-chaincode';
import { FabricCommands } from '../nodes/fabric-commands';
import { lockSeconds, withLock } from '../runtime/lock';
import { networkStateFile, type NetworkState } from '../state/network-state';
import { absoluteStateDir, chainNamed, requireOwnPlan, writePlan, type Deployment, type Plan } from '../state/plan';
import { inStep, type OnProgress } from '../runtime/progress';

/** What `deployChaincode` needs to know. */
export interface DeployOptions {
  readonly stateDir: string;
  /** The name of the chain. */
  readonly chain: string;
  /** The name of the chaincode. */
  readonly name: string;
  /** The folder of its package, built. */
  readonly path: string;
  /** Who must endorse; more than half of the members by default. */
  readonly endorsement?: Endorsement | undefined;
  /** Private data collections; none by default. */
  readonly collections?: CollectionsInput | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Deploys one more chaincode on a chain of a network that is up, with a service for every member. Calling it again
 * completes or repeats nothing; services whose code has changed are restarted. From now on `bringUp` includes it.
 *
 * @throws NetworkError NETWORK_NOT_UP, NETWORK_ATTACHED, CHAIN_UNKNOWN, CHAINCODE_MISSING,
 * CHAINCODE_DEFINITION_DIFFERS, COLLECTIONS_INVALID, CHAINCODE_DOES_NOT_ANSWER
 */
export async function deployChaincode(options: DeployOptions): Promise<NetworkState> {
  const stateDir = absoluteStateDir(options.stateDir);
  const { onProgress = () => undefined, name } = options;
  return withLock(stateDir, lockSeconds, () =>
    inStep(onProgress, `chaincode ${name} on ${options.chain}`, () => deployLocked(stateDir, options)),
  );
}

async function deployLocked(stateDir: string, options: DeployOptions): Promise<NetworkState> {
  const before = requireOwnPlan(stateDir);
  const chain = chainNamed(before, options.chain);
  const wanted: Deployment = {
    chain: chain.name,
    name: options.name,
    version: '1.0',
    sequence: 1,
    path: resolve(options.path),
    policy: endorsementPolicy(options.endorsement ?? 'majority', chain.members),
    collections: parseCollections(options.collections ?? [], `collections of ${options.name}`),
  };
  const existing = before.deployments.find(({ chain, name }) => chain === wanted.chain && name === wanted.name);
  if (existing !== undefined && existing.policy !== wanted.policy) {
    throw new NetworkError(
      'CHAINCODE_DEFINITION_DIFFERS',
      `chaincode ${wanted.name} on ${chain.name} was deployed with the policy ${existing.policy}`,
      'Give it another name.',
    );
  }
  if (existing !== undefined && options.collections !== undefined) requireSameCollections(existing, wanted);
  // Found out before it is written down: a plan with a chaincode that cannot run would fail every later up.
  shimProgram(wanted.path);
  // One that was upgraded stays what it became.
  const next = existing === undefined ? wanted : { ...existing, path: wanted.path };
  return putInForce(await siteWith(stateDir, before, next), next);
}

/** @throws NetworkError CHAINCODE_DEFINITION_DIFFERS */
function requireSameCollections(existing: Deployment, wanted: Deployment): void {
  if (areSameCollections(existing.collections, wanted.collections)) return;
  throw new NetworkError(
    'CHAINCODE_DEFINITION_DIFFERS',
    `chaincode ${wanted.name} on ${wanted.chain} was deployed with other private data collections`,
    'Give it another name, or upgrade it.',
  );
}

/** A network whose plan has a deployment, in the place of one of its name if there is one; nothing is written yet. */
export async function siteWith(stateDir: string, before: Plan, wanted: Deployment): Promise<DeploymentSite> {
  const isSame = ({ chain, name }: Deployment): boolean => chain === wanted.chain && name === wanted.name;
  const deployments = before.deployments.some(isSame)
    ? before.deployments.map((other) => (isSame(other) ? wanted : other))
    : [...before.deployments, wanted];
  const driver = driverOf(stateDir, before.driver);
  const undecided = { ...before, deployments };
  const plan = { ...undecided, ports: await assignPorts(stateDir, undecided, new Set((await driver.status()).keys())) };
  return { stateDir, plan, driver, commands: new FabricCommands(stateDir, plan, driver) };
}

/** Writes the plan of a network down and makes a deployment of it true: from here on `up` completes it. */
export async function putInForce(site: DeploymentSite, wanted: Deployment): Promise<NetworkState> {
  const { stateDir, plan } = site;
  writePlan(stateDir, plan);
  writeChaincodeAddresses(stateDir, plan);
  await Promise.all([startChaincodeServices(site, wanted), deployOnChain(site, wanted)]);
  await waitForChaincode(site, wanted);
  await retireServices(site);
  const network = describeNetwork(stateDir, plan);
  writeJson(networkStateFile(stateDir), network);
  return network;
}
