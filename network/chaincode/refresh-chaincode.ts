// SPDX-License-Identifier: Apache-2.0

import { driverOf } from '../drivers/driver-of';
import { freePorts, isFree } from '../drivers/driver/loopback-port';
import { NetworkError } from '../runtime/network-error';
import { startChaincodeServices } from './chaincode-deployment';
import { codeDigest } from './chaincode-program';
import { lockSeconds, withLock } from '../runtime/lock';
import { registeredNodes } from '../state/node-registry';
import { absoluteStateDir, requireOwnPlan, servicesOf, writePlan, type Plan } from '../state/plan';
import { settleAll } from '../runtime/progress';

/** A network whose chaincode is being worked on. */
export interface RefreshOptions {
  readonly stateDir: string;
  /** Whether debuggers may attach to the services. */
  readonly inspect: boolean;
}

/**
 * Restarts the chaincode services whose code has changed, under the definition they have. There is no round of Fabric's
 * life cycle, and peers connect to them again with the next call. For development; `upgradeChaincode` is for all else.
 *
 * @returns names of the nodes that were restarted
 * @throws NetworkError NETWORK_NOT_UP, NETWORK_ATTACHED, DEV_DRIVER_UNSUITABLE, CHAINCODE_MISSING, NODE_DID_NOT_START
 */
export async function refreshChaincode({ stateDir, inspect }: RefreshOptions): Promise<readonly string[]> {
  const folder = absoluteStateDir(stateDir);
  return withLock(folder, lockSeconds, async () => {
    const before = requireOwnPlan(folder);
    requireProcesses(before.driver);
    const plan = inspect ? await withInspectorPorts(folder, before) : before;
    if (inspect) writePlan(folder, plan);
    const site = { stateDir: folder, plan, driver: driverOf(folder, plan.driver) };
    const refreshed = plan.deployments.map((deployment) => startChaincodeServices(site, deployment, inspect));
    await settleAll(refreshed);
    return (await Promise.all(refreshed)).flat();
  });
}

/**
 * The folders of the chaincodes of a network, each with a digest of its code as compiled.
 *
 * @throws NetworkError NETWORK_NOT_UP, NETWORK_ATTACHED, DEV_DRIVER_UNSUITABLE, CHAINCODE_MISSING
 */
export function chaincodeDigests(stateDir: string): ReadonlyMap<string, string> {
  const { driver, deployments } = requireOwnPlan(absoluteStateDir(stateDir));
  requireProcesses(driver);
  return new Map(deployments.map(({ path }) => [path, codeDigest(path)]));
}

/** Keeps every service's port for debuggers from one time to the next, as long as nothing else has taken it. */
async function withInspectorPorts(stateDir: string, plan: Plan): Promise<Plan> {
  const nodes = plan.deployments.flatMap((deployment) => servicesOf(plan, deployment));
  const listening = registeredNodes(stateDir).filter((node) => node.ports['inspect'] !== undefined);
  const ports = { ...plan.ports };
  const taken = new Set(Object.values(ports).flatMap((own) => Object.values(own)));
  for (const node of nodes) {
    const port = ports[node]?.['inspect'];
    if (port !== undefined && (listening.some(({ name }) => name === node) || (await isFree(port)))) continue;
    const [inspect = 0] = await freePorts(stateDir, 1, taken);
    taken.add(inspect);
    ports[node] = { ...ports[node], inspect };
  }
  return { ...plan, ports };
}

function requireProcesses(driver: string): void {
  if (driver === 'native') return;
  throw new NetworkError(
    'DEV_DRIVER_UNSUITABLE',
    `the chaincode of this network runs under the ${driver} driver, in images that would have to be built again`,
    'Bring a network up natively for development.',
  );
}
