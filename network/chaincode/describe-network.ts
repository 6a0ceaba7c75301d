// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { chainId } from '../fabric/chain-id';
import {
  addressOf,
  genesisFile,
  localAddressOf,
  ordererOrganizationDir,
  organizationCaFile,
  peerOrganizationDir,
  tlsCaFile,
  userMspDir,
} from '../render/layout';
import type { Chain, Organization } from '../topology/topology';
import { packageOf } from './chaincode-deployment';
import { connectionProfileFiles } from '../state/network-files';
import type { NetworkState } from '../state/network-state';
import { orderersOf, peersOf, planPlacement, type Deployment, type Plan } from '../state/plan';

/** Describes a network that is complete, for those who use it. */
export function describeNetwork(stateDir: string, plan: Plan): NetworkState {
  return {
    format: 1,
    topology: plan.topology.name,
    chains: plan.topology.chains.map((chain) => describeChain(stateDir, plan, chain)),
    organizations: plan.topology.organizations.map((organization) => describeOrganization(stateDir, organization)),
    peg: plan.topology.peg,
  };
}

type ChainState = NetworkState['chains'][number];

function describeChain(stateDir: string, plan: Plan, chain: Chain): ChainState {
  const genesisBlockFile = genesisFile(stateDir, chain.channel);
  const placement = planPlacement(stateDir, plan);
  const endpoints = (node: string) => ({
    endpoint: localAddressOf(plan.ports, node),
    nodeEndpoint: addressOf(placement, node),
  });
  const { mspId, domain } = chain.ordering;
  const [main, ...additional] = plan.deployments.filter((deployment) => deployment.chain === chain.name);
  if (main === undefined) throw new Error(`chain ${chain.name} has no chaincode`);
  return {
    name: chain.name,
    channel: chain.channel,
    chainId: chainId(chain.channel, readFileSync(genesisBlockFile)),
    members: chain.members,
    ordererOrganization: mspId,
    orderers: orderersOf(chain).map((node) => ({
      organization: mspId,
      name: node,
      ...endpoints(node),
      hostAlias: node,
      tlsCaCertFile: tlsCaFile(ordererOrganizationDir(stateDir, domain), domain),
    })),
    chaincode: describeChaincode(main),
    additionalChaincodes: additional.map(describeChaincode),
    peers: peersOf(plan, chain).map(({ node, organization }) => ({
      organization: organization.mspId,
      name: node,
      ...endpoints(node),
      hostAlias: node,
      tlsCaCertFile: tlsCaFile(peerOrganizationDir(stateDir, organization.domain), organization.domain),
    })),
    genesisBlockFile,
  };
}

function describeChaincode(deployment: Deployment): ChainState['chaincode'] {
  const { name, version, policy } = deployment;
  return { name, version, packageId: packageOf(deployment).packageId, endorsement: policy };
}

function describeOrganization(stateDir: string, organization: Organization): NetworkState['organizations'][number] {
  const { mspId, name, domain, users } = organization;
  const folder = peerOrganizationDir(stateDir, domain);
  const withAdmin = [{ name: 'Admin', role: 'administrator' as const }, ...users];
  return {
    mspId,
    name,
    domain,
    caCertFile: organizationCaFile(folder, domain),
    tlsCaCertFile: tlsCaFile(folder, domain),
    users: withAdmin.map((user) => {
      const mspDir = userMspDir(stateDir, domain, user.name);
      return {
        ...user,
        certFile: join(mspDir, 'signcerts', `${user.name}@${domain}-cert.pem`),
        keyFile: join(mspDir, 'keystore', 'priv_sk'),
        mspDir,
      };
    }),
    connectionProfile: connectionProfileFiles(stateDir, organization),
  };
}
