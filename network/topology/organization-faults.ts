// SPDX-License-Identifier: Apache-2.0

import type { Organization, Topology } from './topology';
import { allowed, repeated, unless, type TopologyFault } from './topology-fault';

/** Faults in organizations: their users, and peers that are missing, too many, or on chains of others. */
export function organizationFaults({ organizations, chains }: Topology): readonly TopologyFault[] {
  return organizations.flatMap((organization, index) => {
    const memberOf = chains.filter(({ members }) => members.includes(organization.mspId)).map(({ name }) => name);
    return [
      ...peerFaults(organization, ['organizations', index, 'peers'], memberOf),
      ...userFaults(organization, ['organizations', index, 'users']),
    ];
  });
}

function peerFaults(
  { mspId, peers }: Organization,
  path: readonly (string | number)[],
  memberOf: readonly string[],
): readonly TopologyFault[] {
  const chainsWithPeer = peers.map(({ chain }) => chain);
  const without = memberOf.filter((chain) => !chainsWithPeer.includes(chain));
  return [
    ...peers.flatMap(({ name, chain }, index) => [
      ...unless(
        memberOf.includes(chain),
        [...path, index, 'chain'],
        `${mspId} is not a member of "${chain}"; ${allowed(memberOf)}`,
      ),
      ...unless(name !== 'notary', [...path, index, 'name'], "the organization's notary has that name; take peer0"),
    ]),
    ...without.flatMap((chain) =>
      unless(false, path, `${mspId} has no peer for chain "${chain}", which it is a member of; add one`),
    ),
    ...repeated(peers.map(({ name }, index) => ({ value: name, path: [...path, index, 'name'] }))),
    ...repeated(peers.map(({ chain }, index) => ({ value: chain, path: [...path, index, 'chain'] }))),
  ];
}

function userFaults({ mspId, users }: Organization, path: readonly (string | number)[]): readonly TopologyFault[] {
  return [
    ...users.flatMap(({ name }, index) => {
      const expected = `User${String(index + 1)}`;
      return unless(name === expected, [...path, index, 'name'], `expected ${expected}: users are counted from User1`);
    }),
    ...unless(
      users.some(({ role }) => role === 'operator'),
      path,
      `${mspId} has no user of role operator; give one of them that role`,
    ),
  ];
}
