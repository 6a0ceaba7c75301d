// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';

import type { Driver, NodeSpec } from '../drivers/driver/driver';
import { driverOf } from '../drivers/driver-of';
import { genesisFile } from '../render/layout';
import type { Chain } from '../topology/topology';
import { writeJson } from '../runtime/write-file-atomic';
import {
  deployOnChain,
  installOn,
  isDeployed,
  retireServices,
  startChaincodeServices,
  writeChaincodeAddresses,
  type DeploymentSite,
} from '../chaincode/chaincode-deployment';
import { renewalDays } from '../certificates/certificate-validity';
import { describeNetwork } from '../chaincode/describe-network';
import { Enrolment, startAuthorities } from '../certificates/enrolment';
import { FabricCommands } from '../nodes/fabric-commands';
import { requireOwn } from '../state/imported-network';
import { keepCopies } from '../state/kept-copies';
import { lockSeconds, withLock } from '../runtime/lock';
import {
  makeCryptoMaterial,
  makeGenesisBlock,
  writeConnectionProfiles,
  writeExternalBuilder,
  writeNodeConfigs,
} from '../state/network-files';
import { networkStateFile, type NetworkState } from '../state/network-state';
import { ensureRunning } from '../state/node-registry';
import { ordererSpecs, peerSpecs } from '../nodes/node-specs';
import { peersOf, readPlan, type Plan } from '../state/plan';
import { inStep, settleAll, togetherOf, type OnProgress } from '../runtime/progress';
import { renewAndRestart } from '../certificates/renewal';
import { finishRestore } from '../state/restored-files';
import { claimStateFolder, finishRemoval, runOnce, requireUsablePath } from '../state/state-folder';
import { waitForChaincode } from '../chaincode/wait-for-chaincode';
import { makePlan, type PlanOptions } from './make-plan';

