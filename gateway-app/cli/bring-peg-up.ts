// SPDX-License-Identifier: Apache-2.0

import {
  bringUp,
  builtInTopology,
  LOCK_SECONDS,
  loadTopology,
  withLock,
  type DriverName,
  type Topology,
} from '@gridpeg/network';
import { join, resolve } from 'node:path';
import { type Task } from '../day';
import { cacheDir, repositoryDir, type CommandContext } from './command-context';
import { configureChains } from './configure-chains';
import { networkProgress } from './network-progress';
import { startNotaries } from './notary-services';
import { PeggedNetwork } from './pegged-network';

/** A topology by the name of one that comes with gridpeg, or by its file. @throws NetworkError TOPOLOGY_INVALID */
export function topologyNamed(nameOrFile: string): Topology {
  return loadTopology(/^[a-z][a-z0-9-]*$/.test(nameOrFile) ? builtInTopology(nameOrFile) : nameOrFile);
}

/**
 * Everything from nothing to a peg at work, as tasks: nodes, channels and chaincode, configurations, notaries. Each finds
 * out what is done already.
 *
 * @param topology - name of one that comes with gridpeg, or a file
 * @param driver - how nodes are run when there is no network yet; natively unless given
 * @throws NetworkError TOPOLOGY_INVALID
 */
export function pegTasks(context: CommandContext, topology: string, driver?: DriverName): readonly Task[] {
  const parsed = topologyNamed(topology);
  const { stateDir, environment } = context;
  return [
    {
      title: `Fabric network "${parsed.name}"`,
      run: async (tell) => {
        await bringUp({
          stateDir,
          topology: parsed,
          driver,
          repositoryDir,
          fabricBin: environment['GRIDPEG_FABRIC_BIN'] ?? environment['FABRIC_BIN'],
          environment,
          cacheDir: cacheDir(environment),
          onProgress: networkProgress(context.interactive, tell),
        });
        const { state } = PeggedNetwork.read(stateDir);
        tell(`chains ${state.chains.map(({ name }) => name).join(', ')}`);
      },
    },
    {
      title: 'Peg configuration',
      run: (tell) => alone(stateDir, (network) => configureChains(network, stateDir, tell)),
    },
    {
      title: 'Notaries',
      run: (tell) => alone(stateDir, (network) => startNotaries(network, stateDir, tell)),
    },
  ];
}

/** Two at a time would approve what the other has just put in force, and give the notaries other addresses. */
function alone(stateDir: string, action: (network: PeggedNetwork) => Promise<void>): Promise<void> {
  return withLock(join(resolve(stateDir), 'notaries'), LOCK_SECONDS, () => PeggedNetwork.with(stateDir, action));
}
