// SPDX-License-Identifier: Apache-2.0

import type { Endorsement } from './topology';

/**
 * Spells an endorsement rule out in Fabric's signature policy language.
 *
 * A default such as the channel's `MAJORITY Endorsement` would follow every later change of the membership in silence;
 * spelled out, the policy is what the organizations approved.
 *
 * @param endorsement - the rule
 * @param members - MSP ids of the channel's members, in their order in the topology
 * @returns for example `OutOf(2,'AMSP.peer','BMSP.peer','CMSP.peer')`, without blanks
 */
export function endorsementPolicy(endorsement: Endorsement, members: readonly string[]): string {
  if (typeof endorsement === 'object' && 'policy' in endorsement) return endorsement.policy;
  const needed = endorsement === 'majority' ? Math.floor(members.length / 2) + 1 : endorsement.organizations;
  return `OutOf(${[String(needed), ...members.map((member) => `'${member}.peer'`)].join(',')})`;
}
