// SPDX-License-Identifier: Apache-2.0

import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';

import { NetworkError } from '../runtime/network-error';
import type { Deployment, Plan } from './plan';

/** What this machine's user says may be run. */
export interface Runnable {
  /** An absolute path; chaincode within it is trusted. */
  readonly repositoryDir: string;
  /** Absolute paths of folders of further chaincode. */
  readonly chaincodeDirs: readonly string[];
  /** The caller's PATH. */
  readonly searchPath: string;
}

/** No program is there, so that `up` looks for Fabric's programs on this machine. */
const noProgram = '/nonexistent';

/**
 * Makes the plan of a snapshot run nothing that the snapshot names: programs are searched for again, PATH is the
 * caller's, and chaincode is the repository's or lies in a folder that the caller names.
 *
 * @throws NetworkError SNAPSHOT_FOREIGN for a network that scripts of others run, SNAPSHOT_CHAINCODE
 */
export function derivedPlan(plan: Plan, runnable: Runnable): Plan {
  if (plan.attached !== undefined) {
    const summary =
      `the snapshot is of a network that is run from ${plan.attached}, ` + 'which "gridpeg snapshot" never takes';
    throw new NetworkError('SNAPSHOT_FOREIGN', summary, 'Name a file that "gridpeg snapshot" wrote.');
  }
  const binaries = Object.fromEntries(Object.keys(plan.binaries).map((name) => [name, `${noProgram}/${name}`]));
  return {
    format: plan.format,
    driver: plan.driver,
    topology: plan.topology,
    ports: plan.ports,
    binaries: binaries as Plan['binaries'],
    searchPath: runnable.searchPath,
    deployments: plan.deployments.map((deployment) => ({
      ...deployment,
      path: runnablePath(plan, deployment, runnable),
    })),
  };
}

function runnablePath(plan: Plan, deployment: Deployment, { repositoryDir, chaincodeDirs }: Runnable): string {
  const candidates = [deployment.path, topologyPath(plan, deployment, repositoryDir)]
    .filter(isAbsolute)
    .map((path) => resolve(path));
  const trusted = [repositoryDir, ...chaincodeDirs];
  const found = candidates.find((path) => existsSync(path) && trusted.some((folder) => isWithin(path, folder)));
  if (found !== undefined) return found;
  throw new NetworkError(
    'SNAPSHOT_CHAINCODE',
    `the snapshot names chaincode ${deployment.name} of ${deployment.chain} in ${deployment.path}, which would be run`,
    'Look at what lies there, and name its folder with --chaincode if you trust it.',
  );
}

/**
 * The first version is the topology's; a snapshot may come from where the repository lies elsewhere. Empty for others.
 */
function topologyPath({ topology }: Plan, { chain, name, sequence }: Deployment, repositoryDir: string): string {
  const { chaincode } = topology.chains.find((each) => each.name === chain) ?? {};
  return chaincode?.name === name && sequence === 1 ? resolve(repositoryDir, chaincode.path) : '';
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way);
}
