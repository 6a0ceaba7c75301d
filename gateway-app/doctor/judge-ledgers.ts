// SPDX-License-Identifier: Apache-2.0

import { type Finding } from '@gridpeg/network';
import { fail } from './finding';
import { type ChainFacts, type PeerFacts } from './ledger-facts';

/** What keeps a chain from committing, or will when the other peers fail, too. */
const STOPPING: ReadonlySet<string> = new Set([
  'PEER_SILENT',
  'CHAINCODE_DOES_NOT_ANSWER',
  'ORDERER_SILENT',
  'ORDERERS_WITHOUT_LEADER',
]);

/**
 * Judges what a transaction needs, by the answers of a chain's peers: peers, the chaincode of each, and orderers that
 * answer.
 */
export function judgeCommits(chain: ChainFacts): readonly Finding[] {
  return judgeChain(chain).filter(({ code = '' }) => STOPPING.has(code));
}

/** Judges what the peers of one chain say, each and against each other. */
export function judgeChain(chain: ChainFacts): readonly Finding[] {
  const check = `chain ${chain.name}`;
  const problems = [
    ...silentFindings(check, chain),
    ...orderingFindings(check, chain),
    ...leaderFindings(check, chain),
    ...behindFindings(check, chain),
    ...differingFindings(check, chain),
    ...anchorFindings(check, chain),
    ...chain.peers.flatMap((peer) => chaincodeFindings(check, peer, chain.isOurs)),
  ];
  const asked = chain.peers.filter(({ isRunning }) => isRunning);
  if (problems.length > 0 || asked.length === 0) return problems;
  const height = asked[0]?.height ?? 0n;
  const what =
    `${asked.length.toString()} peers agree on ${height.toString()} blocks, ` +
    'and their chaincode answers, as do orderers';
  return [{ check, status: 'ok', what }];
}

/** What to do about a node that does not answer: gridpeg cannot start nodes that others run. */
function remedyFor(node: string, isOurs: boolean): string {
  return isOurs
    ? `Read \`gridpeg logs ${node}\`; if it lasts, \`gridpeg restart ${node}\``
    : `Read its log where it is run, and start it there (\`gridpeg test-network deploy\` does)`;
}

function silentFindings(check: string, { peers, isOurs }: ChainFacts): readonly Finding[] {
  return peers
    .filter(({ isRunning, height }) => isRunning && height === undefined)
    .map(({ name }) => {
      const what = `peer ${name} ${isOurs ? 'runs, and ' : ''}does not answer on its channel`;
      return fail(check, 'PEER_SILENT', what, remedyFor(name, isOurs));
    });
}

/** What the peers report when they submit something to the orderers, whoever runs those. */
function orderingFindings(check: string, { peers, isOurs }: ChainFacts): readonly Finding[] {
  // A peer that does not answer at all has a finding already.
  const without = peers.filter(({ orderingProblem, height }) => orderingProblem !== undefined && height !== undefined);
  const [first] = without;
  if (first === undefined) return [];
  const who = without.map(({ name }) => name).join(', ');
  const what = `no orderer takes what ${who} submits (${first.orderingProblem ?? ''}), so nothing can commit that way`;
  const remedy = isOurs ? 'Start the orderers (`gridpeg node start`)' : 'Start the orderers where they are run';
  return [fail(check, 'ORDERER_SILENT', what, remedy)];
}

/** Too few orderers of a Raft service run, or reach each other. */
function leaderFindings(check: string, { leaderless, isOurs }: ChainFacts): readonly Finding[] {
  if (leaderless.length === 0) return [];
  const what = `the orderers that answer (${leaderless.join(', ')}) know no leader, so nothing can commit`;
  const where = isOurs ? 'Start the others (`gridpeg node start`)' : 'Start the others where they are run';
  return [fail(check, 'ORDERERS_WITHOUT_LEADER', what, `${where}; more than half must run and reach each other`)];
}

/** A peer that has caught up a moment later is only a little slow. */
function behindFindings(check: string, { peers, isOurs }: ChainFacts): readonly Finding[] {
  const highest = peers.reduce((most, { height = 0n }) => (height > most ? height : most), 0n);
  return peers.flatMap(({ name, height, heightLater }) => {
    const latest = heightLater ?? height;
    if (latest === undefined || latest >= highest) return [];
    const what = `peer ${name} has ${latest.toString()} blocks, others of its chain have ${highest.toString()}`;
    const restart = isOurs ? `\`gridpeg restart ${name}\`` : 'a restart of it';
    const remedy = `See that the orderers run; ${restart} makes it connect again`;
    return [fail(check, 'PEER_BEHIND', what, remedy)];
  });
}

function differingFindings(check: string, { peers }: ChainFacts): readonly Finding[] {
  const remedy = 'Stop that peer and keep its files; `gridpeg audit` says which transactions are affected';
  const damaged = peers.filter(({ block }) => block?.isIntact === false);
  if (damaged.length > 0) {
    return damaged.map(({ name, block }) => {
      const number = block?.number.toString() ?? '';
      const what = `block ${number} on peer ${name} does not hold what its header says: its file was altered`;
      return fail(check, 'LEDGERS_DIFFER', what, remedy);
    });
  }
  const byDigest = new Map<string, PeerFacts[]>();
  for (const peer of peers) {
    if (peer.block === undefined) continue;
    byDigest.set(peer.block.digest, [...(byDigest.get(peer.block.digest) ?? []), peer]);
  }
  if (byDigest.size < 2) return [];
  const [most = [], ...others] = [...byDigest.values()].sort((a, b) => b.length - a.length);
  const number = most[0]?.block?.number.toString() ?? '';
  const few = others
    .flat()
    .map(({ name }) => name)
    .join(', ');
  const many = most.map(({ name }) => name).join(', ');
  return [fail(check, 'LEDGERS_DIFFER', `block ${number} on ${few} is not the one that ${many} have`, remedy)];
}

function anchorFindings(check: string, { name, withoutAnchor = [] }: ChainFacts): readonly Finding[] {
  return withoutAnchor.map((mspId) => {
    const what = `${mspId} has no anchor peer in the configuration of ${name}: others' peers do not find its peers`;
    return fail(
      check,
      'ANCHOR_PEER_MISSING',
      what,
      'Set one with a channel update (configtxlator, peer channel update)',
    );
  });
}

function chaincodeFindings(check: string, peer: PeerFacts, isOurs: boolean): readonly Finding[] {
  const { service, approvedPackage, chaincodeProblem, organization } = peer;
  if (!service.isRunning) return [];
  if (isOurs && approvedPackage !== undefined && service.packageId !== approvedPackage) {
    const what =
      `chaincode service ${service.name} runs as ${service.packageId ?? 'nothing'}, ` +
      `and ${organization} approved ${approvedPackage}: its peer waits for it in vain`;
    return [
      fail(check, 'PACKAGE_STALE', what, 'Run `gridpeg up`, which starts it again under the id that is approved'),
    ];
  }
  // A peer that does not answer at all has a finding already.
  if (chaincodeProblem === undefined || peer.height === undefined) return [];
  const what = `chaincode service ${service.name} ${isOurs ? 'runs, and ' : ''}does not answer peer ${peer.name}`;
  const remedy = remedyFor(service.name, isOurs);
  return [{ check, status: 'fail', code: 'CHAINCODE_DOES_NOT_ANSWER', what, remedy }];
}
