// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { encode } from '../../codec/codec';
import { type ChainId, type TxId, txIdCodec } from '../../codec/identifiers';
import { stateKey } from '../../codec/state-key';
import { type OutboxRecord, outboxRecordCodec, type Packet } from '../../records/records';
import { compactEndorsement } from '../../proof/compact-proof';
import { type EndorsedProof } from '../../proof/endorsed-proof';
import { type ValidityAnswer } from '../../spv/validity';
import { packetBatchOf, packetWith } from '../consortium';
import { type Identity, members } from '../members';
import { fabricMessage, message, proofOf, type ProofPlan } from '../proof-writer';

/** What a transaction consists of; a test changes one thing. */
export interface TransactionPlan {
  readonly headerType: number;
  readonly channel: string;
  readonly creator: Identity;
  readonly nonce: Buffer;
  /** Undefined: the right one. */
  readonly txId: string | undefined;
  /** What it writes, by namespace. */
  readonly writes: ReadonlyArray<readonly [namespace: string, key: string, value: string]>;
  readonly edit: (part: TransactionPart, bytes: Buffer) => Buffer;
}
export type TransactionPart =
  | 'channelHeader'
  | 'signatureHeader'
  | 'header'
  | 'write'
  | 'keyValueSet'
  | 'namespaceSet'
  | 'readWriteSet'
  | 'action'
  | 'responsePayload'
  | 'endorsedAction'
  | 'actionPayload'
  | 'transactionAction'
  | 'transaction'
  | 'payload'
  | 'envelope';

const creator = members[0].client;

export function txIdOf(nonce: Buffer): TxId {
  const identity = fabricMessage([1, creator.mspId], [2, creator.certificate]);
  return txIdCodec.decode(createHash('sha256').update(nonce).update(identity).digest('hex'), 'txId');
}

/** The envelope of an endorser transaction, as Fabric's gateway writes it. */
export function transactionEnvelope(channel: string, nonce: string, changes: Partial<TransactionPlan> = {}): Buffer {
  const plan: TransactionPlan = {
    ...{ headerType: 3, channel, creator, nonce: Buffer.from(nonce.padEnd(24, '.')), txId: undefined, writes: [] },
    edit: (_, bytes) => bytes,
    ...changes,
  };
  const { edit } = plan;
  const identity = fabricMessage([1, plan.creator.mspId], [2, plan.creator.certificate]);
  const channelHeader = fabricMessage(
    ...([
      [1, plan.headerType],
      [3, fabricMessage([1, 1_700_000_000])],
      [4, plan.channel],
    ] as const),
    ...([
      [5, plan.txId ?? txIdOf(plan.nonce)],
      [7, fabricMessage([2, fabricMessage([2, 'gridpeg'])])],
    ] as const),
  );
  const header = fabricMessage(
    [1, edit('channelHeader', channelHeader)],
    [2, edit('signatureHeader', fabricMessage([1, identity], [2, plan.nonce]))],
  );
  const payload = fabricMessage([1, edit('header', header)], [2, transactionOf(plan)]);
  return edit('envelope', fabricMessage([1, edit('payload', payload)], [2, 'signature of its creator']));
}

function transactionOf({ writes, edit }: TransactionPlan): Buffer {
  const namespaces = [...new Set(['_lifecycle', ...writes.map(([namespace]) => namespace)])];
  const sets = namespaces.map((namespace) => {
    const own = writes.filter(([name]) => name === namespace);
    const keyValues = message(
      [1, fabricMessage([1, 'a key that it read'])],
      ...own.map(([, key, value]) => [3, edit('write', fabricMessage([1, key], [3, value]))] as const),
    );
    return edit('namespaceSet', fabricMessage([1, namespace], [2, edit('keyValueSet', keyValues)]));
  });
  const results = edit('readWriteSet', message(...sets.map((set) => [2, set] as const)));
  const action = fabricMessage(
    [1, results],
    [3, fabricMessage([1, 200])],
    [4, fabricMessage([2, 'gridpeg'], [3, '1'])],
  );
  const response = edit('responsePayload', fabricMessage([1, 'hash'], [2, edit('action', action)]));
  const endorsed = edit('endorsedAction', fabricMessage([1, response], [2, 'endorsement'], [2, 'another']));
  const actionPayload = edit('actionPayload', fabricMessage([1, 'proposal'], [2, endorsed]));
  const transactionAction = edit('transactionAction', fabricMessage([1, 'header'], [2, actionPayload]));
  return edit('transaction', fabricMessage([1, transactionAction]));
}

/** A transaction that sends one packet. */
export interface Send {
  readonly txId: TxId;
  readonly packet: Packet;
  readonly record: OutboxRecord;
  readonly key: string;
  readonly value: string;
}

export function sendOf(chainId: ChainId, nonce: string): Send {
  const txId = txIdOf(Buffer.from(nonce.padEnd(24, '.')));
  const packet = packetWith({ sourceChainId: chainId, txId });
  const record: OutboxRecord = { version: 1, packets: [packet], receipts: [] };
  return { txId, packet, record, key: stateKey('outbox', txId), value: encode(outboxRecordCodec, record) };
}

/** Its envelope. */
export function sendEnvelope(
  channel: string,
  nonce: string,
  { key, value }: Send,
  changes: Partial<TransactionPlan> = {},
): Buffer {
  const writes = [
    ['gridpeg', stateKey('chain'), 'another key'],
    ['gridpeg', key, value],
  ] as const;
  return transactionEnvelope(channel, nonce, { writes, ...changes });
}

/** What peers are asked about a transaction, and what they answer. */
export interface ValidityPlan extends ProofPlan {
  readonly validationCode: number;
  readonly answered: Buffer;
}

/** What honest peers of two organizations answer about a valid transaction, but for the changes. */
export function validityOf(
  channel: string,
  { txId, packet }: Send,
  envelope: Buffer,
  changes: Partial<ValidityPlan> = {},
): ValidityAnswer {
  const { validationCode = 0, answered = envelope, ...others } = changes;
  const named = { headerChaincode: 'qscc', chaincode: 'qscc', answeringChaincode: 'qscc' };
  const proof = proofOf(packetBatchOf(packet), {
    ...named,
    channel,
    args: ['GetTransactionByID', channel, txId],
    payload: fabricMessage([1, answered], [2, validationCode]),
    ...others,
  });
  return withoutEnvelope(proof, envelope);
}

/** Leaves the envelope out, as a relay does, but of whatever peers signed. */
function withoutEnvelope(
  { responsePayload, endorsements, ...proposal }: EndorsedProof,
  envelope: Buffer,
): ValidityAnswer {
  const bytes = Buffer.from(responsePayload, 'base64');
  const place = bytes.indexOf(envelope);
  const start = place < 0 ? bytes.length : place;
  return {
    ...proposal,
    before: bytes.subarray(0, start).toString('base64'),
    after: bytes.subarray(start + envelope.length).toString('base64'),
    endorsements: endorsements.map(compactEndorsement),
  };
}
