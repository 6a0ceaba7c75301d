// SPDX-License-Identifier: Apache-2.0

import { existsSync } from 'node:fs';

import { freePorts, isFree } from '../drivers/driver/loopback-port';
import { authoritiesOf } from '../render/authorities';
import { genesisFile, type NodePorts, type PortMap } from '../render/layout';
import { chainNamed, chaincodeNode, orderersOf, peersOf, type Plan } from './plan';

/** A node that needs ports. */
interface PortUser {
  readonly node: string;
  readonly purposes: readonly string[];
  /** Purposes whose ports are in a genesis block and cannot change any more. */
  readonly fixed: readonly string[];
}

/**
 * Gives every node of a plan its ports, and dead nodes new ones where another program has taken theirs.
 *
 * @param stateDir - absolute
 * @param plan - its ports are kept wherever possible
 * @param alive - names of nodes that run now and have their ports themselves
 * @returns ports of every node of the plan
 * @throws NetworkError PORT_NONE_FREE
 */
export async function assignPorts(stateDir: string, plan: Plan, alive: ReadonlySet<string>): Promise<PortMap> {
  const users = portUsers(stateDir, plan);
  const assigned: Record<string, NodePorts> = Object.fromEntries(
    users.map(({ node }) => [node, plan.ports[node] ?? {}]),
  );
  const taken = new Set(Object.values(assigned).flatMap((ports) => Object.values(ports)));
  for (const { node, purposes, fixed } of users.filter((user) => !alive.has(user.node))) {
    const ports: Record<string, number> = { ...assigned[node] };
    for (const purpose of purposes) {
      const port = ports[purpose];
      if (port !== undefined && (fixed.includes(purpose) || (await isFree(port)))) continue;
      for (const chosen of await freePorts(stateDir, 1, taken)) {
        ports[purpose] = chosen;
        taken.add(chosen);
      }
    }
    assigned[node] = ports;
  }
  return assigned;
}

function portUsers(stateDir: string, plan: Plan): readonly PortUser[] {
  const nodes = plan.topology.chains.flatMap((chain) => {
    const fixed = existsSync(genesisFile(stateDir, chain.channel)) ? ['listen'] : [];
    return [
      ...orderersOf(chain).map((node) => ({ node, purposes: ['listen', 'admin', 'operations'], fixed })),
      ...peersOf(plan, chain).map(({ node }) => ({ node, purposes: ['listen', 'operations'], fixed })),
    ];
  });
  const services = plan.deployments.flatMap((deployment) =>
    peersOf(plan, chainNamed(plan, deployment.chain)).map(({ organization }) => ({
      node: chaincodeNode(deployment, organization),
      purposes: ['listen'],
      fixed: [],
    })),
  );
  const authorities = plan.topology.ca === false ? [] : authoritiesOf(plan.topology, stateDir);
  return [
    ...authorities.map(({ node }) => ({ node, purposes: ['listen', 'operations'], fixed: [] })),
    ...nodes,
    ...services,
  ];
}
