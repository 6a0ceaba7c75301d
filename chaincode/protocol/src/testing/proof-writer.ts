// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one writer for all parts of a proof.

import { createHash, type KeyObject } from 'node:crypto';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { type Batch, encodeBatch, exportFunctions, exportRequestCodec, type RecordedBatch } from '../records/batch';
import { type CustodyEvidence, type EarlierCertificate, type ModeCertificate } from '../custody/certificate';
import { signBatch } from '../custody/certificate-digest';
import { encode } from '../codec/codec';
import { type TrustRecord } from '../records/configuration';
import { type CustodyMode } from '../records/custody';
import { digestFor } from '../records/statement';
import { type EndorsedProof } from '../proof/endorsed-proof';
import { channelOf } from '../codec/identifiers';
import { signMessage } from '../x509/signature';
import { txIdNamed } from './consortium';
import { type Identity, type Member, members } from './members';

type Field = readonly [number, number | bigint | string | Uint8Array];

/** One protobuf message: field number and value; text and bytes are length-delimited, numbers varints. */
export function message(...fields: readonly Field[]): Buffer {
  const writer = new BinaryWriter();
  for (const [number, value] of fields) {
    if (typeof value === 'number') writer.tag(number, WireType.Varint).int32(value);
    else if (typeof value === 'bigint') writer.tag(number, WireType.Varint).uint64(value);
    else writer.tag(number, WireType.LengthDelimited).bytes(Buffer.from(value as Uint8Array));
  }
  return Buffer.from(writer.finish());
}

const nonce = Buffer.alloc(24, 'nonce');

/** The same without the fields that are empty or zero, as Fabric writes it. */
export function fabricMessage(...fields: readonly Field[]): Buffer {
  return message(
    ...fields.filter(([, value]) =>
      typeof value === 'object' || typeof value === 'string' ? value.length > 0 : value !== 0,
    ),
  );
}

/** What a proof consists of; a test changes one thing. Messages are as docs/spec/04-proof.md names them. */
export interface ProofPlan {
  readonly headerType: number;
  readonly channel: string;
  /** Chaincode named in the channel header. */
  readonly headerChaincode: string;
  /** Chaincode named in the proposal. */
  readonly chaincode: string;
  readonly args: readonly (string | Buffer)[];
  readonly status: number;
  readonly payload: string | Buffer;
  /** Chaincode named in the response. */
  readonly answeringChaincode: string;
  /** Undefined: the right one. */
  readonly proposalHash: Buffer | undefined;
  readonly endorsers: readonly Identity[];
  /** Changes a message before anything is hashed or signed. */
  readonly edit: (part: ProofPart, bytes: Buffer) => Buffer;
  readonly sign: (key: KeyObject, bytes: Buffer) => Buffer;
}
export const proofParts = [
  'channelHeader',
  'headerExtension',
  'headerChaincodeId',
  'timestamp',
  'creator',
  'signatureHeader',
  'proposalPayload',
  'invocation',
  'spec',
  'specChaincodeId',
  'input',
  'responsePayload',
  'action',
  'actionChaincodeId',
  'response',
  'endorser',
] as const;
export type ProofPart = (typeof proofParts)[number];

/** A proof of the batch as honest peers of the first two members make it, but for the changes. */
export function proofOf(batch: RecordedBatch, changes: Partial<ProofPlan> = {}): EndorsedProof {
  const plan: ProofPlan = {
    headerType: 3,
    channel: channelOf(batch.sourceChainId),
    headerChaincode: 'gridpeg',
    chaincode: 'gridpeg',
    args: [exportFunctions[batch.kind], exportArgumentOf(batch)],
    status: 200,
    payload: encodeBatch(batch),
    answeringChaincode: 'gridpeg',
    proposalHash: undefined,
    endorsers: members.slice(0, 2).map(({ peer }) => peer),
    edit: (_, bytes) => bytes,
    sign: signMessage,
    ...changes,
  };
  const proposal = proposalOf(plan);
  const hash = createHash('sha256');
  for (const part of Object.values(proposal)) hash.update(part);
  const { edit } = plan;
  const response = edit('response', fabricMessage([1, plan.status], [3, plan.payload]));
  const action = fabricMessage(
    [3, response],
    [4, edit('actionChaincodeId', fabricMessage([2, plan.answeringChaincode]))],
  );
  const responsePayload = edit(
    'responsePayload',
    fabricMessage([1, plan.proposalHash ?? hash.digest()], [2, edit('action', action)]),
  );
  return {
    channelHeader: proposal.channelHeader.toString('base64'),
    signatureHeader: proposal.signatureHeader.toString('base64'),
    proposalPayload: proposal.proposalPayload.toString('base64'),
    responsePayload: responsePayload.toString('base64'),
    endorsements: plan.endorsers.map(({ mspId, certificate, key }) => {
      const endorser = edit('endorser', fabricMessage([1, mspId], [2, certificate]));
      const signature = plan.sign(key, Buffer.concat([responsePayload, endorser]));
      return { endorser: endorser.toString('base64'), signature: signature.toString('base64') };
    }),
  };
}