/** What `bringUp` needs to know. */
export interface BringUpOptions extends PlanOptions {
  /** Where everything of this network goes: absent, empty, or a network of ours. */
  readonly stateDir: string;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Brings a network up: keys, genesis blocks, nodes, channels, chaincode.
 *
 * Every step finds out whether it is done already. So it may be killed at any time and called again, and calling it on
 * a network that is up only starts what is dead, and chaincode services whose code has changed.
 *
 * A node that does not start does not keep others from starting.
 *
 * @returns the network, all chaincodes answering on all their peers
 * @throws NetworkError with a code for everything that can go wrong; SEVERAL_FAILED where several things do
 */
export async function bringUp(options: BringUpOptions): Promise<NetworkState> {
  requireUsablePath(resolve(options.stateDir), options.driver === 'docker');
  mkdirSync(options.stateDir, { recursive: true, mode: 0o700 });
  const stateDir = realpathSync(options.stateDir);
  return withLock(stateDir, lockSeconds, () => bringUpLocked(stateDir, options));
}

async function bringUpLocked(stateDir: string, options: BringUpOptions): Promise<NetworkState> {
  const { onProgress = () => undefined } = options;
  requireOwn(stateDir);
  claimStateFolder(stateDir);
  await finishRestore(stateDir);
  await finishRemoval(stateDir);
  const driverName = readPlan(stateDir)?.driver ?? options.driver ?? 'native';
  requireUsablePath(stateDir, driverName === 'docker');
  const driver = driverOf(stateDir, driverName, options.environment);
  await driver.killTools();
  const plan = await makePlan(stateDir, options, driver, onProgress);
  const commands = new FabricCommands(stateDir, plan, driver);
  const site = { stateDir, plan, driver, commands };
  const { chains } = plan.topology;
  if (plan.topology.ca !== false) await enrolEverybody(stateDir, plan, driver, onProgress);
  await inStep(onProgress, 'keys and genesis blocks', async () => {
    if (plan.topology.ca === false) await makeCryptoMaterial(stateDir, plan, driver);
    await Promise.all(chains.map((chain) => makeGenesisBlock(stateDir, plan, chain, driver)));
    for (const chain of chains) writeNodeConfigs(stateDir, plan, chain);
    writeConnectionProfiles(stateDir, plan);
    writeExternalBuilder(stateDir);
    writeChaincodeAddresses(stateDir, plan);
  });
  const started = Promise.allSettled(chains.map((chain) => bringChainUp(site, chain, onProgress)));
  const failures = (await started).flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  // A network that was whole before is described as one when some of its nodes do not start: the others serve it.
  if (failures.length > 0 && !isDeployed(stateDir, plan)) throw togetherOf(failures);
  await retireServices(site);
  const network = describeNetwork(stateDir, plan);
  writeJson(networkStateFile(stateDir), network);
  keepCopies(stateDir);
  if (failures.length > 0) throw togetherOf(failures);
  return network;
}

/** Gets certificates from the authorities for all identities, and new ones where certificates end soon. */
async function enrolEverybody(stateDir: string, plan: Plan, driver: Driver, onProgress: OnProgress): Promise<void> {
  const authorities = await inStep(onProgress, 'certificate authorities', () =>
    startAuthorities(stateDir, plan, driver),
  );
  const enrolment = new Enrolment(stateDir, plan, driver);
  await inStep(onProgress, 'enrol identities', () =>
    settleAll(authorities.map((authority) => enrolment.enrolAll(authority))),
  );
  await inStep(onProgress, 'renew certificates', () =>
    renewAndRestart(stateDir, plan, driver, authorities, renewalDays),
  );
}

/** Starts a chain's nodes, joins them to the channel and deploys its chaincodes; each part as soon as it can. */
async function bringChainUp(site: DeploymentSite, chain: Chain, onProgress: OnProgress): Promise<void> {
  const deployments = site.plan.deployments.filter((deployment) => deployment.chain === chain.name);
  const services = inStep(onProgress, `chaincode services of ${chain.name}`, () =>
    settleAll(deployments.map((deployment) => startChaincodeServices(site, deployment))),
  );
  const nodes = inStep(onProgress, `channel ${chain.name}`, () => startChannel(site, chain));
  const deployed = nodes.then(() =>
    inStep(onProgress, `chaincode ${chain.name}`, async () => {
      await settleAll(deployments.map((deployment) => deployOnChain(site, deployment)));
      await services;
      await settleAll(deployments.map((deployment) => waitForChaincode(site, deployment)));
    }),
  );
  await settleAll([services, deployed]);
}

/**
 * Starts one peer of a network that is up, joins it to its channel and gives it the chaincode of its chain: what it
 * lacks it gets from the others.
 */
export async function startPeer(site: DeploymentSite, chain: Chain, spec: NodeSpec): Promise<void> {
  const { stateDir, plan, driver, commands } = site;
  await ensureRunning(stateDir, driver, spec);
  const peer = peersOf(plan, chain).find(({ node }) => node === spec.name);
  if (peer === undefined) return;
  const genesisBlock = genesisFile(stateDir, chain.channel);
  await runOnce(stateDir, `joined-${spec.name}`, () => commands.joinPeer(peer, genesisBlock));
  const deployments = plan.deployments.filter((deployment) => deployment.chain === chain.name);
  await settleAll(deployments.map((deployment) => installOn(site, deployment, peer)));
}

/** Starts one orderer and makes it serve its channel: blocks that it does not have it gets from the others. */
export async function startOrderer(site: DeploymentSite, chain: Chain, spec: NodeSpec): Promise<void> {
  const { stateDir, driver, commands } = site;
  await ensureRunning(stateDir, driver, spec);
  const genesisBlock = genesisFile(stateDir, chain.channel);
  await runOnce(stateDir, `joined-${spec.name}`, () => commands.joinOrderer(chain, spec.name, genesisBlock));
}

async function startChannel(site: DeploymentSite, chain: Chain): Promise<void> {
  const { stateDir, plan } = site;
  const orderers = ordererSpecs(stateDir, plan, chain).map((spec) => startOrderer(site, chain, spec));
  const peers = peerSpecs(stateDir, plan, chain).map((spec) => startPeer(site, chain, spec));
  await settleAll([...orderers, ...peers]);
}
