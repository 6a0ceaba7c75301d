// SPDX-License-Identifier: Apache-2.0

import { ChainConnection } from '@gridpeg/gateway-app';
import { common } from '@hyperledger/fabric-protos';
import { type ChainName, type OrganizationName, type TestNetwork } from './test-network';
import { waitUntil } from '../wait-until';

/**
 * The last block as each peer of a chain has it: header, verdicts on the transactions, and the peer's hash of all that
 * was ever written. Header and hash cover every block before. Waits until all peers have the same number of blocks.
 */
export async function ledgerTips(network: TestNetwork, chain: ChainName): Promise<readonly string[]> {
  const connections = network.chain(chain).peers.map(({ organization, name }) => {
    const options = network.connectionOptions(chain, organization as OrganizationName);
    return ChainConnection.connect({ ...options, peers: options.peers.filter(({ hostAlias }) => hostAlias === name) });
  });
  try {
    return await waitUntil(`the peers of ${chain} have the same number of blocks`, async () => {
      const [height = 0n, ...others] = await Promise.all(connections.map((connection) => connection.height()));
      if (others.some((other) => other !== height)) return undefined;
      return Promise.all(connections.map((connection) => tipOf(connection, height)));
    });
  } finally {
    for (const connection of connections) connection.close();
  }
}

async function tipOf(connection: ChainConnection, height: bigint): Promise<string> {
  const { TRANSACTIONS_FILTER, COMMIT_HASH } = common.BlockMetadataIndex;
  for await (const block of connection.blocks(height - 1n, height)) {
    const metadata = block.getMetadata()?.getMetadataList_asU8() ?? [];
    const parts = [block.getHeader()?.serializeBinary(), metadata[TRANSACTIONS_FILTER], metadata[COMMIT_HASH]];
    return parts.map((part = new Uint8Array()) => Buffer.from(part).toString('hex')).join(' ');
  }
  throw new Error('a chain has a last block');
}
