// SPDX-License-Identifier: Apache-2.0

import { deployTestNetwork, isAttachedTo, takeDown, takeDownTestNetwork, type OnProgress } from '@gridpeg/network';
import { existsSync } from 'node:fs';
import { cacheDir, repositoryDir } from '../consortium/installation';
import { attachTasks, topologyNamed, type SetupContext } from './bring-peg-up';
import { type Task } from './task';

/** The topology whose chains, organizations and lanes the samples' test-network gets. */
const topologyName = 'test-network';

/**
 * The three chains on the test-network of Fabric's samples, pegged to each other, as tasks.
 *
 * @param how - `redeploy`: the chaincodes as they are now, under a new version; `ca`: with Fabric CA, not cryptogen
 */
export function deployTasks(
  context: SetupContext,
  testNetworkDir: string,
  how: { readonly redeploy: boolean; readonly ca: boolean },
): readonly Task[] {
  return [
    {
      title: `Channels and chaincode on ${testNetworkDir}`,
      run: (report) => deployTestNetwork({ ...optionsFor(context, testNetworkDir, report), repositoryDir }, how),
    },
    ...attachTasks(context, testNetworkDir, topologyName),
  ];
}

/** Takes down what `deployTasks` made; a state folder that is of another network stays as it is. */
export function takeDownTask(context: SetupContext, testNetworkDir: string, withNetwork: boolean): Task {
  const { stateDir } = context;
  return {
    title: `Take down what is on ${testNetworkDir}`,
    run: async (report) => {
      const options = optionsFor(context, testNetworkDir, report);
      if (!existsSync(stateDir) || isAttachedTo(stateDir, testNetworkDir)) {
        await takeDown({ stateDir, onProgress: options.onProgress });
      } else report(`${stateDir} is of another network, and stays as it is`);
      await takeDownTestNetwork(options, withNetwork);
    },
  };
}

interface Options {
  readonly testNetworkDir: string;
  readonly stateDir: string;
  readonly chains: readonly string[];
  readonly environment: SetupContext['environment'];
  readonly cacheDir: string;
  readonly onProgress: OnProgress;
  readonly report: (line: string) => void;
}

function optionsFor(
  { stateDir, environment }: SetupContext,
  testNetworkDir: string,
  report: (line: string) => void,
): Options {
  return {
    ...{ testNetworkDir, stateDir, environment, report },
    chains: topologyNamed(topologyName).chains.map(({ name }) => name),
    cacheDir: cacheDir(environment),
    onProgress: ({ step, state, detail }) => {
      if (state === 'start') report(detail === undefined ? step : `${step} (${detail})`);
    },
  };
}
