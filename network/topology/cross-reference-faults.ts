// SPDX-License-Identifier: Apache-2.0

import type { Topology } from './topology';

/** One thing wrong with a topology: where in the document, and what is allowed there. */
export interface TopologyFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * Finds what refers to nothing, is there twice, or cannot work.
 *
 * @param topology - a document that has the right shape
 * @returns every fault found; empty if the topology can be built
 */
export function crossReferenceFaults(topology: Topology): readonly TopologyFault[] {
  return [
    ...duplicateFaults(topology),
    ...organizationFaults(topology),
    ...chainFaults(topology),
    ...laneFaults(topology),
    ...committeeFaults(topology),
  ];
}

type Path = TopologyFault['path'];

function fault(path: Path, message: string): TopologyFault {
  return { path, message };
}

function allowed(names: readonly string[]): string {
  return `allowed here: ${names.join(', ') || 'none'}`;
}

/** Faults for every value that repeats an earlier one. */
function repeated(values: readonly string[], path: (index: number) => Path): readonly TopologyFault[] {
  return values.flatMap((value, index) =>
    values.indexOf(value) < index ? [fault(path(index), `"${value}" is there already; it must be unique`)] : [],
  );
}

function duplicateFaults({ organizations, chains, peg }: Topology): readonly TopologyFault[] {
  const at = (list: string, key: string) => (index: number) => [list, index, key];
  const memberMsps = organizations.map((organization) => organization.mspId);
  return [
    ...repeated(memberMsps, at('organizations', 'mspId')),
    ...repeated(
      organizations.map(({ name }) => name.toLowerCase()),
      at('organizations', 'name'),
    ),
    ...repeated(
      organizations.map(({ domain }) => domain),
      at('organizations', 'domain'),
    ),
    ...repeated(
      chains.map(({ name }) => name),
      at('chains', 'name'),
    ),
    ...repeated(
      chains.map(({ channel }) => channel),
      at('chains', 'channel'),
    ),
    ...repeated([...memberMsps, ...chains.map(({ ordering }) => ordering.mspId)], (index) => [
      'chains',
      index - memberMsps.length,
      'ordering',
      'mspId',
    ]).filter(({ path }) => Number(path[1]) >= 0),
    ...repeated(
      chains.map(({ ordering }) => ordering.domain),
      (index) => ['chains', index, 'ordering', 'domain'],
    ),
    ...repeated(
      peg.assets.map(({ id }) => id),
      (index) => ['peg', 'assets', index, 'id'],
    ),
    ...repeated(
      peg.lanes.map(({ id }) => id),
      (index) => ['peg', 'lanes', index, 'id'],
    ),
  ];
}

function organizationFaults({ organizations, chains }: Topology): readonly TopologyFault[] {
  return organizations.flatMap((organization, index) => {
    const memberOf = chains.filter(({ members }) => members.includes(organization.mspId)).map(({ name }) => name);
    const chainsWithPeer = organization.peers.map(({ chain }) => chain);
    const peers = organization.peers.flatMap((peer, peerIndex) =>
      memberOf.includes(peer.chain)
        ? []
        : [
            fault(
              ['organizations', index, 'peers', peerIndex, 'chain'],
              `${organization.mspId} is not a member of "${peer.chain}"; ${allowed(memberOf)}`,
            ),
          ],
    );
    const users = organization.users.flatMap((user, userIndex) =>
      user.name === `User${String(userIndex + 1)}`
        ? []
        : [fault(['organizations', index, 'users', userIndex, 'name'], `expected User${String(userIndex + 1)}`)],
    );
    const missing = memberOf
      .filter((chain) => !chainsWithPeer.includes(chain))
      .map((chain) =>
        fault(['organizations', index, 'peers'], `${organization.mspId} has no peer for chain "${chain}"`),
      );
    return [
      ...peers,
      ...users,
      ...missing,
      ...repeated(
        organization.peers.map(({ name }) => name),
        (peer) => ['organizations', index, 'peers', peer, 'name'],
      ),
      ...repeated(chainsWithPeer, (peer) => ['organizations', index, 'peers', peer, 'chain']),
    ];
  });
}

