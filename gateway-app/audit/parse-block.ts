// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { common, ledger, peer } from '@hyperledger/fabric-protos';
import { type AuditBlock, type AuditTransaction, type StateWrite } from './audit-block';

/** HeaderType ENDORSER_TRANSACTION and TxValidationCode VALID. */
const endorserTransaction = 3;
const valid = 0;

/**
 * Takes from a block what an audit judges.
 *
 * @param chaincodeName - the namespace whose writes count
 * @throws Error when the block or a VALID transaction in it does not parse
 */
export function parseBlock(block: common.Block, chaincodeName: string): AuditBlock {
  const header = block.getHeader();
  if (header === undefined) throw new Error('a block without header');
  const envelopes = block.getData()?.getDataList_asU8() ?? [];
  const filter = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER];
  const dataHash = createHash('sha256');
  for (const envelope of envelopes) dataHash.update(envelope);
  return {
    number: BigInt(header.getNumber()),
    previousHash: hex(header.getPreviousHash_asU8()),
    dataHash: hex(header.getDataHash_asU8()),
    dataHashFound: dataHash.digest('hex'),
    transactions: envelopes
      .filter((_, index) => filter?.[index] === valid)
      .flatMap((envelope) => parseTransaction(envelope, chaincodeName)),
  };
}

function parseTransaction(bytes: Uint8Array, chaincodeName: string): readonly AuditTransaction[] {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(bytes).getPayload_asU8());
  const header = common.ChannelHeader.deserializeBinary(
    payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array(),
  );
  if (header.getType() !== endorserTransaction) return [];
  const actions = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const writes = actions.flatMap((action) => writesOf(action.getPayload_asU8(), chaincodeName));
  return writes.length === 0 ? [] : [{ txId: header.getTxId(), writes }];
}

function writesOf(actionPayload: Uint8Array, chaincodeName: string): readonly StateWrite[] {
  const endorsed = peer.ChaincodeActionPayload.deserializeBinary(actionPayload).getAction();
  const response = peer.ProposalResponsePayload.deserializeBinary(
    endorsed?.getProposalResponsePayload_asU8() ?? new Uint8Array(),
  );
  const results = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8()).getResults_asU8();
  return ledger.rwset.TxReadWriteSet.deserializeBinary(results)
    .getNsRwsetList()
    .filter((set) => set.getNamespace() === chaincodeName)
    .flatMap((set) => ledger.rwset.kvrwset.KVRWSet.deserializeBinary(set.getRwset_asU8()).getWritesList())
    .map((write) => ({
      key: write.getKey(),
      value: write.getIsDelete() ? undefined : Buffer.from(write.getValue_asU8()).toString('utf8'),
    }));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
