// SPDX-License-Identifier: Apache-2.0

import { approveAtOnce } from '@gridpeg/network/testing';
import { common, peer } from '@hyperledger/fabric-protos';
import { sharedNetwork } from '../harness/shared-network';

const { VALID, MVCC_READ_CONFLICT } = peer.TxValidationCode;

test('T33: of approvals at the same time each is carried out in the end: what lost against another one is repeated', async () => {
  const network = sharedNetwork();
  try {
    const { connection } = network.client('city', 'ChargingMSP');
    const from = await connection.height();
    const versions = ['1', '2', '3', '4', '5', '6'];
    await approveAtOnce(network.stateDir, 'city', 'ChargingMSP', versions);
    const codes: number[] = [];
    for await (const block of connection.blocks(from, await connection.height())) {
      codes.push(...(block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER] ?? []));
    }
    expect(codes).toContain(MVCC_READ_CONFLICT);
    expect(codes.filter((code) => code === VALID)).toHaveLength(versions.length);
  } finally {
    network.close();
  }
});
