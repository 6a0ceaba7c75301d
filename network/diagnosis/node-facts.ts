// SPDX-License-Identifier: Apache-2.0

import type { Driver, NodeSpec } from '../drivers/driver/driver';
import { fullDiskByLog } from '../drivers/driver/full-disk';
import { isFree } from '../drivers/driver/loopback-port';
import { registeredNodes } from '../state/node-registry';
import { absoluteStateDir } from '../state/plan';
import { portHolder } from '../drivers/native/port-holder';
import type { Health, NodeFacts } from './nodes';

/** How long a node may take to report its health, on a machine with idle processors. */
const healthMs = 1500;

/**
 * Reads the facts of every node that was ever started.
 *
 * @param slowness - what time limits are multiplied by, at least 1
 */
export async function readNodes(
  stateDir: string,
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
        fullDisk: state === 'dead' ? await fullDiskByLog(driver, stateDir, spec.name) : undefined,
        health:
          state === 'running' && operations !== undefined ? await healthOf(operations, healthMs * slowness) : undefined,
      };
    }),
  );
}

/** A node's clock, compared with this machine's. */
export interface NodeClock {
  readonly node: string;
  /** The difference to this machine's clock, negative where it is behind; accurate to about a second. */
  readonly aheadMs: number;
}

/** How many nodes are asked for the time at once, so that one that hangs does not delay the answer. */
const clocksAsked = 4;

/**
 * The clock of the first node of a network that answers with the time; undefined where none runs, or others run them.
 */
export async function nodeClock(options: { readonly stateDir: string }): Promise<NodeClock | undefined> {
  const nodes = registeredNodes(absoluteStateDir(options.stateDir)).filter(({ kind }) => kind === 'peer');
  const asked = nodes.slice(0, clocksAsked).map(async ({ name, ports: { operations = 0 } }): Promise<NodeClock> => {
    const { dateMs, nowMs } = await healthOf(operations, healthMs);
    if (dateMs === undefined) throw new Error(`${name} does not tell the time`);
    // It answers in whole seconds, rounded down.
    return { node: name, aheadMs: dateMs + 500 - nowMs };
  });
  return Promise.any(asked).catch(() => undefined);
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
