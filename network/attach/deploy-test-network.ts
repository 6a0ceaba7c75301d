// SPDX-License-Identifier: Apache-2.0

import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

import { NetworkError } from '../runtime/network-error';
import { attachedTo } from './attach';
import { provideSamplesPrograms, type ProgramPlaces } from './samples-programs';
import { SamplesNetwork } from './samples-network';
import { waitForSamplesChaincode, waitForSamplesPeers } from './wait-for-samples';

/**
 * Both endorse, so that one organization cannot write alone. It has no blanks, because network.sh does not quote it.
 */
const policy = "AND('Org1MSP.peer','Org2MSP.peer')";
/** A slow machine gets more time than the samples give it. */
const tries = '10';

/** Where the samples' test-network is, and what is to be on it. */
export interface TestNetworkOptions extends ProgramPlaces {
  /** The folder `test-network` of Fabric's samples. */
  readonly testNetworkDir: string;
  /** The folder of ours that is, or will be, attached to it. */
  readonly stateDir: string;
  /** Names of the channels, each with the chaincode of its name. */
  readonly chains: readonly string[];
  /** The folder that has the chaincode of a chain in `chaincode/<chain>`. */
  readonly repositoryDir: string;
  /** It is called with a line for each step. */
  readonly report: (line: string) => void;
}

/**
 * Puts chains on the test-network of Fabric's samples by its own `network.sh`: brings it up if it is not, creates the
 * channels, and deploys one chaincode on each as a service. What is done already is not done again.
 *
 * @param how - `redeploy`: the chaincodes as they are now, under a new version; `ca`: with Fabric CA, not cryptogen
 * @throws NetworkError TEST_NETWORK_INCOMPLETE, TEST_NETWORK_DOWN, TOPOLOGY_CHANGED, CONTAINER_ENGINE_DOWN,
 *   TOOL_FAILED, CHAINCODE_DOES_NOT_ANSWER, and those of finding and building Fabric's programs
 */
export async function deployTestNetwork(
  options: TestNetworkOptions,
  how: { readonly redeploy: boolean; readonly ca: boolean },
): Promise<void> {
  const { stateDir, chains, report } = options;
  const folder = requireSamples(options.testNetworkDir);
  if (existsSync(join(stateDir, 'plan.json')) && !isAttachedTo(stateDir, folder)) {
    const what = `${stateDir} holds another network than the one in ${folder}`;
    throw new NetworkError('TOPOLOGY_CHANGED', what, 'Name another folder with --state.');
  }
  // network.sh finds out half-way what is missing, and cannot continue from what it has made until then.
  const network = new SamplesNetwork(folder, await provideSamplesPrograms(folder, options));
  if ((await network.engine('info'))?.status !== 0) {
    const what = `${network.engineName} does not answer`;
    throw new NetworkError('CONTAINER_ENGINE_DOWN', what, 'Start it, and see that you may use it.');
  }
  await bringUp(network, how.ca, report);
  for (const chain of chains) await createChannel(network, chain, report);
  for (const chain of chains) await deployChaincode(network, chain, { ...options, redeploy: how.redeploy });
}

/**
 * Takes down what `deployTestNetwork` made: chaincode containers, and the test-network if that brought it up.
 *
 * @param withNetwork - the test-network as well, whoever brought it up
 * @throws NetworkError TEST_NETWORK_INCOMPLETE, TOOL_FAILED
 */
export async function takeDownTestNetwork(
  options: Omit<TestNetworkOptions, 'stateDir' | 'repositoryDir'>,
  withNetwork: boolean,
): Promise<void> {
  const { chains, report } = options;
  const folder = requireSamples(options.testNetworkDir);
  const network = new SamplesNetwork(folder, await provideSamplesPrograms(folder, options, 'present'));
  for (const chain of chains) await network.removeServices(chain);
  if (withNetwork || network.isOurs()) {
    await network.networkSh('down failed', 'down');
    await network.removeLedgers();
    await network.engine('network', 'rm', 'fabric_test');
    report('the test-network is down');
  } else if (await network.isPartlyUp()) {
    report('the test-network was not brought up by this, and goes on: --with-network takes it down, too');
  } else {
    report('no test-network runs');
  }
  network.forgetMark();
}

