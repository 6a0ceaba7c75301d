// SPDX-License-Identifier: Apache-2.0

import { bringUp, builtInTopology, loadTopology } from '@gridpeg/network';
import { type Task } from '../day';
import { cacheDir, repositoryDir, type CommandContext } from './command-context';
import { configureChains } from './configure-chains';
import { networkProgress } from './network-progress';
import { startNotaries } from './notary-services';
import { PeggedNetwork } from './pegged-network';

/**
 * Everything from nothing to a peg at work, as tasks: nodes, channels and chaincode, configurations, notaries. Each finds
 * out what is done already.
 *
 * @param topology - name of one that comes with gridpeg, or a file
 * @throws NetworkError TOPOLOGY_INVALID
 */
export function pegTasks(context: CommandContext, topology: string): readonly Task[] {
  const file = /^[a-z][a-z0-9-]*$/.test(topology) ? builtInTopology(topology) : topology;
  const parsed = loadTopology(file);
  const { stateDir, environment } = context;
  return [
    {
      title: `Fabric network "${parsed.name}"`,
      run: async (tell) => {
        await bringUp({
          stateDir,
          topology: parsed,
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
      run: (tell) => PeggedNetwork.with(stateDir, (network) => configureChains(network, stateDir, tell)),
    },
    {
      title: 'Notaries',
      run: (tell) => PeggedNetwork.with(stateDir, (network) => startNotaries(network, stateDir, tell)),
    },
  ];
}
