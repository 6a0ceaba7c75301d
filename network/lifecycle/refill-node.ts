// SPDX-License-Identifier: Apache-2.0

import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { NodeSpec } from '../drivers/driver/driver';
import { driverOf } from '../drivers/driver-of';
import { NetworkError } from '../runtime/network-error';
import { nodeDir } from '../render/layout';
import type { Chain } from '../topology/topology';
import { startOrderer, startPeer } from './bring-up';
import type { DeploymentSite } from '../chaincode/chaincode-deployment';
import { waitForChaincode } from '../chaincode/wait-for-chaincode';
import { FabricCommands } from '../nodes/fabric-commands';
import { lockSeconds, withLock } from '../runtime/lock';
import type { NodeAddress } from '../nodes/node-control';
import { ordererSpecs, peerSpecs } from '../nodes/node-specs';
import { absoluteStateDir, orderersOf, peersOf, requireOwnPlan, type Plan } from '../state/plan';
import { settleAll } from '../runtime/progress';
import { pollUntil } from '../runtime/poll-until';

const catchUpSeconds = 600;

/** A node whose ledger can be had from others. */
interface Refilling {
  readonly spec: NodeSpec;
  /** a node of the same kind that has the ledger */
  readonly other: string;
  /** starts the node, and makes it ask the others */
  readonly start: () => Promise<void>;
  readonly height: (node: string) => Promise<number>;
}

/**
 * Fills the ledger of a peer, or of an orderer under SmartBFT, again from the other nodes of its chain, as a new one
 * gets it. Its keys stay; its old data are removed only when the new ones are as long as those of another node.
 *
 * @throws NetworkError NETWORK_NOT_UP, NETWORK_ATTACHED, NOT_REFILLABLE before anything is done; NODE_DID_NOT_START
 */
export async function refillNode(address: NodeAddress): Promise<void> {
  const stateDir = absoluteStateDir(address.stateDir);
  await withLock(stateDir, lockSeconds, async () => {
    const plan = requireOwnPlan(stateDir);
    const driver = driverOf(stateDir, plan.driver);
    const site = { stateDir, plan, driver, commands: new FabricCommands(stateDir, plan, driver) };
    const alive = await driver.status();
    const isRunning = (node: string): boolean => node !== address.node && alive.get(node)?.state === 'running';
    const { spec, other, start, height } =
      ordererOf(site, address.node, isRunning) ?? peerOf(site, address.node, isRunning);
    await driver.stop(spec.name);
    const data = join(nodeDir(stateDir, spec.name), 'data');
    const old = `${data}.old`;
    // An earlier attempt that was cut off has moved the old data already.
    if (existsSync(data) && !existsSync(old)) renameSync(data, old);
    rmSync(data, { recursive: true, force: true });
    forgetSteps(stateDir, spec.name);
    await start();
    const wanted = await height(other);
    const hasCaughtUp = async (): Promise<boolean> => (await height(spec.name)) >= wanted;
    await pollUntil(hasCaughtUp, { timeoutMs: catchUpSeconds * 1000, pollMs: 250 });
    rmSync(old, { recursive: true, force: true });
  });
}

/**
 * An orderer under SmartBFT, which gets blocks that it lacks from the others. Raft takes an orderer without its log for
 * one that has lost what it promised, so it has to be removed from the channel and added again.
 */
function ordererOf(site: DeploymentSite, name: string, isRunning: (node: string) => boolean): Refilling | undefined {
  const { stateDir, plan, commands } = site;
  const chain = plan.topology.chains.find((each) => orderersOf(each).includes(name));
  if (chain?.ordering.consensus !== 'BFT') return undefined;
  const spec = ordererSpecs(stateDir, plan, chain).find((each) => each.name === name);
  const other = orderersOf(chain).find(isRunning);
  if (spec === undefined || other === undefined) throw notRefillable(`no other orderer runs of the chain of ${name}`);
  const start = (): Promise<void> => startOrderer(site, chain, spec);
  return { spec, other, start, height: (node) => commands.ordererHeight(chain, node) };
}

/** @throws NetworkError NOT_REFILLABLE */
function peerOf(site: DeploymentSite, name: string, isRunning: (node: string) => boolean): Refilling {
  const { stateDir, plan, commands } = site;
  const { chain, spec } = locatePeer(stateDir, plan, name);
  const peers = peersOf(plan, chain);
  const other = peers.map(({ node }) => node).find(isRunning);
  if (other === undefined) throw notRefillable(`no other peer runs of the chain of ${name}`);
  const start = async (): Promise<void> => {
    await startPeer(site, chain, spec);
    const deployments = plan.deployments.filter((deployment) => deployment.chain === chain.name);
    await settleAll(deployments.map((deployment) => waitForChaincode(site, deployment)));
  };
  const height = async (node: string): Promise<number> => {
    const peer = peers.find((each) => each.node === node);
    return peer === undefined ? 0 : commands.height(chain, peer);
  };
  return { spec, other, start, height };
}

function locatePeer(stateDir: string, plan: Plan, name: string): { readonly chain: Chain; readonly spec: NodeSpec } {
  for (const chain of plan.topology.chains) {
    const spec = peerSpecs(stateDir, plan, chain).find((each) => each.name === name);
    if (spec !== undefined) return { chain, spec };
  }
  throw notRefillable(`${name} is no peer`);
}

function notRefillable(why: string): NetworkError {
  const remedy = 'Name a peer or an orderer under SmartBFT, and start another one of its chain first.';
  return new NetworkError('NOT_REFILLABLE', why, remedy);
}

/** What was done to a peer is to be done again once its data are gone. */
function forgetSteps(stateDir: string, node: string): void {
  const notes = join(stateDir, 'done');
  const ofNode = readdirSync(notes).filter(
    (note) => note === `joined-${node}` || note.startsWith(`installed-${node}-`),
  );
  for (const note of ofNode) rmSync(join(notes, note));
}
