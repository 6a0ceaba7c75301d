// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { common, ledger, msp, peer } from '@hyperledger/fabric-protos';
import { type AuditBlock, type AuditCall, type AuditTransaction } from './audit-block';

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
    flags: [...(filter ?? [])],
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
  const signer = common.SignatureHeader.deserializeBinary(
    payload.getHeader()?.getSignatureHeader_asU8() ?? new Uint8Array(),
  );
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const proposed = peer.ChaincodeActionPayload.deserializeBinary(action?.getPayload_asU8() ?? new Uint8Array());
  const changes = changesOf(proposed, chaincodeName);
  if (changes.writes.length + changes.metadataKeys.length === 0) return [];
  return [
    { txId: header.getTxId(), timeMs: timeOf(header), creator: creatorOf(signer), call: callOf(proposed), ...changes },
  ];
}

function timeOf(header: common.ChannelHeader): bigint {
  // Its type is of a package that has none.
  const { seconds = 0, nanos = 0 } = (header.toObject().timestamp ?? {}) as { seconds?: number; nanos?: number };
  return BigInt(seconds) * 1000n + BigInt(Math.floor(nanos / 1_000_000));
}

function creatorOf(signer: common.SignatureHeader): AuditTransaction['creator'] {
  const identity = msp.SerializedIdentity.deserializeBinary(signer.getCreator_asU8());
  return { mspId: identity.getMspid(), certificate: utf8(identity.getIdBytes_asU8()) };
}

function callOf(proposed: peer.ChaincodeActionPayload): AuditCall {
  const input = peer.ChaincodeProposalPayload.deserializeBinary(proposed.getChaincodeProposalPayload_asU8());
  const spec = peer.ChaincodeInvocationSpec.deserializeBinary(input.getInput_asU8()).getChaincodeSpec();
  const [name, argument, another] = (spec?.getInput()?.getArgsList_asU8() ?? []).map(utf8);
  return {
    chaincode: spec?.getChaincodeId()?.getName() ?? '',
    name: name ?? '',
    argument: another === undefined ? argument : undefined,
  };
}

function changesOf(
  proposed: peer.ChaincodeActionPayload,
  chaincodeName: string,
): Pick<AuditTransaction, 'absent' | 'present' | 'writes' | 'metadataKeys'> {
  const response = peer.ProposalResponsePayload.deserializeBinary(
    proposed.getAction()?.getProposalResponsePayload_asU8() ?? new Uint8Array(),
  );
  const results = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8()).getResults_asU8();
  const sets = ledger.rwset.TxReadWriteSet.deserializeBinary(results)
    .getNsRwsetList()
    .filter((set) => set.getNamespace() === chaincodeName)
    .map((set) => ledger.rwset.kvrwset.KVRWSet.deserializeBinary(set.getRwset_asU8()));
  const reads = sets.flatMap((set) => set.getReadsList());
  return {
    absent: new Set(reads.filter((read) => !read.hasVersion()).map((read) => read.getKey())),
    present: new Map(
      reads.flatMap((read) => {
        const version = read.getVersion();
        return version === undefined ? [] : [[read.getKey(), BigInt(version.getBlockNum())] as const];
      }),
    ),
    writes: sets
      .flatMap((set) => set.getWritesList())
      .map((write) => ({
        key: write.getKey(),
        value: write.getIsDelete() ? undefined : utf8(write.getValue_asU8()),
      })),
    metadataKeys: sets.flatMap((set) => set.getMetadataWritesList()).map((write) => write.getKey()),
  };
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
