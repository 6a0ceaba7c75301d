// SPDX-License-Identifier: Apache-2.0

import { resolve } from 'node:path';

import { driverOf } from '../drivers/driver-of';
import { NetworkError } from '../runtime/network-error';
import { packageOf, retireServices, startChaincodeServices, type DeploymentSite } from './chaincode-deployment';
import { codeDigest, contractMetadata, shimProgram } from './chaincode-program';
import { areSameCollections, parseCollections, requireUpgradable } from './collections';
import { putInForce, siteWith } from './deploy-chaincode';
import { FabricCommands } from '../nodes/fabric-commands';
import { lockSeconds, withLock } from '../runtime/lock';
import { registeredNodes } from '../state/node-registry';
import {
  absoluteStateDir,
  chainNamed,
  peersOf,
  requireOwnPlan,
  servicesOf,
  type Deployment,
  type Plan,
} from '../state/plan';
import { inStep, type OnProgress } from '../runtime/progress';
import type { CollectionsInput } from '../topology/collections';

/** What `upgradeChaincode` needs to know. */
export interface UpgradeOptions {
  readonly stateDir: string;
  /** The name of the chain whose chaincode it is. */
  readonly chain: string;
  /** The version of the new definition; by default the number of its sequence, as `2.0`. */
  readonly version?: string | undefined;
  /** The folder of the new package, built; the one it has by default. */
  readonly path?: string | undefined;
  /** Private data collections of the new definition; those that it has by default. */
  readonly collections?: CollectionsInput | undefined;
  /**
   * Throws when the new package may not replace what the chain has. It is called before anything is committed.
   *
   * @param metadata - what it says of its contracts, JSON; undefined for a package without the contract API
   */
  readonly requireUsable?: ((metadata: string | undefined) => void) | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** The chaincode of a chain after an upgrade. */
export interface Upgraded {
  /** Whether there was anything to do. */
  readonly changed: boolean;
  readonly name: string;
  readonly version: string;
  readonly sequence: number;
  readonly packageId: string;
}

/**
 * Replaces the chaincode of one chain by a new version, through Fabric's life cycle; other chains are not touched.
 *
 * Services of both versions run until every peer of the chain has committed the new definition, so the chain goes on
 * working and what is on its ledger stays. Nothing happens if neither code, version nor collections are others. Once
 * the services of the new version run, a crash is completed by `bringUp`; before, there has been no upgrade.
 *
 * @throws NetworkError NETWORK_NOT_UP, NETWORK_ATTACHED, CHAIN_UNKNOWN, CHAINCODE_MISSING, CHAINCODE_VERSION_INVALID,
 * CHAINCODE_VERSION_TAKEN, COLLECTIONS_INVALID, NODE_NOT_RUNNING if a peer of the chain is dead,
 * NODE_DID_NOT_START if the new code does not start (the old then stays), CHAINCODE_DOES_NOT_ANSWER
 */
export async function upgradeChaincode(options: UpgradeOptions): Promise<Upgraded> {
  const stateDir = absoluteStateDir(options.stateDir);
  return withLock(stateDir, lockSeconds, () => upgradeLocked(stateDir, options));
}

async function upgradeLocked(stateDir: string, options: UpgradeOptions): Promise<Upgraded> {
  const { onProgress = () => undefined } = options;
  const before = requireOwnPlan(stateDir);
  const chain = chainNamed(before, options.chain);
  const current = before.deployments.find((deployment) => deployment.chain === chain.name);
  if (current === undefined) throw new Error(`chain ${chain.name} has no chaincode`);
  const collections = parseCollections(options.collections ?? current.collections ?? [], 'the collections given');
  requireUpgradable(current.collections, collections);
  const path = options.path === undefined ? current.path : resolve(options.path);
  shimProgram(path);
  const committed = await committedSequence(stateDir, before, current);
  const isNew =
    isOther(stateDir, before, current, path, options.version) || !areSameCollections(current.collections, collections);
  if (!isNew && committed >= current.sequence) return { changed: false, ...describe(current) };
  const wanted = isNew ? { ...next(current, path, committed + 1, options.version), collections } : current;
  const { version } = wanted;
  const site = await siteWith(stateDir, before, wanted);
  await inStep(onProgress, `chaincode services ${version} of ${chain.name}`, () =>
    tryServices(site, before, wanted, options.requireUsable),
  );
  await inStep(onProgress, `chaincode ${version} on ${chain.name}`, () => putInForce(site, wanted));
  return { changed: true, ...describe(wanted) };
}

function describe(deployment: Deployment): Omit<Upgraded, 'changed'> {
  const { name, version, sequence } = deployment;
  return { name, version, sequence, packageId: packageOf(deployment).packageId };
}

/** Whether there is a reason to upgrade: another version, folder, or code than the services were started with. */
function isOther(stateDir: string, plan: Plan, current: Deployment, path: string, version = current.version): boolean {
  if (version !== current.version || path !== current.path) return true;
  const names = servicesOf(plan, current);
  const digest = codeDigest(path);
  return registeredNodes(stateDir).some(
    ({ name, env }) => names.includes(name) && env['GRIDPEG_CODE_DIGEST'] !== digest,
  );
}

/** The ledger's word, not the plan's: somebody may have upgraded it by hand. */
async function committedSequence(
  stateDir: string,
  plan: Plan,
  { chain: name, ...current }: Deployment,
): Promise<number> {
  const chain = chainNamed(plan, name);
  const peers = peersOf(plan, chain);
  const driver = driverOf(stateDir, plan.driver);
  const processes = await driver.status();
  const dead = peers.find(({ node }) => processes.get(node)?.state !== 'running');
  const [first] = peers;
  if (dead !== undefined || first === undefined) {
    throw new NetworkError(
      'NODE_NOT_RUNNING',
      `${dead?.node ?? name} is not running, and every peer of ${name} has to install the new chaincode`,
      'Start it first.',
    );
  }
  return new FabricCommands(stateDir, plan, driver).committedSequence(chain, first, current.name);
}

function next(current: Deployment, path: string, sequence: number, version = `${String(sequence)}.0`): Deployment {
  if (!/^[A-Za-z0-9_.+-]{1,64}$/.test(version)) {
    const summary = `"${version}" cannot be a version of a chaincode`;
    throw new NetworkError('CHAINCODE_VERSION_INVALID', summary, 'Use letters, digits, dots, dashes, + and _.');
  }
  if (version === current.version) {
    const summary =
      `chaincode ${current.name} on ${current.chain} is another than before ` +
      `and would have the same version ${version}`;
    throw new NetworkError('CHAINCODE_VERSION_TAKEN', summary, 'Give it another version.');
  }
  return { ...current, path, version, sequence };
}

/**
 * Starts the services of a new version before anything is written. So code that does not start, or is none that the
 * chain can go on with, changes nothing.
 */
async function tryServices(
  site: DeploymentSite,
  before: Plan,
  wanted: Deployment,
  requireUsable: UpgradeOptions['requireUsable'],
): Promise<void> {
  try {
    await startChaincodeServices(site, wanted);
    requireUsable?.(await contractMetadata(wanted.path));
  } catch (error) {
    await retireServices({ ...site, plan: before });
    throw error;
  }
}
