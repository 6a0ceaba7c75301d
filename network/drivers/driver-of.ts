// SPDX-License-Identifier: Apache-2.0

import { existsSync } from 'node:fs';

import { DockerDriver } from './docker/docker-driver';
import type { Driver, DriverName, Environment } from './driver/driver';
import { markedProcesses } from './native/marked-processes';
import { NativeDriver } from './native/native-driver';

const drivers: Readonly<Record<DriverName, new (stateDir: string, environment?: Environment) => Driver>> = {
  native: NativeDriver,
  docker: DockerDriver,
};

/**
 * The driver of a network.
 *
 * @param stateDir - absolute
 * @param environment - the caller's, when the network may have to be made
 */
export function driverOf(stateDir: string, name: DriverName, environment?: Environment): Driver {
  return new drivers[name](stateDir, environment);
}

/**
 * Ends everything that any driver runs for a state folder, whatever is left of what is in it.
 *
 * @returns how many processes were ended
 */
export async function killAllOf(stateDir: string): Promise<number> {
  // Processes of containers are processes of this machine, too.
  const count = existsSync('/proc') ? markedProcesses(stateDir).length : 0;
  // A process in a container that is paused would not end by itself.
  for (const name of ['docker', 'native'] as const) await driverOf(stateDir, name).killAll();
  return count;
}
