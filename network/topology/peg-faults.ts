// SPDX-License-Identifier: Apache-2.0

import { notaryUserOf } from './notary-user';
import { milliseconds, type Chain, type Topology } from './topology';
import { allowed, fault, repeated, repeatedIn, unless, type Path, type TopologyFault } from './topology-fault';
import { laneFaults, homeOf, windowLengthFaults } from './lane-faults';

/** As the protocol bounds it: docs/spec/05-configuration.md. */
const longestDelay = 14 * 24 * 60 * 60_000;

/** Faults in the peg: assets without a home, lanes that lead nowhere or not back, committees that cannot sign. */
export function pegFaults(topology: Topology): readonly TopologyFault[] {
  const { chains, peg } = topology;
  return [
    ...(chains.length < 2 && peg.lanes.length > 0
      ? [fault(['peg', 'lanes'], 'a lane joins two chains; there is one')]
      : []),
    ...assetFaults(topology),
    ...peg.lanes.flatMap((lane, index) => laneFaults(topology, lane, ['peg', 'lanes', index])),
    ...repeated(
      peg.lanes.map(({ source, destination }, index) => ({
        value: `${source} to ${destination}`,
        path: ['peg', 'lanes', index],
      })),
    ),
    ...committeeFaults(topology),
    ...dayFaults(topology),
    ...unless(
      milliseconds(peg.governance.delay) <= longestDelay,
      ['peg', 'governance', 'delay'],
      'at most 14 days (14d)',
    ),
    ...unless(
      milliseconds(peg.governance.urgentDelay) <= milliseconds(peg.governance.delay),
      ['peg', 'governance', 'urgentDelay'],
      'at most the delay',
    ),
  ];
}

function assetFaults(topology: Topology): readonly TopologyFault[] {
  const { chains, peg } = topology;
  return peg.assets.flatMap(({ id, issuers, window }, index) => {
    const path = ['peg', 'assets', index];
    const home = homeOf(chains, id);
    if (home === undefined) {
      const channels = chains.map(({ channel }) => channel);
      return [fault([...path, 'id'], `at home on no channel; before the slash is ${allowed(channels)}`)];
    }
    return [
      ...issuerFaults(topology, home, issuers, [...path, 'issuers']),
      ...windowLengthFaults(window, path),
      ...unless(
        BigInt(window.quantity) >= BigInt(window.shards),
        [...path, 'window', 'quantity'],
        'at least 1 for each shard',
      ),
    ];
  });
}

function issuerFaults(
  topology: Topology,
  { members }: Chain,
  issuers: readonly string[],
  path: Path,
): readonly TopologyFault[] {
  const users = usersOf(topology);
  return [
    ...repeatedIn(
      issuers.map((issuer) => accountOf(topology, issuer)),
      path,
    ),
    ...issuers.flatMap((issuer, index) => {
      const member = issuer.split('/', 1)[0] ?? '';
      if (!members.includes(member)) {
        return [fault([...path, index], `not of a member of the home chain; ${allowed(members)}`)];
      }
      return unless(
        issuer.includes('@') || users.includes(issuer),
        [...path, index],
        `no such user; ${allowed(users)}`,
      );
    }),
  ];
}

/** The account that an issuer is, however it is named: the chain takes each once. */
function accountOf({ organizations }: Topology, issuer: string): string {
  const [mspId = '', name] = issuer.split('/', 2);
  const organization = organizations.find((candidate) => candidate.mspId === mspId);
  const user = name ?? organization?.users.find(({ role }) => role === 'operator')?.name ?? '';
  return user.includes('@') ? issuer : `${mspId}/${user}@${organization?.domain ?? ''}`;
}

function committeeFaults({ organizations, peg }: Topology): readonly TopologyFault[] {
  const { threshold, notaries } = peg.committee;
  const withNotary = organizations.filter(({ users }) => notaryUserOf(users) !== undefined);
  const names = withNotary.map(({ mspId }) => mspId);
  const path = ['peg', 'committee'];
  return [
    ...notaries.flatMap((notary, index) =>
      unless(
        names.includes(notary),
        [...path, 'notaries', index],
        `no organization with a user of role notary or operator; ${allowed(names)}`,
      ),
    ),
    ...repeatedIn(notaries, [...path, 'notaries']),
    // Two disjoint quorums could sign two different contents, so a quorum is always more than half.
    ...unless(
      threshold * 2 > notaries.length && threshold >= 2 && threshold <= notaries.length,
      [...path, 'threshold'],
      `at least 2, more than half of ${String(notaries.length)} notaries, at most all`,
    ),
  ];
}

/** Users as a topology names them; an MSP id alone is its operator. */
function usersOf({ organizations }: Topology): readonly string[] {
  return organizations.flatMap((organization) => [
    ...(organization.users.some(({ role }) => role === 'operator') ? [organization.mspId] : []),
    ...['Admin', ...organization.users.map(({ name }) => name)].map((name) => `${organization.mspId}/${name}`),
  ]);
}

function dayFaults(topology: Topology): readonly TopologyFault[] {
  const users = usersOf(topology);
  return Object.entries(topology.peg.day ?? {}).flatMap(([part, user]) =>
    unless(users.includes(user), ['peg', 'day', part], `no such user; ${allowed(users)}`),
  );
}
