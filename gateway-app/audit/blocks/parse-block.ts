// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { common, msp } from '@hyperledger/fabric-protos';
import { argumentsOf, validTransactions, type EndorserTransaction } from '../../client';
import { type AuditBlock, type AuditCall, type AuditTransaction } from './audit-block';

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
    transactions: validTransactions(block, chaincodeName).flatMap(auditTransaction),
  };
}

function auditTransaction({ header, signer, called, sets }: EndorserTransaction): readonly AuditTransaction[] {
  const changes = changesIn(sets);
  if (changes.writes.length + changes.metadataKeys.length === 0) return [];
  return [
    { txId: header.getTxId(), timeMs: timeOf(header), creator: creatorOf(signer), call: callOf(called), ...changes },
  ];
}

function timeOf(header: common.ChannelHeader): bigint {
  // The package of its type has no declarations.
  const { seconds = 0, nanos = 0 } = (header.toObject().timestamp ?? {}) as { seconds?: number; nanos?: number };
  return BigInt(seconds) * 1000n + BigInt(Math.floor(nanos / 1_000_000));
}

function creatorOf(signer: common.SignatureHeader): AuditTransaction['creator'] {
  const identity = msp.SerializedIdentity.deserializeBinary(signer.getCreator_asU8());
  return { mspId: identity.getMspid(), certificate: utf8(identity.getIdBytes_asU8()) };
}

function callOf(called: EndorserTransaction['called']): AuditCall {
  const [name = '', argument, another] = argumentsOf(called);
  return {
    chaincode: called?.getChaincodeId()?.getName() ?? '',
    name,
    argument: another === undefined ? argument : undefined,
  };
}

function changesIn(
  sets: EndorserTransaction['sets'],
): Pick<AuditTransaction, 'absent' | 'present' | 'writes' | 'metadataKeys'> {
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
