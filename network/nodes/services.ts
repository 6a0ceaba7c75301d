// SPDX-License-Identifier: Apache-2.0

import { driverOf } from '../drivers/driver-of';
import { NetworkError } from '../runtime/network-error';
import { lockSeconds, withLock } from '../runtime/lock';
import { settleAll } from '../runtime/progress';
import { ensureRunning } from '../state/node-registry';
import { absoluteStateDir, requirePlan } from '../state/plan';

/** A program that belongs to the network though it is not part of Fabric, such as a notary daemon. */
export interface ServiceOptions {
  /** Unique among all nodes: letters, digits, dots, dashes. */
  readonly name: string;
  /** MSP id of the organization that runs it */
  readonly organization: string;
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Its whole environment; PATH is added when it is missing. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd: string;
  /** Absolute paths of folders outside of the state folder that it reads. */
  readonly reads?: readonly string[] | undefined;
  /** Its ports by purpose; it is ready when it listens at all of them. */
  readonly ports?: Readonly<Record<string, number>> | undefined;
}

/**
 * Starts services, and restarts those whose specification has changed. They survive their caller, and are
 * nodes like any other: status, logs, kill, pause and taking down include them. `up` does not start them again; call
 * this again.
 *
 * @throws NetworkError NETWORK_NOT_UP, NODE_DID_NOT_START, PORT_TAKEN
 */
export async function startServices(stateDir: string, services: readonly ServiceOptions[]): Promise<void> {
  const folder = absoluteStateDir(stateDir);
  const unnamable = services.find(({ name }) => !/^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$/.test(name));
  if (unnamable !== undefined) {
    const summary = `"${unnamable.name}" cannot be a node's name`;
    throw new NetworkError('NODE_UNKNOWN', summary, 'Use letters, digits, dots and dashes.');
  }
  await withLock(folder, lockSeconds, async () => {
    const plan = requirePlan(folder);
    const driver = driverOf(folder, plan.driver);
    await settleAll(
      services.map(({ name, organization, command, env, cwd, reads, ports = {} }) =>
        ensureRunning(folder, driver, {
          ...{ name, kind: 'service', organization, command, cwd, reads, ports },
          env: { PATH: plan.searchPath, ...env },
        }),
      ),
    );
  });
}
