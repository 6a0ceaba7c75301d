// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
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
  /** A node that has the ledger. */
  readonly other: string;
  /** What stays in the folder of its data. */
  readonly kept: readonly string[];
  /** Starts the node, and makes it ask the others. */
  readonly start: () => Promise<void>;
  readonly height: (node: string) => Promise<number>;
}

/** Where an orderer keeps its Raft log and snapshots, in the folder of its data. */
const raftFolder = 'etcdraft';

/**
 * Fills the ledger of a peer or an orderer again from the other nodes of its chain, as a new one gets it. Its keys
 * stay; its old data are removed only when the new ones are as long as those of another node.
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
    const { spec, other, kept, start, height } =
      ordererOf(site, address.node, isRunning) ?? peerOf(site, address.node, isRunning);
    await driver.stop(spec.name);
    const old = putAside(dataOf(stateDir, spec.name), kept);
    forgetSteps(stateDir, spec.name);
    await start();
    const wanted = await height(other);
    const hasCaughtUp = async (): Promise<boolean> => (await height(spec.name)) >= wanted;
    await pollUntil(hasCaughtUp, { timeoutMs: catchUpSeconds * 1000, pollMs: 250 });
    rmSync(old, { recursive: true, force: true });
  });
}

/** Moves what is in a folder into one beside it, and leaves what is kept. @returns the folder beside it */
function putAside(data: string, kept: readonly string[]): string {
  const old = `${data}.old`;
  // An earlier attempt that was cut off has moved the old data already.
  const isRepeated = existsSync(old);
  mkdirSync(old, { recursive: true, mode: 0o700 });
  for (const name of existsSync(data) ? readdirSync(data) : []) {
    if (kept.includes(name)) continue;
    if (isRepeated) rmSync(join(data, name), { recursive: true });
    else renameSync(join(data, name), join(old, name));
  }
  return old;
}

/**
 * An orderer gets the blocks that it lacks from the others. Under Raft it keeps its log: the others would not take back
 * one that has lost what it promised. That log holds all blocks since the last snapshot, so an orderer that is the only
 * one of its chain fills its ledger from its log alone while there is none.
 *
 * @throws NetworkError NOT_REFILLABLE
 */
function ordererOf(site: DeploymentSite, name: string, isRunning: (node: string) => boolean): Refilling | undefined {
  const { stateDir, plan, commands } = site;
  const chain = plan.topology.chains.find((each) => orderersOf(each).includes(name));
  if (chain === undefined) return undefined;
  const isRaft = chain.ordering.consensus === 'etcdraft';
  const orderer = orderersOf(chain).find(isRunning);
  if (isRaft) requireRaftLog(join(dataOf(stateDir, name), raftFolder), chain.channel, orderer !== undefined);
  const peer = isRaft ? peersOf(plan, chain).find(({ node }) => isRunning(node)) : undefined;
  const other = orderer ?? peer?.node;
  if (other === undefined) throw notRefillable(`no other orderer runs of the chain of ${name}`);
  const spec = ordererSpecs(stateDir, plan, chain).find((each) => each.name === name);
  if (spec === undefined) throw new Error(`${name} is no orderer of ${chain.name}`);
  return {
    ...{ spec, other, kept: isRaft ? [raftFolder] : [] },
    start: () => startOrderer(site, chain, spec),
    height: (node) => (node === peer?.node ? commands.height(chain, peer) : commands.ordererHeight(chain, node)),
  };
}

/** @throws NetworkError NOT_REFILLABLE when an orderer's Raft log is gone, or lacks blocks that nobody else has */
function requireRaftLog(folder: string, channel: string, hasOthers: boolean): void {
  const has = (kind: 'wal' | 'snapshot', ending: string): boolean => {
    const files = join(folder, kind, channel);
    return existsSync(files) && readdirSync(files).some((file) => file.endsWith(ending));
  };
  if (!has('wal', '.wal')) throw notRefillable(`there is no Raft log in ${folder}, which holds what it promised`);
  if (!hasOthers && has('snapshot', '.snap'))
    throw notRefillable('its Raft log begins with a snapshot, and no other orderer runs that has the blocks before');
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
  return { spec, other, kept: [], start, height };
}

function locatePeer(stateDir: string, plan: Plan, name: string): { readonly chain: Chain; readonly spec: NodeSpec } {
  for (const chain of plan.topology.chains) {
    const spec = peerSpecs(stateDir, plan, chain).find((each) => each.name === name);
    if (spec !== undefined) return { chain, spec };
  }
  throw notRefillable(`${name} is no peer and no orderer`);
}

function notRefillable(why: string): NetworkError {
  const remedy = 'Name a peer or an orderer, and start another one of its chain first, or restore a snapshot.';
  return new NetworkError('NOT_REFILLABLE', why, remedy);
}

function dataOf(stateDir: string, node: string): string {
  return join(nodeDir(stateDir, node), 'data');
}

/** What was done to a node is to be done again once its data are gone. */
function forgetSteps(stateDir: string, node: string): void {
  const notes = join(stateDir, 'done');
  const ofNode = readdirSync(notes).filter(
    (note) => note === `joined-${node}` || note.startsWith(`installed-${node}-`),
  );
  for (const note of ofNode) rmSync(join(notes, note));
}
