// SPDX-License-Identifier: Apache-2.0

import { driverOf } from '../drivers/driver-of';
import type { NodeKind } from '../drivers/driver';
import { LOCK_SECONDS, withLock } from './lock';
import { registeredNode, registeredNodes } from './node-registry';
import { absoluteStateDir, requirePlan } from './plan';
import { inStep, type OnProgress } from './progress';

/** Each needs the ones before it. */
const STARTING_ORDER: readonly NodeKind[] = ['orderer', 'peer', 'chaincode', 'service'];

/**
 * Stops nodes and starts them as they ran before; ledgers and keys stay.
 *
 * @param options - `nodes`: names; all that were ever started unless given
 * @returns the names of the nodes
 * @throws NetworkError NETWORK_NOT_UP, NODE_UNKNOWN before anything is stopped; PORT_TAKEN, NODE_DID_NOT_START
 */
export async function restartNodes(options: {
  readonly stateDir: string;
  readonly nodes?: readonly string[] | undefined;
  readonly onProgress?: OnProgress | undefined;
}): Promise<readonly string[]> {
  const stateDir = absoluteStateDir(options.stateDir);
  const { nodes: names, onProgress = () => undefined } = options;
  return withLock(stateDir, LOCK_SECONDS, async () => {
    const driver = driverOf(stateDir, requirePlan(stateDir).driver);
    const specs = names === undefined ? registeredNodes(stateDir) : names.map((name) => registeredNode(stateDir, name));
    for (const kind of [...STARTING_ORDER].reverse()) {
      const some = specs.filter((spec) => spec.kind === kind);
      if (some.length === 0) continue;
      await inStep(onProgress, `stop ${nounOf(kind, some.length)}`, () =>
        Promise.all(some.map(({ name }) => driver.stop(name))),
      );
    }
    for (const kind of STARTING_ORDER) {
      const some = specs.filter((spec) => spec.kind === kind);
      if (some.length === 0) continue;
      await inStep(onProgress, `start ${nounOf(kind, some.length)}`, () =>
        Promise.all(some.map((spec) => driver.start(spec))),
      );
    }
    return specs.map(({ name }) => name);
  });
}

function nounOf(kind: NodeKind, count: number): string {
  const noun = kind === 'chaincode' ? 'chaincode service' : kind;
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
