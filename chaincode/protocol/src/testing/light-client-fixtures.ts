// SPDX-License-Identifier: Apache-2.0

import {
  type FollowedConfiguration,
  followedConfigurationCodec,
  followedConfigurationHashOf,
  followedHeadCodec,
} from '../spv/followed-chain';
import { city } from './consortium';
import { type Fixture, fixture } from './fixture';
import { members } from './members';
import { trustFixture } from './trust-fixtures';

const { organizations } = trustFixture;
const [certificate = ''] = organizations.flatMap(({ caCertificates }) => caCertificates);
export const followedConfigurationFixture: FollowedConfiguration = {
  version: 1,
  chainId: city,
  number: 17n,
  sequence: 3n,
  consensus: {
    kind: 'bft',
    requiredSignatures: 3,
    consenters: members.map(({ mspId }, place) => ({ id: place + 1, mspId, certificate })),
  },
  organizations,
};

export const lightClientFixtures: readonly Fixture[] = [
  fixture('followed configuration, BFT', followedConfigurationCodec, followedConfigurationFixture),
  fixture('followed configuration, Raft', followedConfigurationCodec, {
    ...followedConfigurationFixture,
    consensus: {
      kind: 'raft',
      requiredSignatures: 1,
      organizations: organizations.map(({ mspId, caCertificates, revokedSerials }, place) => ({
        ...{ mspId, caCertificates, ordererUnit: place === 0 ? '' : 'orderer', revokedSerials },
      })),
    },
  }),
  fixture('followed head', followedHeadCodec, {
    version: 1,
    chainId: city,
    number: 2n ** 64n - 1n,
    hash: 'e'.repeat(64),
    configurationHash: followedConfigurationHashOf(followedConfigurationFixture),
  }),
];
