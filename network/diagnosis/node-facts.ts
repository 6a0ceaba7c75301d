// SPDX-License-Identifier: Apache-2.0

import type { Driver, NodeSpec } from '../drivers/driver';
import { isFree } from '../drivers/loopback-port';
import { portHolder } from './port-holder';
import type { Health, NodeFacts } from './nodes';

/** How long a node may take to say that it is well, on a machine with processors to spare. */
const HEALTH_MS = 1500;

/**
 * Looks at every node that was ever started.
 *
 * @param slowness - what time limits are multiplied by, at least 1
 */
export async function readNodes(
  specs: readonly NodeSpec[],
  driver: Driver,
  slowness: number,
): Promise<readonly NodeFacts[]> {
  const processes = await driver.status();
  return Promise.all(
    specs.map(async (spec): Promise<NodeFacts> => {
      const state = processes.get(spec.name)?.state ?? 'dead';
      const { operations } = spec.ports;
      return {
        spec,
        state,
        taken: state === 'dead' ? await takenPorts(spec) : [],
        health:
          state === 'running' && operations !== undefined
            ? await healthOf(operations, HEALTH_MS * slowness)
            : undefined,
      };
    }),
  );
}

async function takenPorts({ ports }: NodeSpec): Promise<NodeFacts['taken']> {
  const taken = await Promise.all(
    Object.entries(ports).map(async ([purpose, port]) =>
      (await isFree(port)) ? [] : [{ purpose, port, holder: portHolder(port) }],
    ),
  );
  return taken.flat();
}

/** Asks Fabric's operations service, whose answers carry the node's clock. */
async function healthOf(port: number, timeoutMs: number): Promise<Health> {
  try {
    const response = await fetch(`http://127.0.0.1:${String(port)}/healthz`, {
      signal: AbortSignal.timeout(timeoutMs),
    });
    const reason = (await response.text()).slice(0, 200);
    const date = Date.parse(response.headers.get('date') ?? '');
    return { status: response.status, reason, dateMs: Number.isNaN(date) ? undefined : date, nowMs: Date.now() };
  } catch {
    return { status: undefined, reason: '', dateMs: undefined, nowMs: Date.now() };
  }
}
