// SPDX-License-Identifier: Apache-2.0

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Driver } from '../drivers/driver/driver';
import { chaincodePackage, type ChaincodePackage } from '../fabric/chaincode-package';
import { nodeDir } from '../render/layout';
import { writeJson, writeFileAtomic } from '../runtime/write-file-atomic';
import { codeDigest, shimProgram } from './chaincode-program';
import type { FabricCommands } from '../nodes/fabric-commands';
import { addressesFile, chaincodeAddress, chaincodeSpec } from '../nodes/node-specs';
import { forgetNode, registeredNodes, ensureRunning } from '../state/node-registry';
import {
  chaincodeNode,
  chainNamed,
  peersOf,
  servicesOf,
  type ChainPeer,
  type Deployment,
  type Plan,
} from '../state/plan';
import { settleAll } from '../runtime/progress';
import { isDone, runOnce } from '../state/state-folder';

/** What the steps of a deployment have in common. */
export interface DeploymentSite {
  readonly stateDir: string;
  readonly plan: Plan;
  readonly driver: Driver;
  readonly commands: FabricCommands;
}

/** The package of a deployment. */
export function packageOf({ name, version }: Deployment): ChaincodePackage {
  return chaincodePackage(name, version);
}

/**
 * Starts the services of a chaincode, one for every member organization of its chain, and restarts those that are to
 * run otherwise than they do.
 *
 * @param inspect - let debuggers attach
 * @returns names of the nodes that run otherwise than before
 * @throws NetworkError CHAINCODE_MISSING, NODE_DID_NOT_START, PORT_TAKEN
 */
export async function startChaincodeServices(
  site: Omit<DeploymentSite, 'commands'>,
  deployment: Deployment,
  inspect = false,
): Promise<readonly string[]> {
  const { stateDir, plan, driver } = site;
  const program = {
    packageId: packageOf(deployment).packageId,
    shim: shimProgram(deployment.path),
    codeDigest: codeDigest(deployment.path),
    inspect,
  };
  const peers = peersOf(plan, chainNamed(plan, deployment.chain));
  const specs = peers.map((peer) => chaincodeSpec(stateDir, plan, deployment, peer, program));
  const changed: string[] = [];
  await settleAll(
    specs.map(async (spec) => {
      if (await ensureRunning(stateDir, driver, spec)) changed.push(spec.name);
    }),
  );
  return changed.sort();
}

/**
 * Writes for every peer's external builder where its organization's chaincode services listen: those yet to be
 * installed through the builder's file, those installed before by replacing what the builder made of it.
 */
export function writeChaincodeAddresses(stateDir: string, plan: Plan): void {
  for (const chain of plan.topology.chains) {
    const deployments = plan.deployments.filter((deployment) => deployment.chain === chain.name);
    for (const { node, organization } of peersOf(plan, chain)) {
      const addresses = deployments.map((deployment) => ({
        deployment,
        address: chaincodeAddress(stateDir, plan, chaincodeNode(deployment, organization)),
      }));
      const byName = addresses.map(({ deployment, address }) => [deployment.name, address]);
      writeJson(addressesFile(stateDir, node), Object.fromEntries(byName));
      for (const { deployment, address } of addresses) {
        for (const file of releasedConnections(stateDir, node, packageOf(deployment).packageId)) {
          writeFileAtomic(file, `${JSON.stringify({ address, dial_timeout: '10s', tls_required: false })}\n`);
        }
      }
    }
  }
}

/**
 * Installs, approves and commits a chaincode on its chain, unless that is done, and waits until it answers everywhere.
 * Its services must be running, its channel joined.
 *
 * @throws NetworkError TOOL_FAILED, CHAINCODE_DOES_NOT_ANSWER
 */
export async function deployOnChain(site: DeploymentSite, deployment: Deployment): Promise<void> {
  const { stateDir, plan, commands } = site;
  const chain = chainNamed(plan, deployment.chain);
  const peers = peersOf(plan, chain);
  const { packageId } = packageOf(deployment);
  await runOnce(stateDir, commitNote(deployment), async () => {
    await Promise.all(peers.map((peer) => installOn(site, deployment, peer)));
    const definition = [
      ...['--channelID', chain.channel, '--name', deployment.name, '--version', deployment.version],
      ...['--sequence', String(deployment.sequence), '--signature-policy', deployment.policy],
      ...collectionsParameters(stateDir, deployment),
    ];
    await Promise.all(peers.map((peer) => commands.approve(chain, peer, definition, packageId)));
    await commands.commit(chain, peers, definition);
  });
}

/** All organizations approve, and one commits, what the same file says. */
function collectionsParameters(stateDir: string, deployment: Deployment): readonly string[] {
  const { chain, name, sequence, collections = [] } = deployment;
  if (collections.length === 0) return [];
  const file = join(stateDir, 'packages', `${name}@${chain}.${String(sequence)}.collections.json`);
  writeJson(file, collections);
  return ['--collections-config', file];
}

/** Whether every chaincode of a plan is in force, so that all there is to do is to start what is dead. */
export function isDeployed(stateDir: string, { deployments }: Plan): boolean {
  return deployments.every((deployment) => isDone(stateDir, commitNote(deployment)));
}

function commitNote({ chain, name, sequence }: Deployment): string {
  return `committed${sequence === 1 ? '' : `-${String(sequence)}`}-${chain}-${name}`;
}

/** Ends the services that no deployment of the plan has, such as those of a version that was replaced. */
export async function retireServices({ stateDir, plan, driver }: DeploymentSite): Promise<void> {
  const current = new Set(plan.deployments.flatMap((deployment) => servicesOf(plan, deployment)));
  const retired = registeredNodes(stateDir).filter(({ kind, name }) => kind === 'chaincode' && !current.has(name));
  await Promise.all(
    retired.map(async ({ name }) => {
      await driver.stop(name);
      forgetNode(stateDir, name);
    }),
  );
}

/** Gives a peer the package of a chaincode, once. */
export async function installOn(site: DeploymentSite, deployment: Deployment, peer: ChainPeer): Promise<void> {
  const { label, content } = packageOf(deployment);
  const file = join(site.stateDir, 'packages', `${label}.tar.gz`);
  if (!existsSync(file) || !readFileSync(file).equals(content)) writeFileAtomic(file, content);
  await runOnce(site.stateDir, `installed-${peer.node}-${label}`, () => site.commands.install(peer, file));
}

/** What a peer's external builder made of a package's connection.json: one file if it is installed, none if not. */
function releasedConnections(stateDir: string, node: string, packageId: string): readonly string[] {
  const builds = join(nodeDir(stateDir, node), 'data', 'externalbuilder', 'builds');
  if (!existsSync(builds)) return [];
  // The peer replaces characters of the package id that a file name should not have; the hash has none.
  const hash = packageId.slice(packageId.lastIndexOf(':') + 1);
  return readdirSync(builds)
    .filter((entry) => entry.endsWith(hash))
    .map((entry) => join(builds, entry, 'release', 'chaincode', 'server', 'connection.json'))
    .filter(existsSync);
}
