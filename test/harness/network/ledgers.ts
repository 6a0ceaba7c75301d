// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { ChainConnection } from '@gridpeg/gateway-app';
import { common } from '@hyperledger/fabric-protos';
import { organizations, type ChainName, type OrganizationName, type TestNetwork } from './test-network';
import { waitUntil } from '../wait-until';

/**
 * The whole ledger of a chain as one organization's own peer holds it, one entry a block: a hash of header, data and
 * validation codes, and Fabric's commit hash, in which every write to the state up to that block is.
 */
async function ledgerOf(
  network: TestNetwork,
  chain: ChainName,
  organization: OrganizationName,
): Promise<readonly string[]> {
  const options = network.connectionOptions(chain, organization);
  const own = options.peers.filter(({ mspId }) => mspId === organization);
  const connection = ChainConnection.connect({ ...options, peers: own });
  try {
    const entries: string[] = [];
    for await (const block of connection.blocks(0n, await connection.height())) entries.push(entryOf(block));
    return entries;
  } finally {
    connection.close();
  }
}

/** Waits until the peers of all members of a chain hold the same ledger. @returns it */
export async function agreedLedger(network: TestNetwork, chain: ChainName): Promise<readonly string[]> {
  const members = organizations.filter((name) => network.chain(chain).members.includes(name));
  return waitUntil(`all peers of ${chain} hold the same ledger`, async () => {
    const ledgers = await Promise.allSettled(members.map((member) => ledgerOf(network, chain, member)));
    const found = ledgers.map((ledger) => (ledger.status === 'fulfilled' ? ledger.value : undefined));
    const [first] = found;
    const agreed = found.every((ledger) => JSON.stringify(ledger) === JSON.stringify(first));
    return agreed ? first : undefined;
  });
}

function entryOf(block: common.Block): string {
  const hash = createHash('sha256');
  hash.update(block.getHeader()?.serializeBinary() ?? '');
  hash.update(block.getData()?.serializeBinary() ?? '');
  const metadata = block.getMetadata()?.getMetadataList_asU8() ?? [];
  hash.update(metadata[common.BlockMetadataIndex.TRANSACTIONS_FILTER] ?? '');
  const committed = metadata[common.BlockMetadataIndex.COMMIT_HASH] ?? new Uint8Array();
  return `${hash.digest('hex')} ${Buffer.from(committed).toString('hex')}`;
}
