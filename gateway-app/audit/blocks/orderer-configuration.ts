// SPDX-License-Identifier: Apache-2.0

import {
  groupIn,
  membershipProviders,
  readChannelConfiguration,
  readConfigurationTransaction,
  type ConfigurationTransaction,
  type Consensus,
} from '@gridpeg/protocol';
import { common } from '@hyperledger/fabric-protos';

/** Under Raft each orderer signs its own copy of a block, so that a copy has one signature. */
const raftSignatures = 1;

/**
 * Reads who may sign the blocks that follow a configuration block.
 *
 * @returns undefined when the block holds no configuration, or none that can be read
 * @throws Error when it holds one that lacks what it must have
 */
export function consensusIn(block: common.Block): Consensus | undefined {
  const transaction = configurationIn(block);
  return transaction === undefined ? undefined : readChannelConfiguration(transaction, raftSignatures).consensus;
}

/**
 * The organizations that are members of a channel, as its first block says.
 *
 * @returns certificates of their authorities, PEM, by MSP id
 */
export function channelMembersIn(firstBlock: Uint8Array): ReadonlyMap<string, readonly string[]> {
  const transaction = configurationIn(common.Block.deserializeBinary(firstBlock));
  if (transaction === undefined) throw new Error('a first block without members');
  const members = membershipProviders(groupIn(transaction.group, 'Application'));
  return new Map(members.map(({ mspId, caCertificates }) => [mspId, caCertificates]));
}

function configurationIn(block: common.Block): ConfigurationTransaction | undefined {
  const [envelope] = block.getData()?.getDataList_asU8() ?? [];
  try {
    return envelope === undefined ? undefined : readConfigurationTransaction(Buffer.from(envelope));
  } catch {
    // A client may write what it likes into a transaction; a configuration is written by orderers.
    return undefined;
  }
}
