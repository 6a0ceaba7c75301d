// SPDX-License-Identifier: Apache-2.0

import type { Driver, NodeKind, NodeProcess, NodeSpec } from '../drivers/driver';
import { followLines, lastLines } from '../drivers/log-lines';
import { NativeDriver } from '../drivers/native/native-driver';
import { NetworkError } from '../network-error';
import { LOCK_SECONDS, withLock } from './lock';
import { registeredNode, registeredNodes } from './node-registry';
import { absoluteStateDir } from './plan';

/** A node and what it does now. */
export interface NodeStatus extends NodeProcess {
  readonly name: string;
  readonly kind: NodeKind;
  readonly organization: string;
  readonly chain?: string | undefined;
  readonly ports: Readonly<Record<string, number>>;
  readonly logFile: string;
}

/** Names one node of one network. */
export interface NodeAddress {
  readonly stateDir: string;
  readonly node: string;
}

/** Tells what every node of a network does now; no nodes if there is no network. */
export function networkStatus({ stateDir }: { readonly stateDir: string }): readonly NodeStatus[] {
  const folder = absoluteStateDir(stateDir);
  const driver = new NativeDriver(folder);
  const processes = driver.status();
  return registeredNodes(folder).map(({ name, kind, organization, chain, ports }) => ({
    ...{ name, kind, organization, chain, ports, logFile: driver.logFile(name) },
    ...(processes.get(name) ?? { state: 'dead' }),
  }));
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
  if (follow !== undefined) yield* followLines(driver.logFile(spec.name), lines, follow);
  else yield await lastLines(driver.logFile(spec.name), lines);
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
  const { spec, driver } = locateRunning(address);
  await driver.pause(spec.name);
}

/** Lets a paused node go on. @throws NetworkError NODE_UNKNOWN, NODE_NOT_RUNNING */
export async function resumeNode(address: NodeAddress): Promise<void> {
  const { spec, driver } = locateRunning(address);
  await driver.resume(spec.name);
}

/**
 * Starts a node that is dead, as it ran before, and returns when it listens.
 *
 * @throws NetworkError NODE_UNKNOWN, PORT_TAKEN, NODE_DID_NOT_START
 */
export async function startNode(address: NodeAddress): Promise<void> {
  await withLock(absoluteStateDir(address.stateDir), LOCK_SECONDS, async () => {
    const { spec, driver } = locate(address);
    await driver.start(spec);
  });
}

/** Stops a node and starts it. @throws NetworkError as `startNode` */
export async function restartNode(address: NodeAddress): Promise<void> {
  await withLock(absoluteStateDir(address.stateDir), LOCK_SECONDS, async () => {
    const { spec, driver } = locate(address);
    await driver.stop(spec.name);
    await driver.start(spec);
  });
}

function locate({ stateDir, node }: NodeAddress): { readonly spec: NodeSpec; readonly driver: Driver } {
  const folder = absoluteStateDir(stateDir);
  return { spec: registeredNode(folder, node), driver: new NativeDriver(folder) };
}

function locateRunning(address: NodeAddress): { readonly spec: NodeSpec; readonly driver: Driver } {
  const located = locate(address);
  if (!located.driver.status().has(located.spec.name)) {
    throw new NetworkError('NODE_NOT_RUNNING', `${located.spec.name} is not running`, 'Start it first');
  }
  return located;
}
