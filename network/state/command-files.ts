// SPDX-License-Identifier: Apache-2.0

import { dirname, join } from 'node:path';

import { nodeDir } from '../render/layout';
import { absoluteStateDir, readPlan } from './plan';

/** What Fabric's own commands need on this machine beside addresses and keys; paths are absolute. */
export interface CommandFiles {
  /** Folders of Fabric's programs, for PATH. */
  readonly programDirs: readonly string[];
  /** The folder of the `core.yaml` that the `peer` command reads. */
  readonly configDir: string;
}

/**
 * Where Fabric's commands find programs and configuration.
 *
 * @param node - the peer that the commands shall talk to
 * @returns undefined if others run the network: they have their own
 * @throws NetworkError STATE_UNREADABLE
 */
export function commandFiles(stateDir: string, node: string): CommandFiles | undefined {
  const folder = absoluteStateDir(stateDir);
  const plan = readPlan(folder);
  if (plan === undefined) return undefined;
  return {
    programDirs: [...new Set(Object.values(plan.binaries).map((file) => dirname(file)))],
    configDir: plan.attached === undefined ? nodeDir(folder, node) : join(plan.attached, '..', 'config'),
  };
}