/** What the batch answers; one of version 1 does not say which transactions that were. */
export function exportArgumentOf(batch: RecordedBatch): string {
  const txIds = batch.version === 1 ? [txIdNamed('send')] : batch.txIds;
  return encode(exportRequestCodec, { laneId: batch.laneId, txIds });
}

function proposalOf(plan: ProofPlan): { channelHeader: Buffer; signatureHeader: Buffer; proposalPayload: Buffer } {
  const { edit } = plan;
  const extension = edit(
    'headerExtension',
    fabricMessage([2, edit('headerChaincodeId', fabricMessage([2, plan.headerChaincode]))]),
  );
  const { mspId, certificate } = members[0].client;
  const creator = edit('creator', fabricMessage([1, mspId], [2, certificate]));
  const txId = createHash('sha256').update(nonce).update(creator).digest('hex');
  const timestamp = edit('timestamp', fabricMessage([1, 1_700_000_000], [2, 5]));
  const channelHeader = fabricMessage(
    [1, plan.headerType],
    [3, timestamp],
    [4, plan.channel],
    [5, txId],
    [7, extension],
  );
  const input = edit('input', message(...plan.args.map((argument) => [1, argument] as const)));
  const chaincodeId = edit('specChaincodeId', fabricMessage([2, plan.chaincode]));
  const spec = edit('spec', fabricMessage([1, 2], [2, chaincodeId], [3, input]));
  const payload = fabricMessage([1, edit('invocation', fabricMessage([1, spec]))]);
  return {
    channelHeader: edit('channelHeader', channelHeader),
    signatureHeader: edit('signatureHeader', fabricMessage([1, creator], [2, nonce])),
    proposalPayload: edit('proposalPayload', payload),
  };
}

/** A certificate of version 2, or 1, as three honest notaries made it, but for the changes. */
export function certify(
  batch: Batch,
  trust: TrustRecord,
  changes: Partial<EarlierCertificate> & { readonly notaries?: readonly Member[] } = {},
): EarlierCertificate {
  const { notaries = members.slice(0, trust.committee.threshold), ...others } = changes;
  return {
    version: 2,
    custody: 'federation',
    proof: proofOf(batch),
    epoch: trust.committee.epoch,
    signatures: notaries.map(({ mspId, notaryKey }) => signBatch(batch, trust, mspId, notaryKey)),
    ...others,
  };
}

/** A certificate of a custody mode as honest signers make it, the first member being the custodian. */
export function certifyFor(
  mode: CustodyMode,
  batch: Batch,
  trust: TrustRecord,
  notaries: readonly Member[] = members.slice(0, trust.committee.threshold),
): ModeCertificate {
  return { version: 3, batch, evidence: evidenceFor(mode, batch, trust, notaries) };
}

function evidenceFor(
  mode: CustodyMode,
  batch: Batch,
  trust: TrustRecord,
  notaries: readonly Member[],
): CustodyEvidence {
  const { epoch } = trust.committee;
  const [first, ...others] = notaries.map(({ mspId, notaryKey }) =>
    signBatch(batch, trust, mspId, notaryKey, digestFor(mode)),
  );
  if (first === undefined) throw new Error('nobody signs');
  const signatures = [first, ...others];
  const evidence: { readonly [Mode in CustodyMode]: CustodyEvidence } = {
    federation: { mode: 'federation', proof: proofOf(batch), epoch, signatures },
    notary: { mode: 'notary', epoch, signatures },
    custodian: { mode: 'custodian', epoch, signature: first },
  };
  return evidence[mode];
}
