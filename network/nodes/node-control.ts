// SPDX-License-Identifier: Apache-2.0

import type { Driver, NodeKind, NodeProcess, NodeSpec } from '../drivers/driver/driver';
import { fullDiskByLog } from '../drivers/driver/full-disk';
import { NetworkError } from '../runtime/network-error';
import { lockSeconds, withLock } from '../runtime/lock';
import { registeredNode, registeredNodes } from '../state/node-registry';
import { absoluteStateDir, networkDriver, requirePlan } from '../state/plan';

/** A node and what it does now. */
export interface NodeStatus extends NodeProcess {
  readonly name: string;
  readonly kind: NodeKind;
  readonly organization: string;
  readonly chain?: string | undefined;
  readonly ports: Readonly<Record<string, number>>;
  /** The folder whose disk is full, when that ended the node. */
  readonly fullDisk?: string;
}

/** Names one node of one network. */
export interface NodeAddress {
  readonly stateDir: string;
  readonly node: string;
}

/** The status of every node of a network; no nodes if there is no network. */
export async function networkStatus({ stateDir }: { readonly stateDir: string }): Promise<readonly NodeStatus[]> {
  const folder = absoluteStateDir(stateDir);
  const driver = networkDriver(folder);
  const processes = await driver.status();
  return Promise.all(
    registeredNodes(folder).map(async ({ name, kind, organization, chain, ports }) => {
      const about = { name, kind, organization, chain, ports };
      const running = processes.get(name);
      if (running !== undefined) return { ...about, ...running };
      const fullDisk = await fullDiskByLog(driver, folder, name);
      return { ...about, state: 'dead' as const, ...(fullDisk === undefined ? {} : { fullDisk }) };
    }),
  );
}

/** The package id under which each chaincode service answers its peer, by name of the node. */
export function chaincodePackages({ stateDir }: { readonly stateDir: string }): ReadonlyMap<string, string> {
  const services = registeredNodes(absoluteStateDir(stateDir)).filter(({ kind }) => kind === 'chaincode');
  return new Map(services.map(({ name, env }) => [name, env['CHAINCODE_ID'] ?? '']));
}

/**
 * Reads a node's log.
 *
 * @param options - `lines`: how many of the last lines, 100 unless given; `follow`: go on until this signal aborts
 * @returns pieces of whole lines, without the last line's end
 * @throws NetworkError NODE_UNKNOWN
 */
export async function* nodeLogs(
  options: NodeAddress & { readonly lines?: number | undefined; readonly follow?: AbortSignal | undefined },
): AsyncGenerator<string> {
  const { spec, driver } = locate(options);
  const { lines = 100, follow } = options;
  yield* driver.logs(spec.name, { lines, follow });
}

/** The host by which the nodes of a network reach one of them. @throws NetworkError NETWORK_NOT_UP */
export function nodeHost({ stateDir, node }: NodeAddress): string {
  const folder = absoluteStateDir(stateDir);
  requirePlan(folder);
  return networkDriver(folder).hostOf(node);
}

/** Ends a node as a crash would. @throws NetworkError NODE_UNKNOWN */
export async function killNode(address: NodeAddress): Promise<void> {
  const { spec, driver } = locate(address);
  await driver.kill(spec.name);
}

/** Ends a node in its own time. @throws NetworkError NODE_UNKNOWN */
export async function stopNode(address: NodeAddress): Promise<void> {
  const { spec, driver } = locate(address);
  await driver.stop(spec.name);
}

/** Halts a node: it keeps its connections and answers nothing. @throws NetworkError NODE_UNKNOWN, NODE_NOT_RUNNING */
export async function pauseNode(address: NodeAddress): Promise<void> {
  const { spec, driver } = await locateRunning(address);
  await driver.pause(spec.name);
}

/** Lets a paused node go on. @throws NetworkError NODE_UNKNOWN, NODE_NOT_RUNNING */
export async function resumeNode(address: NodeAddress): Promise<void> {
  const { spec, driver } = await locateRunning(address);
  await driver.resume(spec.name);
}

/**
 * Starts a node that is dead, as it ran before, and returns when it listens.
 *
 * @throws NetworkError NODE_UNKNOWN, PORT_TAKEN, NODE_DID_NOT_START
 */
export async function startNode(address: NodeAddress): Promise<void> {
  await withLock(absoluteStateDir(address.stateDir), lockSeconds, async () => {
    const { spec, driver } = locate(address);
    await driver.start(spec);
  });
}

/** Stops a node and starts it. @throws NetworkError as `startNode` */
export async function restartNode(address: NodeAddress): Promise<void> {
  await withLock(absoluteStateDir(address.stateDir), lockSeconds, async () => {
    const { spec, driver } = locate(address);
    await driver.stop(spec.name);
    await driver.start(spec);
  });
}

interface Located {
  readonly spec: NodeSpec;
  readonly driver: Driver;
}

function locate({ stateDir, node }: NodeAddress): Located {
  const folder = absoluteStateDir(stateDir);
  return { spec: registeredNode(folder, node), driver: networkDriver(folder) };
}

async function locateRunning(address: NodeAddress): Promise<Located> {
  const located = locate(address);
  if (!(await located.driver.status()).has(located.spec.name)) {
    throw new NetworkError('NODE_NOT_RUNNING', `${located.spec.name} is not running`, 'Start it first.');
  }
  return located;
}
