// SPDX-License-Identifier: Apache-2.0

import { type NodeStatus } from '@gridpeg/network';
import { describeProblem, type NetworkReport, type NotaryReport } from '../../doctor/network-report';
import { formatTable } from './format-table';

/** The report as tables. */
export function reportLines(report: NetworkReport): readonly string[] {
  const nodes = [...report.nodes].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  const nodeColumns = ['node', 'kind', 'chain', 'state'].map((heading) => ({ heading }));
  return [
    ...formatTable(
      [...nodeColumns, { heading: 'pid', right: true }, { heading: 'MB', right: true }],
      nodes.map((node) => [
        ...[
          node.name,
          node.kind,
          node.chain ?? '',
          node.fullDisk === undefined ? node.state : `${node.state}: disk full`,
        ],
        ...[node.pid?.toString() ?? '', megabytes(node.residentBytes)],
      ]),
    ),
    '',
    ...formatTable(
      [
        { heading: 'chain' },
        { heading: 'blocks', right: true },
        { heading: 'configuration', right: true },
        { heading: 'chain id' },
      ],
      report.chains.map((chain) => [
        ...[chain.name, chain.height?.toString() ?? '-', chain.configuration?.toString() ?? 'none'],
        chain.problem ?? chain.chainId,
      ]),
    ),
    ...report.chains.flatMap(({ name, problem, problems }) =>
      problems.flatMap((each) => (describeProblem(each) === problem ? [] : [`${name}: ${describeProblem(each)}`])),
    ),
    '',
    ...formatTable(
      [{ heading: 'notary' }, { heading: 'can sign' }, { heading: 'address' }],
      report.notaries.members.map((member) => [member.organization, canSign(member), member.url]),
    ),
    '',
    summary(report),
  ];
}

function summary({ well, nodes, chains, notaries }: NetworkReport): string {
  const failing = chains.filter(({ problem }) => problem !== undefined).map(({ name }) => name);
  if (nodes.length === 0 && notaries.members.length === 0) {
    const answering = chains.filter(({ problem }) => problem === undefined).length;
    const what =
      `${answering.toString()} of ${chains.length.toString()} chains answer; ` + 'others run their nodes and notaries.';
    return well ? `All is well: ${what}` : what;
  }
  const running = nodes.filter(({ state }) => state === 'running').length;
  const signing = notaries.members.filter((member) => canSign(member) === 'yes').length;
  const counts =
    `${running.toString()} of ${nodes.length.toString()} nodes run, ${signing.toString()} of ` +
    `${notaries.members.length.toString()} notaries can sign (${notaries.required.toString()} must).`;
  if (well) return `All is well: ${counts}`;
  const stopped = failing.length === 0 ? '' : ` Not all that commits on ${failing.join(', ')} answers.`;
  const full = [...new Set(nodes.flatMap(({ fullDisk }) => fullDisk ?? []))];
  const first = full.length === 0 ? '' : ` Make room on the disk of ${full.join(' and ')} first.`;
  return (
    `${counts}${stopped}${first} Start what is dead with \`gridpeg up\` or ` +
    '`gridpeg node start`, or where others run it.'
  );
}

function canSign({ answers, signingError }: NotaryReport): string {
  if (!answers) return 'no answer';
  return signingError === undefined ? 'yes' : `no: ${signingError}`;
}

function orderOf({ chain, kind, name }: NodeStatus): string {
  return `${chain ?? '~'} ${kind} ${name}`;
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : Math.round(bytes / 1_048_576).toString();
}