/** Whether a state folder is attached to the test-network in a folder; it may be of another network. */
export function isAttachedTo(stateDir: string, testNetworkDir: string): boolean {
  try {
    return attachedTo(stateDir)?.testNetworkDir === realpathSync(testNetworkDir);
  } catch {
    return false;
  }
}

/** @throws NetworkError TEST_NETWORK_INCOMPLETE */
function requireSamples(folder: string): string {
  if (existsSync(join(folder, 'network.sh'))) return realpathSync(folder);
  const what = `${folder} has no network.sh`;
  throw new NetworkError('TEST_NETWORK_INCOMPLETE', what, "Name the folder test-network of Fabric's samples.");
}

async function bringUp(network: SamplesNetwork, ca: boolean, report: (line: string) => void): Promise<void> {
  if (await network.isUp()) {
    report('the test-network is up');
  } else {
    report('bringing the test-network up');
    if (!existsSync(join(network.folder, 'organizations', 'peerOrganizations'))) await network.removeLedgers();
    try {
      await network.networkSh('up failed', 'up', ...(ca ? ['-ca'] : []));
    } finally {
      // A network that came up in part was made here as well.
      network.markOurs();
    }
  }
  await waitForSamplesPeers(network);
}

async function createChannel(network: SamplesNetwork, chain: string, report: (line: string) => void): Promise<void> {
  if (await network.hasChannel(chain)) {
    report(`channel ${chain} is there`);
    return;
  }
  // network.sh would make another genesis block for a channel that the orderer has already.
  if (existsSync(network.blockFile(chain))) {
    throw new NetworkError(
      'TEST_NETWORK_INCOMPLETE',
      `channel ${chain} was left half made by an earlier run`,
      'Take the test-network down (`gridpeg test-network down --with-network`), then run this again.',
    );
  }
  report(`channel ${chain}: creating`);
  const isOurs = network.isOurs();
  await network.networkSh(`createChannel failed for ${chain}`, 'createChannel', '-c', chain, '-r', tries);
  // The first block of a channel is part of what identifies the network.
  if (isOurs) network.markOurs();
}

async function deployChaincode(
  network: SamplesNetwork,
  chain: string,
  {
    redeploy,
    repositoryDir,
    report,
  }: Pick<TestNetworkOptions, 'repositoryDir' | 'report'> & { readonly redeploy: boolean },
): Promise<void> {
  const committed = await network.committed(chain);
  const services = await Promise.all(network.servicesOf(chain).map((service) => network.runs(service)));
  if (!redeploy && committed !== '' && services.every(Boolean)) {
    report(`chaincode ${chain} is there`);
  } else {
    const version = nextVersion(committed);
    report(`chaincode ${chain} ${version}: deploying`);
    // Otherwise their names would be taken, and the peers would wait for services of the previous version.
    await network.removeServices(chain);
    const chaincode = ['-c', chain, '-ccn', chain, '-ccp', join(repositoryDir, 'chaincode', chain), '-ccv', version];
    const parameters = ['deployCCAAS', ...chaincode, '-ccep', policy, '-r', tries];
    await network.networkSh(`deployCCAAS failed for ${chain}`, ...parameters);
  }
  await waitForSamplesChaincode(network, chain);
}

/** What a new version is called: the first is 1.0, each redeployment counts on. */
function nextVersion(committed: string): string {
  const before = /^Version: 1\.(\d+),/m.exec(committed)?.[1];
  return before === undefined ? '1.0' : `1.${String(Number(before) + 1)}`;
}
