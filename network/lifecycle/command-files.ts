// SPDX-License-Identifier: Apache-2.0

import { dirname, join } from 'node:path';

import { nodeDir } from '../render/layout';
import { absoluteStateDir, requirePlan } from './plan';

/** What Fabric's own commands need on this machine beside addresses and keys; paths are absolute. */
export interface CommandFiles {
  /** folders of Fabric's programs, for PATH */
  readonly programDirs: readonly string[];
  /** the folder of the `core.yaml` that the `peer` command reads */
  readonly configDir: string;
}

/**
 * Where Fabric's commands find programs and configuration.
 *
 * @param node - the peer that the commands shall talk to
 * @throws NetworkError NETWORK_NOT_UP, STATE_UNREADABLE
 */
export function commandFiles(stateDir: string, node: string): CommandFiles {
  const folder = absoluteStateDir(stateDir);
  const { binaries, attached } = requirePlan(folder);
  return {
    programDirs: [...new Set(Object.values(binaries).map((file) => dirname(file)))],
    configDir: attached === undefined ? nodeDir(folder, node) : join(attached, '..', 'config'),
  };
}
