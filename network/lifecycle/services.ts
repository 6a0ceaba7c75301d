// SPDX-License-Identifier: Apache-2.0

import { freePorts, isFree } from '../drivers/loopback-port';
import { driverOf } from '../drivers/driver-of';
import { NetworkError } from '../network-error';
import { LOCK_SECONDS, withLock } from './lock';
import { forgetNode, registeredNode, registeredNodes, startRegistered } from './node-registry';
import { absoluteStateDir, networkDriver, requirePlan } from './plan';

/** A program that belongs to the network though it is not part of Fabric, such as a notary daemon. */
export interface ServiceOptions {
  readonly stateDir: string;
  /** unique among all nodes: letters, digits, dots, dashes */
  readonly name: string;
  /** MSP id of the organization that runs it */
  readonly organization: string;
  /** program and arguments; `{{port:http}}` stands for the port of purpose `http` */
  readonly command: readonly string[];
  /** its whole environment, the same templates filled; PATH is added unless given */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd: string;
  /** purposes for which it wants a free port of 127.0.0.1; it is ready when it listens at all of them */
  readonly ports?: readonly string[] | undefined;
}

/**
 * Starts a service, or starts it anew if it is to run otherwise than it does. It survives its caller, and is a node like
 * any other: status, logs, kill, pause and taking down include it. `up` does not start it again; call this again.
 *
 * @returns its ports by purpose: the ones it had before, where they are still free
 * @throws NetworkError NETWORK_NOT_UP, NODE_DID_NOT_START, PORT_NONE_FREE
 */
export async function startService(options: ServiceOptions): Promise<Readonly<Record<string, number>>> {
  const stateDir = absoluteStateDir(options.stateDir);
  const { name, organization, cwd } = options;
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$/.test(name)) {
    throw new NetworkError('NODE_UNKNOWN', `"${name}" cannot be a node's name`, 'Use letters, digits, dots and dashes');
  }
  return withLock(stateDir, LOCK_SECONDS, async () => {
    const plan = requirePlan(stateDir);
    const driver = driverOf(stateDir, plan.driver);
    const ports = await servicePorts(stateDir, options, (await driver.status()).has(name), Object.values(plan.ports));
    const fill = (text: string): string =>
      text.replace(/\{\{port:([A-Za-z0-9]+)\}\}/g, (template, purpose: string) => String(ports[purpose] ?? template));
    const env = Object.entries(options.env ?? {}).map(([key, value]): [string, string] => [key, fill(value)]);
    await startRegistered(stateDir, driver, {
      ...{ name, kind: 'service', organization, cwd, ports },
      command: options.command.map(fill),
      env: { PATH: plan.searchPath, ...Object.fromEntries<string>(env) },
    });
    return ports;
  });
}

/**
 * Stops a service and forgets it; its log stays.
 *
 * @throws NetworkError NODE_UNKNOWN if there is no service of that name
 */
export async function stopService(options: { readonly stateDir: string; readonly name: string }): Promise<void> {
  const stateDir = absoluteStateDir(options.stateDir);
  await withLock(stateDir, LOCK_SECONDS, async () => {
    const node = registeredNode(stateDir, options.name);
    if (node.kind !== 'service') {
      throw new NetworkError('NODE_UNKNOWN', `${node.name} is a ${node.kind}, not a service`, 'Stop it with stopNode');
    }
    await networkDriver(stateDir).stop(node.name);
    forgetNode(stateDir, node.name);
  });
}

async function servicePorts(
  stateDir: string,
  { name, ports: purposes = [] }: ServiceOptions,
  alive: boolean,
  nodePorts: readonly Readonly<Record<string, number>>[],
): Promise<Record<string, number>> {
  const others = registeredNodes(stateDir);
  const before = others.find((node) => node.name === name)?.ports ?? {};
  const taken = new Set([...nodePorts, ...others.map(({ ports }) => ports)].flatMap((ports) => Object.values(ports)));
  const ports: Record<string, number> = {};
  for (const purpose of purposes) {
    const kept = before[purpose];
    const usable = kept !== undefined && (alive || (await isFree(kept)));
    const [port] = usable ? [kept] : await freePorts(stateDir, 1, taken);
    if (port === undefined) continue;
    ports[purpose] = port;
    taken.add(port);
  }
  return ports;
}
