// SPDX-License-Identifier: Apache-2.0

import { notaryUserOf } from './notary-user';
import { milliseconds, type Chain, type Lane, type Topology } from './topology';
import { allowed, fault, repeated, repeatedIn, unless, type Path, type TopologyFault } from './topology-fault';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** As the protocol bounds them: docs/spec/03-transfer.md section 3.5 and docs/spec/05-configuration.md. */
const longestWindow = 31 * dayMs;
const longestDelay = 14 * dayMs;

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

function homeOf(chains: readonly Chain[], asset: string): Chain | undefined {
  return chains.find(({ channel }) => asset.startsWith(`${channel}/`));
}

function laneFaults(topology: Topology, lane: Lane, path: Path): readonly TopologyFault[] {
  const { chains, peg } = topology;
  const names = chains.map(({ name }) => name);
  const [source, destination] = [lane.source, lane.destination].map((end) => chains.find(({ name }) => name === end));
  if (source === undefined || destination === undefined) {
    const missing = source === undefined ? 'source' : 'destination';
    return [fault([...path, missing], `no such chain; ${allowed(names)}`)];
  }
  if (source === destination) return [fault([...path, 'destination'], 'a lane joins two different chains')];
  const carriers = source.members.filter((member) => destination.members.includes(member));
  const remedy =
    carriers.length === 0
      ? 'let an organization be a member of both'
      : `add one of ${carriers.join(', ')} to the committee`;
  return [
    ...unless(
      carriers.some((member) => peg.committee.notaries.includes(member)),
      path,
      `no notary's organization is a member of both ${lane.source} and ${lane.destination}, so nobody could carry ` +
        `what is sent; ${remedy}`,
    ),
    ...laneAssetFaults(topology, lane, path),
    ...windowFaults(lane, path),
  ];
}

function laneAssetFaults(topology: Topology, lane: Lane, path: Path): readonly TopologyFault[] {
  const { peg, chains } = topology;
  const ids = peg.assets.map(({ id }) => id);
  const back = peg.lanes.find(({ source, destination }) => source === lane.destination && destination === lane.source);
  if (back === undefined) {
    return [fault(path, `no way back; add a lane with source ${lane.destination} and destination ${lane.source}`)];
  }
  return [
    ...repeatedIn(lane.assets, [...path, 'assets']),
    ...lane.assets.flatMap((asset, index) => {
      const at = [...path, 'assets', index];
      if (!ids.includes(asset)) return [fault(at, `no such asset; ${allowed(ids)}`)];
      return [
        ...unless(back.assets.includes(asset), at, `its way back, ${back.id}, does not allow ${asset}; add it there`),
        ...unless(
          reaches(topology, asset).has(lane.source),
          at,
          `${asset} never gets to ${lane.source}: no lane from its home, ` +
            `${homeOf(chains, asset)?.name ?? ''}, takes it there`,
        ),
      ];
    }),
  ];
}

/** Names of the chains that an asset can be on. */
function reaches({ chains, peg }: Topology, asset: string): ReadonlySet<string> {
  const reached = new Set(chains.filter((chain) => chain === homeOf(chains, asset)).map(({ name }) => name));
  for (const name of reached) {
    for (const { source, destination, assets } of peg.lanes) {
      if (source === name && assets.includes(asset)) reached.add(destination);
    }
  }
  return reached;
}

function windowLengthFaults({ length }: NonNullable<Lane['window']>, path: Path): readonly TopologyFault[] {
  const lengthMs = milliseconds(length);
  const fits = lengthMs >= minuteMs && lengthMs <= longestWindow;
  return unless(fits, [...path, 'window', 'length'], 'from 1 minute to 31 days');
}

function windowFaults({ window, maximumQuantity }: Lane, path: Path): readonly TopologyFault[] {
  if (window === undefined) return [];
  const most = BigInt(window.quantity) / BigInt(window.shards);
  return [
    ...windowLengthFaults(window, path),
    ...unless(
      BigInt(maximumQuantity) <= most,
      [...path, 'maximumQuantity'],
      `at most ${String(most)}: the window's quantity divided by its shards`,
    ),
  ];
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