function chainFaults({ organizations, chains, peg }: Topology): readonly TopologyFault[] {
  const mspIds = organizations.map(({ mspId }) => mspId);
  const unknownPolicies = Object.keys(peg.proofPolicy)
    .filter((name) => !chains.some((chain) => chain.name === name))
    .map((name) => fault(['peg', 'proofPolicy', name], `no such chain; ${allowed(chains.map((chain) => chain.name))}`));
  const faults = chains.flatMap((chain, index) => {
    const policy = peg.proofPolicy[chain.name];
    const { endorsement } = chain.chaincode;
    const needed = typeof endorsement === 'object' && 'organizations' in endorsement ? endorsement.organizations : 1;
    return [
      ...chain.members.flatMap((member, position) =>
        mspIds.includes(member)
          ? []
          : [fault(['chains', index, 'members', position], `no such organization; ${allowed(mspIds)}`)],
      ),
      ...repeated(chain.members, (position) => ['chains', index, 'members', position]),
      ...repeated(chain.ordering.orderers, (position) => ['chains', index, 'ordering', 'orderers', position]),
      ...(needed > chain.members.length
        ? [
            fault(
              ['chains', index, 'chaincode', 'endorsement'],
              `at most ${String(chain.members.length)} organizations`,
            ),
          ]
        : []),
      ...(policy === undefined ? [fault(['peg', 'proofPolicy'], `chain "${chain.name}" has no proof policy`)] : []),
      ...(policy !== undefined && policy.organizations > chain.members.length
        ? [fault(['peg', 'proofPolicy', chain.name], `at most ${String(chain.members.length)} organizations`)]
        : []),
    ];
  });
  return [...faults, ...unknownPolicies];
}

function laneFaults({ chains, peg }: Topology): readonly TopologyFault[] {
  const names = chains.map(({ name }) => name);
  const assets = peg.assets.map(({ id }) => id);
  const ends = peg.lanes.flatMap((lane, index) => [
    ...(['source', 'destination'] as const).flatMap((end) =>
      names.includes(lane[end]) ? [] : [fault(['peg', 'lanes', index, end], `no such chain; ${allowed(names)}`)],
    ),
    ...(lane.source === lane.destination
      ? [fault(['peg', 'lanes', index, 'destination'], 'a lane joins two different chains')]
      : []),
    ...lane.assets.flatMap((asset, position) =>
      assets.includes(asset)
        ? []
        : [fault(['peg', 'lanes', index, 'assets', position], `no such asset; ${allowed(assets)}`)],
    ),
  ]);
  const homes = peg.assets.flatMap((asset, index) => {
    const home = chains.find(({ name }) => name === asset.id.split('/')[0]);
    if (home === undefined) return [fault(['peg', 'assets', index, 'id'], `no such home chain; ${allowed(names)}`)];
    return home.members.includes(asset.issuer)
      ? []
      : [fault(['peg', 'assets', index, 'issuer'], `not a member of the home chain; ${allowed(home.members)}`)];
  });
  return [...ends, ...homes];
}

function committeeFaults({ organizations, peg }: Topology): readonly TopologyFault[] {
  const { threshold, notaries } = peg.committee;
  const withNotary = organizations.filter(({ users }) => users.some(({ role }) => role === 'notary'));
  const names = withNotary.map(({ mspId }) => mspId);
  const path = ['peg', 'committee'];
  return [
    ...notaries.flatMap((notary, index) =>
      names.includes(notary)
        ? []
        : [fault([...path, 'notaries', index], `no organization with a user of role notary; ${allowed(names)}`)],
    ),
    ...repeated(notaries, (index) => [...path, 'notaries', index]),
    // Two disjoint quorums could sign two different contents, so a quorum is always more than half.
    ...(threshold * 2 > notaries.length && threshold >= 2 && threshold <= notaries.length
      ? []
      : [
          fault(
            [...path, 'threshold'],
            `at least 2, more than half of ${String(notaries.length)} notaries, at most all`,
          ),
        ]),
  ];
}
