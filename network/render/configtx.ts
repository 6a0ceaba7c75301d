// SPDX-License-Identifier: Apache-2.0

import { join } from 'node:path';

import { stringify } from 'yaml';

import type { Chain, Organization, Topology } from '../topology/topology';
import { consensusSection } from './consensus';
import { addressOf, ordererOrganizationDir, peerOrganizationDir, portOf, type Placement } from './layout';

/** The one profile in every rendered configtx.yaml. */
export const profileName = 'Chain';

/**
 * Renders the input of `configtxgen` for one chain.
 *
 * Every organization's anchor peer is in the genesis block: without one the Gateway of another organization finds no
 * peers to endorse.
 *
 * @param topology - all organizations
 * @param chain - the chain whose genesis block is wanted
 * @param placement - ports of its peers and orderers; cryptogen's output is below its state folder
 * @returns text of configtx.yaml with the profile named by `PROFILE`
 */
export function renderConfigtx(topology: Topology, chain: Chain, placement: Placement): string {
  const members = topology.organizations.filter(({ mspId }) => chain.members.includes(mspId));
  return stringify(
    {
      Profiles: {
        [profileName]: {
          Policies: implicitPolicies(['Readers', 'Writers', 'Admins']),
          Capabilities: { V3_0: true },
          Orderer: ordererSection(chain, placement),
          Application: {
            Organizations: members.map((member) => memberSection(member, chain, placement)),
            Policies: implicitPolicies(['Readers', 'Writers', 'Admins', 'Endorsement', 'LifecycleEndorsement']),
            Capabilities: { V2_5: true },
          },
        },
      },
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

const implicitRules = {
  Readers: 'ANY Readers',
  Writers: 'ANY Writers',
  Admins: 'MAJORITY Admins',
  Endorsement: 'MAJORITY Endorsement',
  LifecycleEndorsement: 'MAJORITY Endorsement',
  BlockValidation: 'ANY Writers',
} as const;

function implicitPolicies(names: readonly (keyof typeof implicitRules)[]): object {
  return Object.fromEntries(names.map((name) => [name, { Type: 'ImplicitMeta', Rule: implicitRules[name] }]));
}

function signaturePolicies(rules: Readonly<Record<string, string>>): object {
  return Object.fromEntries(Object.entries(rules).map(([name, Rule]) => [name, { Type: 'Signature', Rule }]));
}

function memberSection(member: Organization, chain: Chain, placement: Placement): object {
  const id = member.mspId;
  const { stateDir, ports, hostOf } = placement;
  return {
    Name: id,
    ID: id,
    MSPDir: join(peerOrganizationDir(stateDir, member.domain), 'msp'),
    Policies: signaturePolicies({
      Readers: `OR('${id}.admin', '${id}.peer', '${id}.client')`,
      Writers: `OR('${id}.admin', '${id}.client')`,
      Admins: `OR('${id}.admin')`,
      Endorsement: `OR('${id}.peer')`,
    }),
    AnchorPeers: member.peers
      .filter((peer) => peer.chain === chain.name)
      .map((peer) => `${peer.name}.${member.domain}`)
      .map((node) => ({ Host: hostOf(node), Port: portOf(ports, node, 'listen') })),
  };
}

function ordererSection({ ordering }: Chain, placement: Placement): object {
  const { mspId, domain } = ordering;
  const { stateDir } = placement;
  return {
    OrdererType: ordering.consensus,
    BatchTimeout: ordering.batchTimeout,
    BatchSize: {
      MaxMessageCount: ordering.maxMessageCount,
      AbsoluteMaxBytes: '10 MB',
      PreferredMaxBytes: '2 MB',
    },
    ...consensusSection(ordering, placement),
    Organizations: [
      {
        Name: mspId,
        ID: mspId,
        MSPDir: join(ordererOrganizationDir(stateDir, domain), 'msp'),
        Policies: signaturePolicies({
          Readers: `OR('${mspId}.member')`,
          Writers: `OR('${mspId}.member')`,
          Admins: `OR('${mspId}.admin')`,
        }),
        OrdererEndpoints: ordering.orderers.map((orderer) => addressOf(placement, `${orderer}.${domain}`)),
      },
    ],
    Policies: implicitPolicies(['Readers', 'Writers', 'Admins', 'BlockValidation']),
    Capabilities: { V2_0: true },
  };
}
