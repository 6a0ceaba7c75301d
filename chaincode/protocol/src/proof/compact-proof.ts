// SPDX-License-Identifier: Apache-2.0

import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { decodeRecordedBatch, encodeBatch, type RecordedBatch, recordedBatchCodec } from '../records/batch';
import { base64Codec, type Codec, type Decoded, join, list, record } from '../codec/codec';
import { type EndorsedProof, type Endorsement, endorsementCodec, proposalFields } from './endorsed-proof';
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
  ...proposalFields,
  before: base64Codec,
  batch: recordedBatchCodec,
  after: base64Codec,
  endorsements: list(compactEndorsementCodec, 1, limits.endorsements),
});
type CompactProof = Decoded<typeof compactProofCodec>;

/** An endorsement in the short form, or as peers made it where the identity has another spelling. */
const anyEndorsementCodec: Codec<CompactEndorsement | Endorsement> = {
  decode: (value, field) => {
    const isPlain = typeof value === 'object' && value !== null && 'endorser' in value;
    return isPlain ? endorsementCodec.decode(value, field) : compactEndorsementCodec.decode(value, field);
  },
  encode: (endorsement) =>
    'endorser' in endorsement ? endorsementCodec.encode(endorsement) : compactEndorsementCodec.encode(endorsement),
};
/** The proof of a certificate of version 3, which has the batch beside it. */
export const dividedProofCodec = record({
  ...proposalFields,
  before: base64Codec,
  after: base64Codec,
  endorsements: list(anyEndorsementCodec, 1, limits.endorsements),
});
type DividedProof = Decoded<typeof dividedProofCodec>;

/** @returns undefined when what peers signed has not the form that a compact proof is put together to */
export function compactProof(proof: EndorsedProof): CompactProof | undefined {
  try {
    const { before, answer, after, endorsements, ...proposal } = divide(proof);
    const batch = decodeRecordedBatch(answer);
    return { ...proposal, before, batch, after, endorsements: endorsements.map(compactEndorsement) };
  } catch {
    return undefined;
  }
}

/** The proof without the batch that it proves. @throws Refused PROOF_MALFORMED when peers signed no answer */
export function divideProof(proof: EndorsedProof): DividedProof {
  const { channelHeader, signatureHeader, proposalPayload, before, after } = divide(proof);
  const endorsements = proof.endorsements.map(shortest);
  return { channelHeader, signatureHeader, proposalPayload, before, after, endorsements };
}

function divide({ responsePayload, ...proof }: EndorsedProof): Omit<EndorsedProof, 'responsePayload'> & {
  readonly before: string;
  readonly answer: string;
  readonly after: string;
} {
  const bytes = Buffer.from(responsePayload, 'base64');
  const { start, end } = responseIn(bytes);
  return {
    ...proof,
    before: bytes.subarray(0, start).toString('base64'),
    answer: bytes.subarray(start, end).toString('utf8'),
    after: bytes.subarray(end).toString('base64'),
  };
}

function shortest(endorsement: Endorsement): CompactEndorsement | Endorsement {
  try {
    return compactEndorsement(endorsement);
  } catch {
    return endorsement;
  }
}

/**
 * The bytes that peers handled, put together again. Nothing is verified by it.
 *
 * @param field - of the compact proof, for a refusal
 * @throws Refused REQUEST_MALFORMED when the batch is not where the answer lies in the bytes
 */
export function expandProof({ batch, ...divided }: CompactProof, field: string): EndorsedProof {
  return joinProof(divided, batch, field);
}

/** The same for a proof that has its batch beside it. @throws Refused REQUEST_MALFORMED as {@link expandProof} */
export function joinProof(
  { before, after, endorsements, ...proposal }: DividedProof,
  batch: RecordedBatch,
  field: string,
): EndorsedProof {
  const [head, tail] = [Buffer.from(before, 'base64'), Buffer.from(after, 'base64')];
  const bytes = Buffer.concat([head, Buffer.from(encodeBatch(batch)), tail]);
  if (!isResponseAt(bytes, head.length, bytes.length - tail.length)) {
    const expected = 'the bytes of the response payload before and after the batch';
    throw new Refused({ code: 'REQUEST_MALFORMED', field: join(field, 'before'), expected });
  }
  return {
    ...proposal,
    responsePayload: bytes.toString('base64'),
    endorsements: endorsements.map((each) => ('endorser' in each ? each : expandEndorsement(each))),
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
