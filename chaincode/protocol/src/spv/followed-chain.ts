// SPDX-License-Identifier: Apache-2.0

import { decimal, encode, record, type Codec, version1 } from '../codec/codec';
import { hash } from '../codec/hash';
import { type ChainId, chainIdCodec, hashCodec } from '../codec/identifiers';
import { maximumBlockNumber } from './block-header';
import { type ChannelConfiguration, channelOrganizationsCodec, consensusCodec } from './channel-configuration';

/** Records of docs/spec/13-light-client.md section 13.2. */

const blockNumberCodec = decimal(0n, maximumBlockNumber);

/** Who may sign a channel's blocks, and whose peers may endorse, since one of its blocks. */
export interface FollowedConfiguration extends ChannelConfiguration {
  readonly version: 1;
  readonly chainId: ChainId;
  /** Of the block that holds it: what `LastConfig.index` of later blocks names. */
  readonly number: bigint;
  /** Of Fabric's `Config`: one more with each. */
  readonly sequence: bigint;
}
export const followedConfigurationCodec: Codec<FollowedConfiguration> = record({
  version: version1,
  chainId: chainIdCodec,
  number: blockNumberCodec,
  sequence: blockNumberCodec,
  consensus: consensusCodec,
  organizations: channelOrganizationsCodec,
});

/** The last header followed. */
export interface FollowedHead {
  readonly version: 1;
  readonly chainId: ChainId;
  readonly number: bigint;
  readonly hash: string;
  readonly configurationHash: string;
}
export const followedHeadCodec: Codec<FollowedHead> = record({
  version: version1,
  chainId: chainIdCodec,
  number: blockNumberCodec,
  hash: hashCodec,
  configurationHash: hashCodec,
});

/** What a ledger knows of a chain that it follows. */
export interface FollowedChain {
  readonly configuration: FollowedConfiguration;
  readonly head: FollowedHead;
}

/** What a followed head names a configuration by. */
export function followedConfigurationHashOf(configuration: FollowedConfiguration): string {
  return hash('gridpeg/v1/followed-configuration', encode(followedConfigurationCodec, configuration));
}
