// SPDX-License-Identifier: Apache-2.0

import type { Chain, Topology } from './topology';
import { allowed, fault, repeatedIn, unless, type Path, type TopologyFault } from './topology-fault';

/** How many orderers SmartBFT needs to tolerate one that lies: 3f + 1. */
const minimumBftOrderers = 4;

/** As the protocol bounds a proof: docs/spec/04-proof.md. */
const mostEndorsements = 16;

/** Faults in chains: members, orderers, and policies that nobody or nothing could satisfy. */
export function chainFaults(topology: Topology): readonly TopologyFault[] {
  const { organizations, chains, peg } = topology;
  const mspIds = organizations.map(({ mspId }) => mspId);
  const names = chains.map(({ name }) => name);
  return [
    ...organizations.flatMap(({ mspId }, index) =>
      unless(
        chains.some(({ members }) => members.includes(mspId)),
        ['organizations', index, 'mspId'],
        `${mspId} is a member of no chain; list it among the members of one`,
      ),
    ),
    ...chains.flatMap((chain, index) => [
      ...memberFaults(chain, ['chains', index, 'members'], mspIds),
      ...ordererFaults(chain, ['chains', index, 'ordering', 'orderers']),
      ...endorsementFaults(chain, ['chains', index, 'chaincode', 'endorsement']),
      ...proofFaults(chain, peg.proofPolicy[chain.name]),
    ]),
    ...Object.keys(peg.proofPolicy).flatMap((name) =>
      unless(names.includes(name), ['peg', 'proofPolicy', name], `no such chain; ${allowed(names)}`),
    ),
  ];
}

function memberFaults({ members }: Chain, path: Path, mspIds: readonly string[]): readonly TopologyFault[] {
  return [
    ...members.flatMap((member, index) =>
      unless(mspIds.includes(member), [...path, index], `no such organization; ${allowed(mspIds)}`),
    ),
    ...repeatedIn(members, path),
  ];
}

function ordererFaults({ ordering }: Chain, path: Path): readonly TopologyFault[] {
  const { consensus, orderers } = ordering;
  return [
    ...repeatedIn(orderers, path),
    ...unless(
      consensus !== 'BFT' || orderers.length >= minimumBftOrderers,
      path,
      `BFT needs at least ${String(minimumBftOrderers)} orderers to tolerate one that fails, and there are ` +
        `${String(orderers.length)}; add some, or take consensus etcdraft, which works with any number`,
    ),
  ];
}

function endorsementFaults({ chaincode, members }: Chain, path: Path): readonly TopologyFault[] {
  const { endorsement } = chaincode;
  if (endorsement === 'majority') return [];
  if ('organizations' in endorsement) {
    const most = `at most ${String(members.length)} organizations: the chain has no more members`;
    return unless(endorsement.organizations <= members.length, [...path, 'organizations'], most);
  }
  return policyFaults(endorsement.policy, [...path, 'policy'], members);
}

/** Fabric would report these when everything else is up, and of a stranger only when nothing can be endorsed. */
function policyFaults(policy: string, path: Path, members: readonly string[]): readonly TopologyFault[] {
  if (!isSignaturePolicy(policy)) {
    return [fault(path, `no signature policy; allowed is for example OutOf(1,'${members[0] ?? 'AMSP'}.peer')`)];
  }
  return [...policy.matchAll(/'([^']*)\.([^.']*)'/g)].flatMap(([principal, mspId = '', role = '']) => [
    ...unless(members.includes(mspId), path, `${principal} is of no member of the chain; ${allowed(members)}`),
    ...unless(
      ['peer', 'member'].includes(role),
      path,
      `${principal} cannot endorse; write '${mspId}.peer' or '${mspId}.member'`,
    ),
  ]);
}

/** Takes the innermost terms away again and again, until one principal is left or nothing fits. */
function isSignaturePolicy(policy: string): boolean {
  let text = policy.replace(/\s/g, '').replace(/'[^'.]+(\.[^'.]+)+'/g, 'P');
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(/(?:(?:AND|OR)\(|OutOf\((\d+),)(P(?:,P)*)\)/gi, (term, needed?: string, of = '') =>
      Number(needed ?? 1) >= 1 && Number(needed ?? 1) <= String(of).split(',').length ? 'P' : term,
    );
  }
  return text === 'P';
}

function proofFaults(
  { name, members }: Chain,
  policy: Topology['peg']['proofPolicy'][string] | undefined,
): readonly TopologyFault[] {
  const path = ['peg', 'proofPolicy'];
  if (policy === undefined) {
    return [fault(path, `chain "${name}" has no proof policy; add "${name}: { organizations: 2 }"`)];
  }
  const at = [...path, name, 'organizations'];
  const most = `at most ${String(members.length)} organizations: the chain has no more members`;
  return [
    ...unless(policy.organizations <= members.length, at, most),
    ...unless(
      policy.organizations <= mostEndorsements,
      at,
      `at most ${String(mostEndorsements)}: a proof holds no more`,
    ),
  ];
}
