// SPDX-License-Identifier: Apache-2.0

import { approveAtOnce } from '@gridpeg/network/testing';
import { common, peer } from '@hyperledger/fabric-protos';
import { sharedNetwork } from '../../harness/network/shared-network';

const { VALID, MVCC_READ_CONFLICT } = peer.TxValidationCode;

test('T33: of approvals at the same time each is carried out: one that lost against another is repeated', async () => {
  const network = sharedNetwork();
  try {
    const { connection } = network.client('city', 'ChargingMSP');
    const from = await connection.height();
    const codes = async (): Promise<readonly number[]> => {
      const found: number[] = [];
      for await (const block of connection.blocks(from, await connection.height())) {
        const metadata = block.getMetadata()?.getMetadataList_asU8();
        found.push(...(metadata?.[common.BlockMetadataIndex.TRANSACTIONS_FILTER] ?? []));
      }
      return found;
    };
    let approved = 0;
    // Whether two of them meet is chance: if none did, six more are made.
    for (let round = 1; round <= 5 && !(await codes()).includes(MVCC_READ_CONFLICT); round += 1) {
      const versions = Array.from({ length: 6 }, (_, index) => `${round}.${index}`);
      await approveAtOnce(network.stateDir, 'city', 'ChargingMSP', versions);
      approved += versions.length;
    }
    expect(await codes()).toContain(MVCC_READ_CONFLICT);
    expect((await codes()).filter((code) => code === VALID)).toHaveLength(approved);
  } finally {
    network.close();
  }
});
