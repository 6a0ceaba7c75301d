// SPDX-License-Identifier: Apache-2.0

import type { NodeProcess, NodeSpec } from '../drivers/driver/driver';
import { fail, ok, problemsOr, type Finding } from './finding';
import type { PortHolder } from '../drivers/native/port-holder';

/** What a node's operations service answered, and when. */
export interface Health {
  /** Undefined when it did not answer in time. */
  readonly status: number | undefined;
  /** The reason that it gives, when it is not well. */
  readonly reason: string;
  /** The node's clock. */
  readonly dateMs: number | undefined;
  /** This machine's clock at the same moment. */
  readonly nowMs: number;
}

/** A node that was started once, and what it does now. */
export interface NodeFacts {
  readonly spec: Pick<NodeSpec, 'name' | 'kind' | 'organization' | 'chain' | 'ports'>;
  readonly state: NodeProcess['state'];
  /** Ports of a dead node that another program has. */
  readonly taken: ReadonlyArray<{ readonly purpose: string; readonly port: number; readonly holder: PortHolder }>;
  /** The folder whose disk is full, when that ended the node. */
  readonly fullDisk: string | undefined;
  /** Orderers and peers that run have one. */
  readonly health: Health | undefined;
}

/** What the clocks of two machines may differ by; chaincode allows 60 s. */
const skewSeconds = 10;

const kinds: Readonly<Record<NodeSpec['kind'], string>> = {
  ca: 'CA',
  orderer: 'orderer',
  peer: 'peer',
  chaincode: 'chaincode service',
  service: 'service',
};

/** Judges every node by its process, its ports and the health that it reports. */
export function judgeNodes(nodes: readonly NodeFacts[]): readonly Finding[] {
  const problems = nodes.flatMap((node) => [...portFindings(node), ...stateFindings(node)]);
  const counted = Object.entries(kinds)
    .map(([kind, name]) => [name, nodes.filter(({ spec }) => spec.kind === kind).length] as const)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${String(count)} ${name}s`);
  return problemsOr(problems, ok('nodes', `${counted.join(', ') || 'none'} run`));
}

/** Judges this machine's clock by those of the nodes. */
export function judgeClocks(nodes: readonly NodeFacts[]): readonly Finding[] {
  const skews = nodes.flatMap(({ spec, health }) =>
    health?.dateMs === undefined ? [] : [{ name: spec.name, seconds: (health.dateMs - health.nowMs) / 1000 }],
  );
  if (skews.length === 0) return [];
  const worst = skews.reduce((a, b) => (Math.abs(b.seconds) > Math.abs(a.seconds) ? b : a));
  const seconds = Math.round(Math.abs(worst.seconds));
  if (seconds <= skewSeconds) return [ok('clocks', `this machine and ${String(skews.length)} nodes agree`)];
  const ahead = worst.seconds > 0 ? 'ahead of' : 'behind';
  const summary = `the clock of ${worst.name} is ${String(seconds)} s ${ahead} this machine's`;
  return [fail('clocks', 'CLOCK_SKEWED', summary, 'Synchronise the clocks (timedatectl set-ntp true)')];
}

function portFindings({ spec, taken }: NodeFacts): readonly Finding[] {
  return taken.map(({ purpose, port, holder }) => {
    const summary = `${spec.name} is dead, and ${holderText(holder)} has its port ${String(port)} (${purpose})`;
    const remedy =
      holder.pid === undefined
        ? 'End that program; it belongs to another user'
        : `End that program (kill ${String(holder.pid)}), then \`gridpeg node start ${spec.name}\``;
    return fail('nodes', 'PORT_TAKEN', summary, remedy);
  });
}

function holderText({ pid, program, network }: PortHolder): string {
  if (pid === undefined) return 'another program';
  const whose = network === undefined ? '' : `, a node of the network in ${network}`;
  return `${program ?? 'a program'} (process ${String(pid)}${whose})`;
}

function stateFindings({ spec, state, taken, health, fullDisk }: NodeFacts): readonly Finding[] {
  const { name, kind, chain } = spec;
  const who = `${kinds[kind]} ${name}${chain === undefined ? '' : ` of ${chain}`}`;
  if (state === 'dead') {
    if (taken.length > 0) return [];
    const remedy =
      `Start it (\`gridpeg node start ${name}\`, or \`gridpeg doctor --fix\`); ` +
      `\`gridpeg logs ${name}\` says why it ended`;
    const cause = fullDisk === undefined ? '' : `: the disk of ${fullDisk} is full`;
    const first = fullDisk === undefined ? 'Start it' : 'Make room; then start it';
    const advice = remedy.replace('Start it', first);
    return [fail('nodes', 'NODE_DEAD', `${who} is dead${cause}`, advice, { kind: 'start', node: name })];
  }
  if (state === 'paused') {
    const remedy = `Let it go on (\`gridpeg node resume ${name}\`, or \`gridpeg doctor --fix\`)`;
    const summary = `${who} is paused: it keeps its connections and answers nothing`;
    return [fail('nodes', 'NODE_PAUSED', summary, remedy, { kind: 'resume', node: name })];
  }
  if (health === undefined || health.status === 200) return [];
  if (health.status === undefined) {
    const remedy = `Read \`gridpeg logs ${name}\`; if it lasts, \`gridpeg restart ${name}\``;
    return [fail('nodes', 'NODE_HANGS', `${who} runs, and does not answer`, remedy)];
  }
  const summary = `${who} says that it is not well: ${health.reason}`;
  return [fail('nodes', 'NODE_UNWELL', summary, `Read \`gridpeg logs ${name}\``)];
}
