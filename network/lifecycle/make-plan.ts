// SPDX-License-Identifier: Apache-2.0

import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

import type { Driver, DriverName, ToolCall, ToolResult } from '../drivers/driver/driver';
import { fabricBinaries, fabricCaBinaries, type FabricCaBinaries } from '../fabric/fabric-binaries';
import type { ProgramSearch } from '../fabric/program-set';
import { NetworkError } from '../runtime/network-error';
import { endorsementPolicy } from '../topology/endorsement-policy';
import { extendTopology } from '../topology/extend-topology';
import type { Chain, Topology } from '../topology/topology';
import { assignPorts } from '../state/assign-ports';
import { readPlan, writePlan, type Deployment, type Plan } from '../state/plan';
import { inStep, type OnProgress } from '../runtime/progress';

/** The topology of a network, and the programs and folders that it is made with. */
export interface PlanOptions {
  readonly topology: Topology;
  /** How nodes are run; a network that is there keeps its own, `native` by default. */
  readonly driver?: DriverName | undefined;
  /** What the chaincode paths of the topology are relative to. */
  readonly repositoryDir: string;
  /** The folder with Fabric's programs, if the user named one. */
  readonly fabricBin?: string | undefined;
  /** The caller's environment: its PATH is searched for Fabric and given to nodes; Go gets all of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's cache folder of Gridpeg; a build of Fabric goes there. */
  readonly cacheDir: string;
}

/** Makes all decisions about a network, or reads those that were made before. */
export async function makePlan(
  stateDir: string,
  { topology, driver: name = 'native', repositoryDir, environment, ...search }: PlanOptions,
  driver: Driver,
  onProgress: OnProgress,
): Promise<Plan> {
  const before = readPlan(stateDir);
  const decided =
    before === undefined
      ? firstPlan({ topology, repositoryDir, environment, driver: name })
      : extendedPlan(stateDir, before, topology, resolve(repositoryDir));
  // A network keeps the programs it was made with, unless the user names others: other programs restart every node.
  const kept = search.fabricBin === undefined && before !== undefined && existsSync(before.binaries.peer);
  const run = (tool: ToolCall): Promise<ToolResult> => driver.run(tool);
  const programs = { ...search, environment, run, onProgress };
  const binaries = kept ? before.binaries : await inStep(onProgress, 'fabric binaries', () => fabricBinaries(programs));
  const caBinaries = await caBinariesOf(topology, kept ? before.caBinaries : undefined, programs);
  const undecided = { ...decided, binaries, ...caBinaries };
  const plan = { ...undecided, ports: await assignPorts(stateDir, undecided, new Set((await driver.status()).keys())) };
  writePlan(stateDir, plan);
  return plan;
}

/** The programs of Fabric CA, where the topology asks for them. */
async function caBinariesOf(
  { ca }: Topology,
  kept: Plan['caBinaries'],
  programs: ProgramSearch,
): Promise<Pick<Plan, 'caBinaries'>> {
  if (ca === false) return {};
  const find = (): Promise<FabricCaBinaries> => fabricCaBinaries(programs);
  return { caBinaries: kept ?? (await inStep(programs.onProgress, 'fabric-ca binaries', find)) };
}

/** What is up stays as it is; what the topology adds is planned beside it. @throws NetworkError TOPOLOGY_CHANGED */
function extendedPlan(stateDir: string, before: Plan, wanted: Topology, repositoryDir: string): Plan {
  const { topology, differences } = extendTopology(before.topology, wanted);
  if (differences.length > 0) {
    const more = differences.length > 1 ? ` (and ${String(differences.length - 1)} more)` : '';
    throw new NetworkError(
      'TOPOLOGY_CHANGED',
      `the network in ${stateDir} was made of another topology: ${differences[0] ?? ''}${more}`,
      'Give what it has and only add chains, with what belongs to them, or take it down first.',
      differences.join('\n'),
    );
  }
  const added = topology.chains.slice(before.topology.chains.length);
  const deployments = [...before.deployments, ...added.map((chain) => mainDeployment(chain, repositoryDir))];
  return { ...before, topology, deployments };
}

function firstPlan({
  topology,
  driver,
  repositoryDir,
  environment,
}: Pick<PlanOptions, 'topology' | 'repositoryDir' | 'environment'> & { readonly driver: DriverName }): Omit<
  Plan,
  'binaries'
> {
  return {
    format: 1,
    driver,
    topology,
    searchPath: environment['PATH'] ?? '',
    ports: {},
    deployments: topology.chains.map((chain) => mainDeployment(chain, resolve(repositoryDir))),
  };
}

function mainDeployment({ name, members, chaincode }: Chain, repositoryDir: string): Deployment {
  return {
    chain: name,
    name: chaincode.name,
    version: '1.0',
    sequence: 1,
    path: isAbsolute(chaincode.path) ? chaincode.path : join(repositoryDir, chaincode.path),
    policy: endorsementPolicy(chaincode.endorsement, members),
    collections: chaincode.collections,
  };
}
