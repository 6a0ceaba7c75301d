// SPDX-License-Identifier: Apache-2.0

import type { Driver, DriverName } from './driver';
import { NativeDriver } from './native/native-driver';

const drivers: Readonly<Record<DriverName, new (stateDir: string) => Driver>> = { native: NativeDriver };

/**
 * The driver of a network.
 *
 * @param stateDir - absolute
 */
export function driverOf(stateDir: string, name: DriverName): Driver {
  return new drivers[name](stateDir);
}
