// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { ChainConnection, proofOfEnvelope } from '@gridpeg/gateway-app';
import {
  beginToFollow,
  chainIdCodec,
  encodeBlockHeader,
  signedHeaderOf,
  validityAnswer,
  type BlockHeader,
  type BlockProof,
  type FollowedChain,
  type SignedHeader,
  type TxId,
} from '@gridpeg/protocol';
import { common } from '@hyperledger/fabric-protos';
import { RawGateway } from './raw-gateway';
import { type ChainName, type OrganizationName, type TestNetwork } from './test-network';

const { SIGNATURES } = common.BlockMetadataIndex;
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Begins to follow a chain at its first block. */
export function followGenesis(network: TestNetwork, chain: ChainName): FollowedChain {
  const { chainId, genesisBlockFile } = network.chain(chain);
  const block = common.Block.deserializeBinary(readFileSync(genesisBlockFile));
  const genesis = {
    header: encodeBlockHeader(headerOf(block)).toString('base64'),
    envelope: envelopesOf(block)[0] ?? '',
  };
  return beginToFollow(chainIdCodec.decode(chainId, 'chainId'), genesis, 1);
}

/** All blocks that an organization's peer has from a number on. */
export async function blocksOf(
  network: TestNetwork,
  chain: ChainName,
  organization: OrganizationName,
  from: bigint,
): Promise<readonly common.Block[]> {
  const connection = ChainConnection.connect(network.connectionOptions(chain, organization));
  try {
    const blocks: common.Block[] = [];
    for await (const block of connection.blocks(from, await connection.height())) blocks.push(block);
    return blocks;
  } finally {
    connection.close();
  }
}

/** Proves that a transaction is valid, with the last block of a peer as anchor. */
export async function blockProofOf(
  network: TestNetwork,
  chain: ChainName,
  { txId, blockNumber }: { readonly txId: TxId; readonly blockNumber: bigint },
  endorsers: readonly [OrganizationName, ...OrganizationName[]],
): Promise<BlockProof> {
  const [block = new common.Block(), ...later] = await blocksOf(network, chain, endorsers[0], blockNumber);
  const envelopes = envelopesOf(block);
  const gateway = new RawGateway(network.connectionOptions(chain, endorsers[0], 'User1', 'qscc'));
  try {
    const { channel } = network.chain(chain);
    const { envelope } = await gateway.endorse('GetTransactionByID', [channel, txId], endorsers);
    return {
      version: 1,
      steps: [],
      anchor: [signedHeaderIn(later.at(-1) ?? block)],
      header: encodeBlockHeader(headerOf(block)).toString('base64'),
      links: later.map((each) => headerOf(each).dataHash),
      envelopes,
      transactions: [
        {
          index: envelopes.findIndex((each) => Buffer.from(each, 'base64').includes(txId)),
          validity: validityAnswer(proofOfEnvelope(envelope)),
        },
      ],
    };
  } finally {
    gateway.close();
  }
}

export function signedHeaderIn(block: common.Block): SignedHeader {
  const entry = block.getMetadata()?.getMetadataList_asU8()[SIGNATURES] ?? new Uint8Array();
  return signedHeaderOf(headerOf(block), Buffer.from(entry));
}

export function headerOf(block: common.Block): BlockHeader {
  const header = block.getHeader() ?? new common.BlockHeader();
  return {
    number: BigInt(header.getNumber()),
    previousHash: hex(header.getPreviousHash_asU8()),
    dataHash: hex(header.getDataHash_asU8()),
  };
}

export function envelopesOf(block: common.Block): readonly string[] {
  return (block.getData()?.getDataList_asU8() ?? []).map(base64);
}
