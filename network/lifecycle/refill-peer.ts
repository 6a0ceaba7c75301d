// SPDX-License-Identifier: Apache-2.0

import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { NodeSpec } from '../drivers/driver';
import { driverOf } from '../drivers/driver-of';
import { NetworkError } from '../network-error';
import { nodeDir } from '../render/layout';
import type { Chain } from '../topology/topology';
import { startPeer } from './bring-up';
import { untilAnswering } from './chaincode-deployment';
import { FabricCommands } from './fabric-commands';
import { LOCK_SECONDS, withLock } from './lock';
import type { NodeAddress } from './node-control';
import { peerSpecs } from './node-specs';
import { absoluteStateDir, peersOf, requireOwnPlan, type ChainPeer, type Plan } from './plan';
import { settleAll } from './progress';

const CATCH_UP_SECONDS = 600;

/**
 * Fills the ledger of a peer again from the other nodes of its chain, as a new peer gets it. Its keys stay; its old data are
 * removed only when the new ones are as long as those of another peer.
 *
 * @throws NetworkError NETWORK_NOT_UP, NETWORK_ATTACHED, NOT_REFILLABLE before anything is done; NODE_DID_NOT_START
 */
export async function refillPeer(address: NodeAddress): Promise<void> {
  const stateDir = absoluteStateDir(address.stateDir);
  await withLock(stateDir, LOCK_SECONDS, async () => {
    const plan = requireOwnPlan(stateDir);
    const driver = driverOf(stateDir, plan.driver);
    const { chain, peer, spec } = locatePeer(stateDir, plan, address.node);
    const running = await driver.status();
    const other = peersOf(plan, chain).find(({ node }) => node !== spec.name && running.get(node)?.state === 'running');
    if (other === undefined) throw notRefillable(`no other peer runs of the chain of ${spec.name}`);
    const commands = new FabricCommands(stateDir, plan, driver);
    const site = { stateDir, plan, driver, commands };
    await driver.stop(spec.name);
    const data = join(nodeDir(stateDir, spec.name), 'data');
    const old = `${data}.old`;
    // An earlier attempt that was cut off has moved the old data already.
    if (existsSync(data) && !existsSync(old)) renameSync(data, old);
    rmSync(data, { recursive: true, force: true });
    forgetSteps(stateDir, spec.name);
    await startPeer(site, chain, spec);
    const height = await commands.height(chain, other);
    const deadline = performance.now() + CATCH_UP_SECONDS * 1000;
    while ((await commands.height(chain, peer)) < height && performance.now() < deadline) await delay(250);
    const deployments = plan.deployments.filter((deployment) => deployment.chain === chain.name);
    await settleAll(deployments.map((deployment) => untilAnswering(site, deployment)));
    rmSync(old, { recursive: true, force: true });
  });
}

function locatePeer(
  stateDir: string,
  plan: Plan,
  name: string,
): { readonly chain: Chain; readonly peer: ChainPeer; readonly spec: NodeSpec } {
  for (const chain of plan.topology.chains) {
    const peer = peersOf(plan, chain).find(({ node }) => node === name);
    const spec = peerSpecs(stateDir, plan, chain).find((each) => each.name === name);
    if (peer !== undefined && spec !== undefined) return { chain, peer, spec };
  }
  throw notRefillable(`${name} is no peer`);
}

function notRefillable(why: string): NetworkError {
  return new NetworkError('NOT_REFILLABLE', why, 'Name a peer, and start another one of its chain first');
}

/** What was done to a peer is to be done again once its data are gone. */
function forgetSteps(stateDir: string, node: string): void {
  const notes = join(stateDir, 'done');
  const ofNode = readdirSync(notes).filter(
    (note) => note === `joined-${node}` || note.startsWith(`installed-${node}-`),
  );
  for (const note of ofNode) rmSync(join(notes, note));
}
