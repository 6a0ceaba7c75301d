// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { decode } from '../codec/codec';
import { type ChainId, channelOf, type TxId, txIdCodec } from '../codec/identifiers';
import { Refused } from '../codec/refusal';
import { stateKey } from '../codec/state-key';
import { readChaincodeAction, readProposalResponsePayload, readSignatureHeader } from '../proof/fabric-message';
import { expectText, foreign, malformedProof, readMessage } from '../proof/fabric-proposal';
import { asBatch } from '../records/batch';
import { type OutboxRecord, outboxRecordCodec } from '../records/records';
import {
  readChaincodeActionPayload,
  readEndorsedAction,
  readEnvelope,
  readHeader,
  readKeyValueSet,
  readNamespaceSet,
  readPayload,
  readReadWriteSet,
  readTransaction,
  readTransactionAction,
  readWholeChannelHeader,
  readWrite,
} from './fabric-block';

/** HeaderType ENDORSER_TRANSACTION (fabric-protos common/common.proto). */
const endorserTransaction = 3;

/** What a transaction has told other chains, if it is valid. */
export interface OutboxTransaction {
  readonly txId: TxId;
  readonly record: OutboxRecord;
}

/**
 * Reads the outbox record that a transaction writes.
 *
 * @param envelope - of the transaction, as in its block
 * @param chaincodeName - the peg's namespace on the chain
 * @throws Refused PROOF_MALFORMED, PROOF_FOREIGN, OUTBOX_NOT_WRITTEN, BATCH_MALFORMED
 */
export function readOutboxTransaction(envelope: Buffer, chainId: ChainId, chaincodeName: string): OutboxTransaction {
  const { header, data } = readMessage('envelope', () => readPayload(readEnvelope(envelope).payload));
  const txId = readTxId(header, channelOf(chainId));
  const writes = writesIn(data, chaincodeName).map((write) => readMessage('writes', () => readWrite(write)));
  const key = Buffer.from(stateKey('outbox', txId), 'utf8');
  const [write, another] = writes.filter((candidate) => candidate.key.equals(key));
  if (another !== undefined) throw malformedProof('writes', 'each key once');
  if (write === undefined || write.isDelete !== 0) throw new Refused({ code: 'OUTBOX_NOT_WRITTEN', txId });
  const record = asBatch(() => decode(outboxRecordCodec, write.value.toString('utf8')));
  const isOwn = record.packets.every((packet) => packet.txId === txId && packet.sourceChainId === chainId);
  if (!isOwn) throw foreign('outbox.packets');
  return { txId, record };
}

function readTxId(header: Buffer, channel: string): TxId {
  const { channelHeader, signatureHeader } = readMessage('envelope.header', () => readHeader(header));
  const { type, channelId, txId } = readMessage('envelope.channelHeader', () => readWholeChannelHeader(channelHeader));
  if (type !== endorserTransaction) throw foreign('envelope.type');
  expectText('envelope.channelId', channelId, channel);
  const { creator, nonce } = readMessage('envelope.signatureHeader', () => readSignatureHeader(signatureHeader));
  const own = createHash('sha256').update(nonce).update(creator).digest('hex');
  expectText('envelope.txId', txId, own);
  return txIdCodec.decode(own, 'envelope.txId');
}

/** What a transaction writes in a namespace, in order. */
function writesIn(data: Buffer, chaincodeName: string): readonly Buffer[] {
  const { results } = readMessage('envelope.transaction', () => {
    const [action, another] = readTransaction(data).actions;
    if (action === undefined || another !== undefined) throw new Error('transaction: actions');
    const endorsed = readChaincodeActionPayload(readTransactionAction(action).payload).action;
    const { responsePayload } = readEndorsedAction(endorsed);
    return readChaincodeAction(readProposalResponsePayload(responsePayload).extension);
  });
  return readMessage('envelope.results', () => {
    const { dataModel, namespaces } = readReadWriteSet(results);
    if (dataModel !== 0) throw new Error('results: data model');
    const sets = namespaces
      .map(readNamespaceSet)
      .filter(({ namespace }) => namespace.equals(Buffer.from(chaincodeName)));
    if (sets.length > 1) throw new Error('results: a namespace twice');
    return sets.flatMap((set) => readKeyValueSet(set.sets).writes);
  });
}
