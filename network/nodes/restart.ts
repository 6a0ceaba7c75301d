// SPDX-License-Identifier: Apache-2.0

import { driverOf } from '../drivers/driver-of';
import { lockSeconds, withLock } from '../runtime/lock';
import { registeredNode, registeredNodes } from '../state/node-registry';
import { absoluteStateDir, requirePlan } from '../state/plan';
import type { OnProgress } from '../runtime/progress';
import { startInOrder, stopInOrder } from './stop-and-start';

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
  return withLock(stateDir, lockSeconds, async () => {
    const driver = driverOf(stateDir, requirePlan(stateDir).driver);
    const specs = names === undefined ? registeredNodes(stateDir) : names.map((name) => registeredNode(stateDir, name));
    await stopInOrder(driver, specs, onProgress);
    await startInOrder(driver, specs, onProgress);
    return specs.map(({ name }) => name);
  });
}
