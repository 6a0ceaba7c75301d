// SPDX-License-Identifier: Apache-2.0

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { withLock } from '../runtime/lock';
import { networkStateFile, readNetwork, type NetworkState } from '../state/network-state';
import { registeredNodes } from '../state/node-registry';
import { readPlan, type Plan } from '../state/plan';
import { isStateFolder } from '../state/state-folder';
import type { NodeSpec } from '../drivers/driver/driver';
import { NetworkError } from '../runtime/network-error';
import type { Topology } from '../topology/topology';
import { fail, failedBy, ok, problemsOr, warn, type Finding } from './finding';

/** The content of a state folder, as far as it can be read. */
export interface StateFacts {
  readonly stateDir: string;
  readonly folder: 'absent' | 'empty' | 'foreign' | 'ours';
  readonly plan: Plan | undefined;
  readonly network: NetworkState | undefined;
  readonly nodes: readonly NodeSpec[];
  /** What could not be read. */
  readonly faults: readonly NetworkError[];
  /** Files that a crash left half written. */
  readonly partials: readonly string[];
  /** Whether another `gridpeg` process holds its lock now. */
  readonly isBusy: boolean;
}

/** Reads a state folder; what is damaged is returned, not thrown. */
export async function readState(stateDir: string): Promise<StateFacts> {
  const faults: NetworkError[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      faults.push(error);
      return undefined;
    }
  };
  const folder = folderOf(stateDir);
  const network = (): NetworkState | undefined =>
    existsSync(networkStateFile(stateDir)) ? readNetwork(stateDir) : undefined;
  return {
    stateDir,
    folder,
    plan: attempt(() => readPlan(stateDir)),
    network: attempt(network),
    nodes: attempt(() => registeredNodes(stateDir)) ?? [],
    faults,
    partials: folder === 'ours' ? partialsIn(stateDir) : [],
    isBusy: folder === 'ours' && (await isLocked(stateDir)),
  };
}

/**
 * Judges whether a state folder holds a whole network of this very folder.
 *
 * @param wanted - the topology that the user means to have, if one was named
 */
export function judgeState(facts: StateFacts, wanted?: Topology): readonly Finding[] {
  const { stateDir, plan, faults } = facts;
  const nothing = unjudgeable(facts);
  if (nothing !== undefined) return [nothing];
  const problems = [
    ...faults.map((fault) => failedBy('state', fault)),
    ...halfStartedFindings(facts),
    ...movedFindings(facts),
    ...topologyFindings(facts, wanted),
    ...partialFindings(facts),
  ];
  const summary = plan === undefined ? 'a network that others run' : `topology ${plan.topology.name}`;
  return problemsOr(problems, ok('state', `${summary} in ${stateDir}`));
}

/** The finding about a folder that holds no network, or one that is changing. */
function unjudgeable({ stateDir, folder, isBusy }: StateFacts): Finding | undefined {
  if (folder === 'absent' || folder === 'empty') return ok('state', `there is no network in ${stateDir}`);
  if (folder === 'foreign') {
    const summary = `${stateDir} holds files that gridpeg did not make`;
    return fail('state', 'STATE_DIR_FOREIGN', summary, 'Name another folder with --state');
  }
  if (!isBusy) return undefined;
  const summary = 'another gridpeg is at work on this network, which may change while it is looked at';
  return warn('state', 'STATE_LOCKED', summary, 'Let it end, and look again');
}

/** An imported network has no plan, as there is nothing of it to start. */
function halfStartedFindings({ network, faults }: StateFacts): readonly Finding[] {
  if (faults.length > 0 || network !== undefined) return [];
  const summary = 'an `up` of this network did not come to its end';
  const remedy = 'Run `gridpeg up` again, which goes on where it stopped, or `gridpeg down`';
  return [fail('state', 'NETWORK_HALF_STARTED', summary, remedy)];
}

function partialFindings({ partials }: StateFacts): readonly Finding[] {
  if (partials.length === 0) return [];
  const summary = `a crash left ${String(partials.length)} files half written, such as ${partials[0] ?? ''}`;
  const fix = { kind: 'remove', files: partials } as const;
  return [warn('state', 'PARTIAL_FILES', summary, 'Remove them (`gridpeg doctor --fix` does)', fix)];
}

/** A copy answers with the ports and keys of the network that it was copied from. */
function movedFindings({ stateDir, plan, network, nodes }: StateFacts): readonly Finding[] {
  const paths = [
    ...(network?.organizations ?? []).map(({ caCertFile }) => caCertFile),
    ...nodes.filter(({ kind }) => kind === 'orderer' || kind === 'peer').map(({ cwd }) => cwd),
  ];
  const root = plan?.attached ?? stateDir;
  const foreign = paths.find((path) => !path.startsWith(`${root}/`));
  if (foreign === undefined) return [];
  const home = foreign.split(/\/(?:organizations|nodes)\//)[0] ?? foreign;
  const summary = `the files were made for the folder ${home}: this one was moved or copied`;
  const remedy = `Move it back to ${home}; a snapshot taken there can be restored here`;
  return [fail('state', 'STATE_MOVED', summary, remedy)];
}

function topologyFindings({ plan }: StateFacts, wanted: Topology | undefined): readonly Finding[] {
  if (wanted === undefined || plan === undefined) return [];
  if (JSON.stringify(wanted) === JSON.stringify(plan.topology)) return [];
  const summary = `the network was made of another topology than the one named (${wanted.name})`;
  return [fail('topology', 'TOPOLOGY_CHANGED', summary, 'Name the one it has, or take it down first')];
}

function folderOf(stateDir: string): StateFacts['folder'] {
  if (!existsSync(stateDir)) return 'absent';
  if (isStateFolder(stateDir)) return 'ours';
  return readdirSync(stateDir).length === 0 ? 'empty' : 'foreign';
}

function partialsIn(stateDir: string): readonly string[] {
  // Ledgers and logs belong to Fabric and are large, so they are not searched.
  const folders = ['.', 'organizations', 'channel-artifacts', 'configtx', 'nodes', 'notaries', 'builders'];
  return folders
    .map((folder) => join(stateDir, folder))
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((path) => path.endsWith('.partial'));
}

async function isLocked(stateDir: string): Promise<boolean> {
  try {
    await withLock(stateDir, 0, () => Promise.resolve());
    return false;
  } catch (error) {
    if (error instanceof NetworkError && error.code === 'STATE_LOCKED') return true;
    throw error;
  }
}
