// SPDX-License-Identifier: Apache-2.0

import { isImported, networkStatus, type Finding, type NodeStatus } from '@gridpeg/network';
import { isPegErrorCode, PegError, type PegErrorCode } from '../client';
import { askNotaries, notaryNode } from '../committee/notary-services';
import { PeggedNetwork, type ChainState } from '../consortium/consortium';
import { judgeCommits } from './judge-ledgers';
import { type ChainFacts } from './ledger-facts';
import { askChains } from './ledger-checks';
import { underLoad } from './machine-load';

/** One chain. */
interface ChainReport {
  readonly name: string;
  readonly chainId: string;
  /** The number of blocks; undefined when it does not answer. */
  readonly height: bigint | undefined;
  readonly configuration: number | undefined;
  /** The code and message, when it does not answer or is not configured, or else the first of `problems`. */
  readonly problem: string | undefined;
  /** Peers, chaincode and orderers that do not answer, whoever runs them. */
  readonly problems: ReadonlyArray<Pick<Finding, 'code' | 'what'>>;
}

/** One notary of the committee. */
export interface NotaryReport {
  readonly organization: string;
  readonly url: string;
  readonly answers: boolean;
  /** The code of what keeps it from signing, when something does. */
  readonly signingError: string | undefined;
}

/** The status of nodes, chains and notaries of a network. */
export interface NetworkReport {
  readonly well: boolean;
  readonly nodes: readonly NodeStatus[];
  readonly chains: readonly ChainReport[];
  readonly notaries: { readonly required: number; readonly members: readonly NotaryReport[] };
}

/**
 * Asks nodes, chains and notaries how they are. Where something does not answer and the machine is busy, it asks again
 * with longer time limits.
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
    // Whoever runs an imported network knows where its notaries are.
    const notaries = isImported(stateDir) ? [] : peg.committee.notaries;
    const nodes = await networkStatus({ stateDir });
    const asked = askChains(network, stateDir, nodes, slowness);
    const [facts, answers] = await Promise.all([
      Promise.all(asked),
      askNotaries(network, stateDir, notaries, slowness),
    ]);
    const members = answers.map(({ organization, url, health }) => {
      return { organization, url, answers: health !== undefined, signingError: health?.signing.lastError };
    });
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
    problem: [...problems.map(describeProblem), ...failures][0],
    problems: problems.map(({ code, what }) => ({ code, what })),
  };
}

/** Why there is no configuration; undefined when there is one. */
function lackOf(configuration: ChainFacts['configuration']): PegErrorCode | undefined {
  if (typeof configuration === 'object') return undefined;
  return configuration !== undefined && isPegErrorCode(configuration) ? configuration : 'CHAINCODE_FAILED';
}

/** A problem in one line, as it is printed. */
export function describeProblem({ code = '', what }: Pick<Finding, 'code' | 'what'>): string {
  return `${code}: ${what}`;
}
