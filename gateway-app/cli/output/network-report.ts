// SPDX-License-Identifier: Apache-2.0

import { isImported, networkStatus, type Finding, type NodeStatus } from '@gridpeg/network';
import { isPegErrorCode, PegError, type PegErrorCode } from '../../client';
import { judgeCommits, underLoad, type ChainFacts } from '../../doctor';
import { toJson, type CommandContext } from '../context/command-context';
import { formatTable } from './format-table';
import { askChains } from '../../doctor/ledger-checks';
import { readAddresses } from '../../committee/notary-addresses';
import { askHealth, notaryNode, urlOf } from '../../committee/notary-services';
import { PeggedNetwork, type ChainState } from '../../consortium/consortium';

interface ChainReport {
  readonly name: string;
  readonly chainId: string;
  /** number of blocks; undefined when it does not answer */
  readonly height: bigint | undefined;
  readonly configuration: number | undefined;
  /** code and message, when it does not answer or is not configured, or else the first of `problems` */
  readonly problem: string | undefined;
  /** peers, chaincode and orderers that do not answer, whoever runs them */
  readonly problems: ReadonlyArray<Pick<Finding, 'code' | 'what'>>;
}

interface NotaryReport {
  readonly organization: string;
  readonly url: string;
  readonly answers: boolean;
  /** code of what keeps it from signing, when something does */
  readonly signingError: string | undefined;
}

/** What `gridpeg status` tells. */
export interface NetworkReport {
  readonly well: boolean;
  readonly nodes: readonly NodeStatus[];
  readonly chains: readonly ChainReport[];
  readonly notaries: { readonly required: number; readonly members: readonly NotaryReport[] };
}

/**
 * Asks again with longer time limits when something does not answer and the machine is busy.
 *
 * @throws NetworkError NETWORK_NOT_UP
 */
export async function networkReport(stateDir: string): Promise<NetworkReport> {
  const { result, load } = await underLoad(() => reportOnce(stateDir, 1));
  return result.well || load.factor === 1 ? result : reportOnce(stateDir, load.factor);
}

async function reportOnce(stateDir: string, slowness: number): Promise<NetworkReport> {
  return PeggedNetwork.with(stateDir, async (network) => {
    const { chains, peg } = network.state;
    const addresses = readAddresses(stateDir);
    // Whoever runs an imported network knows where its notaries are.
    const notaries = isImported(stateDir) ? [] : peg.committee.notaries;
    const nodes = await networkStatus({ stateDir });
    const asked = askChains(network, stateDir, nodes, slowness);
    const [facts, members] = await Promise.all([
      Promise.all(asked),
      Promise.all(
        notaries.map(async (organization) => {
          const url = urlOf(addresses, organization);
          const health = await askHealth(network, organization, url, slowness);
          const signingError = health?.signing.lastError;
          return { organization, url, answers: health !== undefined, signingError };
        }),
      ),
    ]);
    const chainReports = facts.flatMap((each, index) => {
      const chain = chains[index];
      return chain === undefined ? [] : [chainReport(chain, each)];
    });
    const started = new Set(nodes.map(({ name }) => name));
    const well =
      nodes.every(({ state }) => state === 'running') &&
      chainReports.every(({ problem }) => problem === undefined) &&
      members.every(
        ({ organization, answers, signingError }) =>
          answers && signingError === undefined && started.has(notaryNode(network, organization)),
      );
    return { well, nodes, chains: chainReports, notaries: { required: peg.committee.threshold, members } };
  });
}

function chainReport({ name, chainId }: ChainState, facts: ChainFacts): ChainReport {
  const problems = judgeCommits(facts);
  const { configuration, peers } = facts;
  const heights = peers.flatMap(({ height }) => height ?? []);
  const lack = heights.length === 0 ? 'PEER_UNAVAILABLE' : lackOf(configuration);
  const failures = lack === undefined ? [] : [new PegError({ code: lack }).message];
  return {
    ...{ name, chainId },
    height: heights.reduce((most, height) => (height > most ? height : most), heights[0] ?? 0n) || undefined,
    configuration: typeof configuration === 'object' ? configuration.sequence : undefined,
    problem: [...problems.map(told), ...failures][0],
    problems: problems.map(({ code, what }) => ({ code, what })),
  };
}

/** Why there is no configuration; undefined when there is one. */
function lackOf(configuration: ChainFacts['configuration']): PegErrorCode | undefined {
  if (typeof configuration === 'object') return undefined;
  return configuration !== undefined && isPegErrorCode(configuration) ? configuration : 'CHAINCODE_FAILED';
}

function told({ code = '', what }: Pick<Finding, 'code' | 'what'>): string {
  return `${code}: ${what}`;
}

/** Prints the report as tables, or as JSON. */
export function printReport(report: NetworkReport, { json, print }: CommandContext): void {
  if (json) {
    print(toJson(report));
    return;
  }
  const nodes = [...report.nodes].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  const nodeColumns = ['node', 'kind', 'chain', 'state'].map((heading) => ({ heading }));
  const lines = [
    ...formatTable(
      [...nodeColumns, { heading: 'pid', right: true }, { heading: 'MB', right: true }],
      nodes.map((node) => [
        ...[node.name, node.kind, node.chain ?? '', node.state],
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
      problems.flatMap((each) => (told(each) === problem ? [] : [`${name}: ${told(each)}`])),
    ),
    '',
    ...formatTable(
      [{ heading: 'notary' }, { heading: 'can sign' }, { heading: 'address' }],
      report.notaries.members.map((member) => [member.organization, canSign(member), member.url]),
    ),
    '',
    summary(report),
  ];
  for (const line of lines) print(line);
}

function summary({ well, nodes, chains, notaries }: NetworkReport): string {
  const failing = chains.filter(({ problem }) => problem !== undefined).map(({ name }) => name);
  if (nodes.length === 0 && notaries.members.length === 0) {
    const answering = chains.filter(({ problem }) => problem === undefined).length;
    const what = `${answering.toString()} of ${chains.length.toString()} chains answer; others run their nodes and notaries.`;
    return well ? `All is well: ${what}` : what;
  }
  const running = nodes.filter(({ state }) => state === 'running').length;
  const signing = notaries.members.filter((member) => canSign(member) === 'yes').length;
  const counts =
    `${running.toString()} of ${nodes.length.toString()} nodes run, ${signing.toString()} of ` +
    `${notaries.members.length.toString()} notaries can sign (${notaries.required.toString()} must).`;
  if (well) return `All is well: ${counts}`;
  const stopped = failing.length === 0 ? '' : ` Not all that commits on ${failing.join(', ')} answers.`;
  return `${counts}${stopped} Start what is dead with \`gridpeg up\` or \`gridpeg node start\`, or where others run it.`;
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
