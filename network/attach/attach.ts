// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { isFree } from '../drivers/driver/loopback-port';
import { NetworkError } from '../runtime/network-error';
import type { Topology } from '../topology/topology';
import { writeJson } from '../runtime/write-file-atomic';
import { requireOwn } from '../state/imported-network';
import { lockSeconds, withLock } from '../runtime/lock';
import { chainId } from '../fabric/chain-id';
import { networkStateFile, type NetworkState } from '../state/network-state';
import { absoluteStateDir, readPlan, writePlan, type Plan } from '../state/plan';
import { claimStateFolder } from '../state/state-folder';
import { describeTestNetwork, requireThere } from './test-network-files';

/** What `attachNetwork` needs to know. */
export interface AttachOptions {
  /** The state folder. It is absent, empty, or attached to the same network already. */
  readonly stateDir: string;
  /** Its organizations, chains and peg, but not how its nodes are run, which others decide. */
  readonly topology: Topology;
  /** The folder `test-network` of Fabric's samples. */
  readonly testNetworkDir: string;
  /** The caller's environment; services that are started later get its PATH. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Describes a network that the samples' `network.sh` runs, as if it had been brought up here. It may be repeated; the
 * network itself is never changed, and taking down leaves it alone.
 *
 * @returns the network, all of its peers listening
 * @throws NetworkError TEST_NETWORK_INCOMPLETE with everything that is missing, TEST_NETWORK_DOWN, TOPOLOGY_CHANGED,
 *   STATE_TAKEN, STATE_DIR_FOREIGN, STATE_LOCKED
 */
export async function attachNetwork(options: AttachOptions): Promise<NetworkState> {
  const { topology, environment } = options;
  const testNetworkDir = absoluteStateDir(resolve(options.testNetworkDir));
  const network = describeTestNetwork(testNetworkDir, topology);
  await requireListening(network);
  mkdirSync(options.stateDir, { recursive: true, mode: 0o700 });
  const stateDir = realpathSync(options.stateDir);
  return withLock(stateDir, lockSeconds, () => {
    requireOwn(stateDir);
    claimStateFolder(stateDir);
    const before = readPlan(stateDir);
    if (before !== undefined && before.attached !== testNetworkDir) {
      throw new NetworkError(
        'TOPOLOGY_CHANGED',
        `${stateDir} holds another network than the one in ${testNetworkDir}`,
        'Take it down first, or name another folder with --state.',
      );
    }
    writePlan(stateDir, planOf(testNetworkDir, topology, environment['PATH'] ?? ''));
    writeJson(networkStateFile(stateDir), network);
    return Promise.resolve(network);
  });
}

/**
 * The folder of the network that a state folder is attached to, and the topology; undefined for a network of its own.
 */
export function attachedTo(stateDir: string): Pick<AttachOptions, 'testNetworkDir' | 'topology'> | undefined {
  const plan = readPlan(absoluteStateDir(stateDir));
  return plan?.attached === undefined ? undefined : { testNetworkDir: plan.attached, topology: plan.topology };
}

/**
 * Whoever runs an attached network may have taken it down since, and brought another one up in its place. Does nothing
 * for networks that were not attached.
 *
 * @param network - as it was described when it was attached
 * @throws NetworkError TEST_NETWORK_DOWN, TEST_NETWORK_REPLACED
 */
export function requireAttachedNetwork(stateDir: string, network: NetworkState): void {
  const folder = readPlan(absoluteStateDir(stateDir))?.attached;
  if (folder === undefined) return;
  requireThere(folder);
  const replaced = network.chains.find((chain) => !isFirstBlock(chain));
  if (replaced === undefined) return;
  throw new NetworkError(
    'TEST_NETWORK_REPLACED',
    `the test-network in ${folder} is not the one that was attached: ` +
      `its channel ${replaced.channel} is another, or gone`,
    'Run `gridpeg test-network deploy` on it, which pegs this one; the old one cannot be had back.',
  );
}

function isFirstBlock({ channel, genesisBlockFile, chainId: attached }: NetworkState['chains'][number]): boolean {
  try {
    return chainId(channel, readFileSync(genesisBlockFile)) === attached;
  } catch {
    // The file is gone, or is being written again.
    return false;
  }
}

/** Nodes and chaincode are somebody else's: the plan has neither ports nor deployments for them. */
function planOf(testNetworkDir: string, topology: Topology, searchPath: string): Plan {
  const program = (name: string): string => join(testNetworkDir, '..', 'bin', name);
  return {
    ...{ format: 1, driver: 'native', attached: testNetworkDir, topology, searchPath, ports: {}, deployments: [] },
    binaries: {
      peer: program('peer'),
      orderer: program('orderer'),
      configtxgen: program('configtxgen'),
      cryptogen: program('cryptogen'),
      osnadmin: program('osnadmin'),
      discover: program('discover'),
    },
  };
}

async function requireListening({ chains }: NetworkState): Promise<void> {
  for (const { name, endpoint } of chains.flatMap(({ peers }) => peers)) {
    if (!(await isFree(Number(endpoint.split(':').pop())))) continue;
    throw new NetworkError(
      'TEST_NETWORK_DOWN',
      `nothing listens at ${endpoint}, where ${name} should`,
      'Start the test-network with its network.sh; `gridpeg test-network deploy` does.',
    );
  }
}
