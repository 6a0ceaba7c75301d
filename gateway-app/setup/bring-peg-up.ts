// SPDX-License-Identifier: Apache-2.0

import {
  attachedTo,
  attachNetwork,
  bringUp,
  builtInTopology,
  lockSeconds,
  loadTopology,
  mendState,
  togetherOf,
  topologyOf,
  withLock,
  type DriverName,
  type NetworkState,
  type Topology,
} from '@gridpeg/network';
import { join, resolve } from 'node:path';
import { type Step, type Task } from './task';
import { cacheDir, repositoryDir } from '../consortium/installation';
import { configureChains } from '../governance/configure-chains';
import { networkProgress } from './network-progress';
import { describeFailure } from '../errors/describe-failure';
import { readAddresses } from '../committee/notary-addresses';
import { startNotaries } from '../committee/notary-services';
import { PeggedNetwork } from '../consortium/consortium';

/** Where a network lies, and what bringing it up takes from the command. */
export interface SetupContext {
  readonly stateDir: string;
  /** Whether progress may be written over. */
  readonly interactive: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Writes a line that is not part of the result. */
  readonly printMessage: (line: string) => void;
}

/** A topology by the name of one that comes with gridpeg, or by its file. @throws NetworkError TOPOLOGY_INVALID */
export function topologyNamed(nameOrFile: string): Topology {
  return loadTopology(/^[a-z][a-z0-9-]*$/.test(nameOrFile) ? builtInTopology(nameOrFile) : nameOrFile);
}

/**
 * Mends what is damaged in a network's folder, and finds the topology that it is to have: the one that is named, else
 * the one that it has, else `dev`.
 *
 * @throws NetworkError TOPOLOGY_INVALID, and what `mendState` throws
 */
export async function wantedTopology(
  { stateDir, printMessage }: Pick<SetupContext, 'stateDir' | 'printMessage'>,
  nameOrFile: string | undefined,
): Promise<Topology> {
  for (const line of await mendState({ stateDir })) printMessage(line);
  const present = nameOrFile === undefined ? topologyOf(stateDir) : undefined;
  return present ?? topologyNamed(nameOrFile ?? 'dev');
}

/**
 * Everything from nothing to a peg at work, as tasks: nodes, channels and chaincode, configurations, notaries. Each
 * finds out what is done already. A network that was attached is looked at again instead of being brought up.
 *
 * @param topology - an attached network keeps its own
 * @param driver - how nodes are run when there is no network yet; natively unless given
 */
export function pegTasks(context: SetupContext, topology: Topology, driver?: DriverName): readonly Task[] {
  const { stateDir, environment } = context;
  const attached = attachedTo(stateDir);
  if (attached !== undefined) return withPeg(context, attachTask(context, attached.testNetworkDir, attached.topology));
  return withPeg(context, {
    title: `Fabric network "${topology.name}"`,
    run: async (report) => {
      const network = await bringUp({
        stateDir,
        topology,
        driver,
        repositoryDir,
        fabricBin: environment['GRIDPEG_FABRIC_BIN'] ?? environment['FABRIC_BIN'],
        environment,
        cacheDir: cacheDir(environment),
        onProgress: networkProgress(context.interactive, report),
      });
      report(chainsOf(network));
    },
  });
}

/**
 * As `pegTasks`, on a network that the samples' `network.sh` runs.
 *
 * @param testNetworkDir - the folder `test-network` of the samples
 * @throws NetworkError TOPOLOGY_INVALID
 */
export function attachTasks(context: SetupContext, testNetworkDir: string, topology: string): readonly Task[] {
  return withPeg(context, attachTask(context, testNetworkDir, topologyNamed(topology)));
}

function attachTask({ stateDir, environment }: SetupContext, testNetworkDir: string, topology: Topology): Step {
  return {
    title: `Fabric's test-network in ${testNetworkDir}`,
    run: async (report) => {
      report(chainsOf(await attachNetwork({ stateDir, testNetworkDir, topology, environment })));
    },
  };
}

/** Failures of some nodes, whom the others can do without. */
const ofNodes = new Set([
  ...['NODE_DID_NOT_START', 'PORT_TAKEN', 'DISK_FULL', 'SEVERAL_FAILED'],
  ...['CHAINCODE_DOES_NOT_ANSWER', 'TOOL_FAILED', 'TOOL_TIMEOUT'],
]);

/**
 * Nodes that do not start, or chains that do not answer, do not keep the notaries from starting: each is reported at
 * the end.
 */
function withPeg({ stateDir }: SetupContext, network: Step): readonly Task[] {
  const failures: unknown[] = [];
  const collectingProblems = ({ title, run }: Step): Step => ({
    title,
    run: async (report) => {
      try {
        await run(report);
      } catch (error) {
        const { code, message } = describeFailure(error);
        // Without a network that has been complete once, nothing else can be done.
        if ((failures.length === 0 && !ofNodes.has(code)) || !hasNotaries(stateDir)) throw error;
        failures.push(error);
        report(`${code}: ${message}`);
      }
    },
  });
  return [
    collectingProblems(network),
    collectingProblems({
      title: 'Peg configuration',
      run: (report) => alone(stateDir, (pegged) => configureChains(pegged, stateDir, report)),
    }),
    {
      title: 'Notaries',
      run: async (report) => {
        const starting = notaryTask(stateDir).run(report);
        if (failures.length > 0) await starting.catch((error: unknown) => failures.push(error));
        else await starting;
        if (failures.length > 0) throw togetherOf(failures);
      },
    },
  ];
}

function hasNotaries(stateDir: string): boolean {
  try {
    return Object.keys(readAddresses(stateDir)).length > 0 && PeggedNetwork.read(stateDir).state.chains.length > 0;
  } catch {
    return false;
  }
}

/** Starts the notaries that do not run, or have new addresses or certificates. */
export function notaryTask(stateDir: string): Step {
  return {
    title: 'Notaries',
    run: (report) => alone(stateDir, (pegged) => startNotaries(pegged, stateDir, report)),
  };
}

function chainsOf({ chains }: NetworkState): string {
  return `chains ${chains.map(({ name }) => name).join(', ')}`;
}

/** Two at a time would approve what the other has just put in force, and give the notaries other addresses. */
function alone(stateDir: string, action: (network: PeggedNetwork) => Promise<void>): Promise<void> {
  return withLock(join(resolve(stateDir), 'notaries'), lockSeconds, () => PeggedNetwork.with(stateDir, action));
}
