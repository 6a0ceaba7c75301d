// SPDX-License-Identifier: Apache-2.0

import { base64Codec, list, record, type Codec } from '../codec/codec';
import { limits } from '../codec/identifiers';
import { Refused } from '../codec/refusal';
import {
  type CompactEndorsement,
  compactEndorsement,
  compactEndorsementCodec,
  expandEndorsement,
} from '../proof/compact-proof';
import {
  checkSize,
  type EndorsedProof,
  type EndorsementPolicy,
  proposalFields,
  readEndorsedPayload,
  verifyEndorsements,
} from '../proof/endorsed-proof';
import { readChaincodeAction, readProposalResponsePayload, readResponse } from '../proof/fabric-message';
import { foreign, malformedProof, proposalHashOf, readArguments, readMessage } from '../proof/fabric-proposal';
import { readProcessedTransaction } from './fabric-block';

/** TxValidationCode VALID (fabric-protos peer/transaction.proto). */
const valid = 0;
const systemChaincode = 'qscc';
const systemFunction = 'GetTransactionByID';

/**
 * What peers of several organizations say about a transaction's validity: an endorsed proof without the envelope, which
 * lies between `before` and `after`; docs/spec/13-light-client.md section 13.5.
 */
export interface ValidityAnswer {
  readonly channelHeader: string;
  readonly signatureHeader: string;
  readonly proposalPayload: string;
  readonly before: string;
  readonly after: string;
  readonly endorsements: readonly CompactEndorsement[];
}
export const validityAnswerCodec: Codec<ValidityAnswer> = record({
  ...proposalFields,
  before: base64Codec,
  after: base64Codec,
  endorsements: list(compactEndorsementCodec, 1, limits.endorsements),
});

/**
 * Leaves the envelope out of what peers answered.
 *
 * @param proof - `qscc`'s `GetTransactionByID`, endorsed
 * @throws Error when the answer has not the form that Fabric's peers give it
 */
export function validityAnswer(proof: EndorsedProof): ValidityAnswer {
  const { responsePayload, endorsements, ...proposal } = proof;
  const bytes = Buffer.from(responsePayload, 'base64');
  const { start, end } = envelopeIn(bytes);
  return {
    ...proposal,
    before: bytes.subarray(0, start).toString('base64'),
    after: bytes.subarray(end).toString('base64'),
    endorsements: endorsements.map(compactEndorsement),
  };
}

/** A transaction of a channel. */
export interface TransactionId {
  readonly channel: string;
  readonly txId: string;
  /** The bytes of the whole transaction, as in its block. */
  readonly envelope: Buffer;
}

/** What peers of these organizations found. */
export interface ProvenValidity {
  /** Fabric's TxValidationCode; 0: valid. */
  readonly validationCode: number;
  readonly organizations: readonly string[];
}

/**
 * Verifies what peers say about a transaction, whatever it is.
 *
 * @throws Refused with the codes of docs/spec/04-proof.md section 4.2
 */
export function verifyValidityAnswer(
  answer: ValidityAnswer,
  { channel, txId, envelope }: TransactionId,
  policy: EndorsementPolicy,
): ProvenValidity {
  const { before, after, endorsements, ...texts } = answer;
  const responsePayload = Buffer.concat([Buffer.from(before, 'base64'), envelope, Buffer.from(after, 'base64')]);
  const expanded = endorsements.map(expandEndorsement);
  checkSize({ ...texts, responsePayload: `${before}${after}`, endorsements: expanded });
  const proposal = {
    channelHeader: Buffer.from(texts.channelHeader, 'base64'),
    signatureHeader: Buffer.from(texts.signatureHeader, 'base64'),
    proposalPayload: Buffer.from(texts.proposalPayload, 'base64'),
  };
  checkQuestion(
    readArguments(proposal, channel, systemChaincode).map((argument) => argument.toString('utf8')),
    [systemFunction, channel, txId],
  );
  readEndorsedPayload(responsePayload, proposalHashOf(proposal), systemChaincode);
  const found = readMessage('responsePayload.transaction', () => envelopeIn(responsePayload));
  if (found.start !== Buffer.byteLength(before, 'base64') || found.end !== found.start + envelope.length) {
    throw malformedProof('before', 'the bytes of the response payload before the envelope');
  }
  return {
    validationCode: found.validationCode,
    organizations: verifyEndorsements({ endorsements: expanded }, responsePayload, policy),
  };
}

/**
 * Verifies that a transaction is valid.
 *
 * @returns the organizations whose peers say so
 * @throws Refused TRANSACTION_INVALID, and with the codes of docs/spec/04-proof.md section 4.2
 */
export function verifyValid(
  answer: ValidityAnswer,
  transaction: TransactionId,
  policy: EndorsementPolicy,
): readonly string[] {
  const { validationCode, organizations } = verifyValidityAnswer(answer, transaction, policy);
  if (validationCode === valid) return organizations;
  throw new Refused({ code: 'TRANSACTION_INVALID', txId: transaction.txId, validationCode });
}

function checkQuestion(found: readonly string[], expected: readonly string[]): void {
  const fields = ['function', 'channel', 'txId'];
  const place = fields.findIndex((_, index) => found[index] !== expected[index]);
  if (place >= 0) throw foreign(`proposalPayload.${fields[place] ?? ''}`);
  if (found.length !== expected.length) throw foreign('proposalPayload.function');
}

/** Where the envelope lies in a response payload, and the code that follows it. */
function envelopeIn(bytes: Buffer): {
  readonly start: number;
  readonly end: number;
  readonly validationCode: number;
} {
  const { response } = readChaincodeAction(readProposalResponsePayload(bytes).extension);
  const { envelope, validationCode } = readProcessedTransaction(readResponse(response).payload);
  if (envelope.length === 0) throw new Error('qscc: no envelope');
  const start = envelope.byteOffset - bytes.byteOffset;
  return { start, end: start + envelope.length, validationCode };
}
