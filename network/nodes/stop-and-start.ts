// SPDX-License-Identifier: Apache-2.0

import { nodeKinds, type Driver, type NodeKind, type NodeSpec } from '../drivers/driver/driver';
import { inStep, settleAll, togetherOf, type OnProgress } from '../runtime/progress';

/** Stops nodes in their own time, those first that need others. */
export async function stopInOrder(driver: Driver, specs: readonly NodeSpec[], onProgress: OnProgress): Promise<void> {
  for (const kind of [...nodeKinds].reverse()) {
    const some = specs.filter((spec) => spec.kind === kind);
    if (some.length === 0) continue;
    await inStep(onProgress, `stop ${nounOf(kind, some.length)}`, () =>
      Promise.all(some.map(({ name }) => driver.stop(name))),
    );
  }
}

/**
 * Starts nodes as they ran before, those last that need others; all that can start do.
 *
 * @throws NetworkError PORT_TAKEN, NODE_DID_NOT_START, DISK_FULL, SEVERAL_FAILED
 */
export async function startInOrder(driver: Driver, specs: readonly NodeSpec[], onProgress: OnProgress): Promise<void> {
  const failures: unknown[] = [];
  for (const kind of nodeKinds) {
    const some = specs.filter((spec) => spec.kind === kind);
    if (some.length === 0) continue;
    const starting = inStep(onProgress, `start ${nounOf(kind, some.length)}`, () =>
      settleAll(some.map((spec) => driver.start(spec))),
    );
    // What does not start keeps nothing else from starting.
    await starting.catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw togetherOf(failures);
}

function nounOf(kind: NodeKind, count: number): string {
  const noun = kind === 'chaincode' ? 'chaincode service' : kind;
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
