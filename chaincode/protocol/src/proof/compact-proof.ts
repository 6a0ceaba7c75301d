// SPDX-License-Identifier: Apache-2.0

import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { decodeRecordedBatch, encodeBatch, recordedBatchCodec } from '../records/batch';
import { base64Codec, list, record, type Decoded } from '../codec/codec';
import { type EndorsedProof, type Endorsement } from './endorsed-proof';
import {
  readChaincodeAction,
  readProposalResponsePayload,
  readResponse,
  readSerializedIdentity,
} from './fabric-message';
import { limits, mspIdCodec } from '../codec/identifiers';
import { Refused } from '../codec/refusal';
import { encodePem } from '../x509';

export const compactEndorsementCodec = record({ mspId: mspIdCodec, certificate: base64Codec, signature: base64Codec });
export type CompactEndorsement = Decoded<typeof compactEndorsementCodec>;

/**
 * The proof of a certificate of version 2: the same bytes with the batch in the open; docs/spec/04-proof.md section
 * 4.3.
 */
export const compactProofCodec = record({
  channelHeader: base64Codec,
  signatureHeader: base64Codec,
  proposalPayload: base64Codec,
  before: base64Codec,
  batch: recordedBatchCodec,
  after: base64Codec,
  endorsements: list(compactEndorsementCodec, 1, limits.endorsements),
});
type CompactProof = Decoded<typeof compactProofCodec>;

/** @returns undefined when what peers signed has not the form that a compact proof is put together to */
export function compactProof(proof: EndorsedProof): CompactProof | undefined {
  const { responsePayload, endorsements, ...proposal } = proof;
  try {
    const bytes = Buffer.from(responsePayload, 'base64');
    const { start, end } = responseIn(bytes);
    return {
      ...proposal,
      before: bytes.subarray(0, start).toString('base64'),
      batch: decodeRecordedBatch(bytes.subarray(start, end).toString('utf8')),
      after: bytes.subarray(end).toString('base64'),
      endorsements: endorsements.map(compactEndorsement),
    };
  } catch {
    return undefined;
  }
}

/**
 * The bytes that peers handled, put together again. Nothing is verified by it.
 *
 * @param field - of the compact proof, for a refusal
 * @throws Refused REQUEST_MALFORMED when the batch is not where the answer lies in the bytes
 */
export function expandProof(
  { before, batch, after, endorsements, ...proposal }: CompactProof,
  field: string,
): EndorsedProof {
  const [head, tail] = [Buffer.from(before, 'base64'), Buffer.from(after, 'base64')];
  const bytes = Buffer.concat([head, Buffer.from(encodeBatch(batch)), tail]);
  if (!isResponseAt(bytes, head.length, bytes.length - tail.length)) {
    const expected = 'the bytes of the response payload before and after the batch';
    throw new Refused({ code: 'REQUEST_MALFORMED', field: `${field}.before`, expected });
  }
  return {
    ...proposal,
    responsePayload: bytes.toString('base64'),
    endorsements: endorsements.map(expandEndorsement),
  };
}

/** An endorsement with the identity as Fabric writes it. */
export function expandEndorsement(endorsement: CompactEndorsement): Endorsement {
  return { endorser: endorserOf(endorsement).toString('base64'), signature: endorsement.signature };
}

function isResponseAt(bytes: Buffer, start: number, end: number): boolean {
  try {
    const answer = responseIn(bytes);
    return answer.start === start && answer.end === end;
  } catch {
    return false;
  }
}

/** Where the chaincode's answer lies in a `ProposalResponsePayload`. */
function responseIn(bytes: Buffer): { readonly start: number; readonly end: number } {
  const { response } = readChaincodeAction(readProposalResponsePayload(bytes).extension);
  const { payload } = readResponse(response);
  const start = payload.byteOffset - bytes.byteOffset;
  return { start, end: start + payload.length };
}

/** @throws Error for an identity of another form */
export function compactEndorsement({ endorser, signature }: Endorsement): CompactEndorsement {
  const bytes = Buffer.from(endorser, 'base64');
  const { mspId, idBytes } = readSerializedIdentity(bytes);
  const compact = {
    mspId: mspIdCodec.decode(mspId.toString('utf8'), 'mspId'),
    certificate: idBytes.toString('latin1').replace(/-----[A-Z ]+-----|\n/g, ''),
    signature,
  };
  if (!endorserOf(compact).equals(bytes)) throw new Error('an identity in another form');
  return compact;
}

/** A `SerializedIdentity` as Fabric writes it: the certificate as PEM with lines of 64. */
function endorserOf({ mspId, certificate }: Omit<CompactEndorsement, 'signature'>): Buffer {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.LengthDelimited).string(mspId);
  writer.tag(2, WireType.LengthDelimited).string(encodePem(Buffer.from(certificate, 'base64')));
  return Buffer.from(writer.finish());
}
