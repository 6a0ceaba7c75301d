// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';

import type { Driver, NodeSpec } from '../drivers/driver/driver';
import { NetworkError } from '../runtime/network-error';
import { identityFiles, type Identity } from '../render/authorities';
import { localAddressOf } from '../render/layout';
import { isDue, readValidity } from './certificate-validity';
import { Enrolment, type Purpose, type RunningAuthority } from './enrolment';
import { registration, ensureRunning } from '../state/node-registry';
import { ordererSpecs, peerSpecs } from '../nodes/node-specs';
import type { Plan } from '../state/plan';
import { settleAll } from '../runtime/progress';
import { pollUntil } from '../runtime/poll-until';

const leaderSeconds = 60;
const electionSeconds = 15;
/** The metric of a Raft leader. Under SmartBFT, followers accept transactions from everybody. */
const leads = /^consensus_(etcdraft_is_leader|BFT_leader_id)\S* [1-9]/m;
/** The metrics of an orderer, under Raft and SmartBFT, once it has followed a leader. */
const hasLeader = /^consensus_(etcdraft_leader_changes|BFT_leader_id)\S* [1-9]/m;

/** The result of a renewal. */
export interface Renewed {
  /** The number of certificates. */
  readonly certificates: number;
  /** Nodes, in the order in which they were restarted. */
  readonly restarted: readonly string[];
}

/**
 * Renews certificates and starts the running nodes that have new ones again, one after the other. Killed in between,
 * the next `up` starts those that were left: what a node runs as names its certificates.
 *
 * @param window - how many days before its end a certificate is renewed; `all`: in any case
 */
export async function renewAndRestart(
  stateDir: string,
  plan: Plan,
  driver: Driver,
  authorities: readonly RunningAuthority[],
  window: number | 'all',
): Promise<Renewed> {
  const enrolment = new Enrolment(stateDir, plan, driver);
  const counts: number[] = [];
  await settleAll(
    authorities.map(async (authority) => {
      counts.push(await renewOf(enrolment, authority, window));
    }),
  );
  const certificates = counts.reduce((sum, count) => sum + count, 0);
  const restarted: string[] = [];
  for (const chain of plan.topology.chains) {
    const orderers = ordererSpecs(stateDir, plan, chain);
    for (const spec of [...peerSpecs(stateDir, plan, chain), ...orderers]) {
      if (!(await driver.status()).has(spec.name) || registration(stateDir, spec) === 'same') continue;
      await driver.stop(spec.name);
      if (spec.kind === 'orderer') {
        await waitForLeader(
          plan,
          orderers.filter((other) => other !== spec),
        );
      }
      await ensureRunning(stateDir, driver, spec);
      if (spec.kind === 'orderer') await waitUntilFollowing(plan, spec);
      restarted.push(spec.name);
    }
  }
  return { certificates, restarted };
}

async function renewOf(enrolment: Enrolment, authority: RunningAuthority, window: number | 'all'): Promise<number> {
  let count = 0;
  for (const identity of authority.identities) {
    for (const purpose of ['msp', 'tls'] as const) {
      if (!isWanted(identity, purpose, window)) continue;
      await enrolment.renew(authority, identity, purpose);
      count += 1;
    }
  }
  return count;
}

function isWanted(identity: Identity, purpose: Purpose, window: number | 'all'): boolean {
  if (window === 'all') return true;
  const { certificate, tlsCertificate } = identityFiles(identity);
  const file = purpose === 'msp' ? certificate : tlsCertificate;
  const validity = readValidity(readFileSync(file, 'utf8'));
  if (validity !== undefined) return isDue(validity, new Date(), window);
  throw new NetworkError(
    'STATE_UNREADABLE',
    `${file} is no certificate`,
    'Run "gridpeg up", which puts back its copy.',
  );
}

/** Orderers that still believe in a leader which has just stopped would forward to it what it loses when it starts. */
async function waitForLeader(plan: Plan, others: readonly NodeSpec[]): Promise<void> {
  if (others.length > 0) await waitForMetrics(plan, others, leads, electionSeconds);
}

/** Until an orderer follows a leader again, stopping another one could leave its chain without a majority. */
async function waitUntilFollowing(plan: Plan, spec: NodeSpec): Promise<void> {
  if (await waitForMetrics(plan, [spec], hasLeader, leaderSeconds)) return;
  throw new NetworkError(
    'NODE_DID_NOT_START',
    `${spec.name} has new certificates and does not follow a leader`,
    'See with "gridpeg status" whether most orderers of its chain run, then run "gridpeg certificates renew" again.',
  );
}

/** Waits until the metrics of one of some nodes match; false if none do in time. */
async function waitForMetrics(
  { ports }: Plan,
  nodes: readonly NodeSpec[],
  pattern: RegExp,
  seconds: number,
): Promise<boolean> {
  const urls = nodes.map(({ name }) => `http://${localAddressOf(ports, name, 'operations')}/metrics`);
  const metricsAt = (url: string): Promise<string> =>
    fetch(url).then(
      (response) => response.text(),
      () => '',
    );
  const isThere = async (): Promise<boolean> =>
    (await Promise.all(urls.map(metricsAt))).some((metrics) => pattern.test(metrics));
  return (await pollUntil(isThere, { timeoutMs: seconds * 1000, pollMs: 100 })) === true;
}
