// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { type BatchKind, exportFunctions, exportRequestCodec, type ExportRequest } from '../records/batch';
import { decode } from '../codec/codec';
import {
  readChaincodeHeaderExtension,
  readChaincodeInput,
  readChaincodeInvocationSpec,
  readChaincodeName,
  readChaincodeProposalPayload,
  readChaincodeSpec,
  readChannelHeader,
  readSerializedIdentity,
  readSignatureHeader,
  readTimestamp,
} from './fabric-message';
import { mspIdCodec } from '../codec/identifiers';
import { Refused } from '../codec/refusal';

/** HeaderType ENDORSER_TRANSACTION (fabric-protos common/common.proto). */
const endorserTransaction = 3;
/** ChaincodeSpec.Type NODE (fabric-protos peer/chaincode.proto): what gateway clients of every language write. */
const nodeChaincode = 2;
/** Bytes of a nonce: protoutil, fabric-gateway and the older clients all write 24. */
const nonceLength = 24;
const pem = /^-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----[\r\n]*$/;

/** The three byte strings that Fabric hashes one after the other, without their lengths. */
export interface ProposalBytes {
  readonly channelHeader: Buffer;
  readonly signatureHeader: Buffer;
  readonly proposalPayload: Buffer;
}

/** What is asked of a chain: the export of these transactions. */
export interface RequestedExport extends ExportRequest {
  readonly kind: BatchKind;
}

/** A function of the chaincode and its one argument. */
export interface RequestedCall {
  readonly name: string;
  readonly argument: string;
}

/**
 * What a proposal asks for, read so strictly that its bytes have no second reading with other boundaries.
 *
 * @see docs/spec/04-proof.md section 4.2
 * @throws Refused PROOF_MALFORMED, PROOF_FOREIGN, REQUEST_MALFORMED
 */
export function readProposal(proposal: ProposalBytes, channel: string, chaincodeName: string): RequestedCall {
  return callWith(readArguments(proposal, channel, chaincodeName));
}

/**
 * The same for a function of any number of arguments.
 *
 * @returns the function's name and its arguments
 * @throws Refused PROOF_MALFORMED, PROOF_FOREIGN
 */
export function readArguments(proposal: ProposalBytes, channel: string, chaincodeName: string): readonly Buffer[] {
  const header = readMessage('channelHeader', () => readChannelHeader(proposal.channelHeader));
  if (header.type !== endorserTransaction) throw foreign('channelHeader.type');
  expectText('channelHeader.channelId', header.channelId, channel);
  const extension = readMessage('channelHeader.extension', () => readChaincodeHeaderExtension(header.extension));
  const inHeader = readMessage('channelHeader.chaincode', () => readChaincodeName(extension.chaincodeId));
  expectText('channelHeader.chaincode', inHeader.name, chaincodeName);
  checkTimestamp(header.timestamp);
  checkOrigin(proposal.signatureHeader, header.txId);
  const { chaincode, args } = readInvocation(proposal.proposalPayload);
  expectText('proposalPayload.chaincode', chaincode, chaincodeName);
  return args;
}

function checkTimestamp(bytes: Buffer): void {
  const { seconds, nanos } = readMessage('channelHeader.timestamp', () => readTimestamp(bytes));
  if (seconds <= 0n || nanos < 0 || nanos > 999_999_999) {
    throw malformedProof('channelHeader.timestamp', 'a time after 1970, nanoseconds below 10^9');
  }
}

/** Who asked does not matter, but creator and nonce have one form, and the transaction id is theirs. */
function checkOrigin(signatureHeader: Buffer, txId: Buffer): void {
  const { creator, nonce } = readMessage('signatureHeader', () => readSignatureHeader(signatureHeader));
  const identity = readMessage('signatureHeader.creator', () => readSerializedIdentity(creator));
  readMessage('signatureHeader.creator', () => mspIdCodec.decode(identity.mspId.toString('utf8'), ''));
  if (!pem.test(identity.idBytes.toString('latin1'))) {
    throw malformedProof('signatureHeader.creator', 'an MSP id and a certificate as PEM');
  }
  if (nonce.length !== nonceLength) {
    throw malformedProof('signatureHeader.nonce', `${nonceLength.toString()} bytes`);
  }
  expectText('channelHeader.txId', txId, createHash('sha256').update(nonce).update(creator).digest('hex'));
}

/**
 * What a proposal's payload asks for.
 *
 * @throws Refused PROOF_MALFORMED, PROOF_FOREIGN
 */
export function readCall(proposalPayload: Buffer): RequestedCall {
  return callWith(readInvocation(proposalPayload).args);
}

function readInvocation(proposalPayload: Buffer): { readonly chaincode: Buffer; readonly args: readonly Buffer[] } {
  const { input } = readMessage('proposalPayload', () => readChaincodeProposalPayload(proposalPayload));
  const invocation = readMessage('proposalPayload.input', () => readChaincodeInvocationSpec(input));
  const spec = readMessage('proposalPayload.spec', () => readChaincodeSpec(invocation.chaincodeSpec));
  if (spec.type !== nodeChaincode) throw malformedProof('proposalPayload.type', 'NODE');
  const { name: chaincode } = readMessage('proposalPayload.chaincode', () => readChaincodeName(spec.chaincodeId));
  const { args } = readMessage('proposalPayload.args', () => readChaincodeInput(spec.input));
  return { chaincode, args };
}

function callWith([name, argument, extra]: readonly Buffer[]): RequestedCall {
  if (name === undefined || argument === undefined || extra !== undefined) throw foreign('proposalPayload.function');
  return { name: name.toString('utf8'), argument: argument.toString('utf8') };
}

/** The export that a call asks for. @throws Refused PROOF_FOREIGN, REQUEST_MALFORMED */
export function requestedExport({ name, argument }: RequestedCall): RequestedExport {
  const kind = (['packets', 'receipts'] as const).find((k) => name === exportFunctions[k]);
  if (kind === undefined) throw foreign('proposalPayload.function');
  return { kind, ...decode(exportRequestCodec, argument) };
}

export function proposalHashOf({ channelHeader, signatureHeader, proposalPayload }: ProposalBytes): Buffer {
  return createHash('sha256').update(channelHeader).update(signatureHeader).update(proposalPayload).digest();
}

/** @throws Refused PROOF_FOREIGN when the bytes are not the text's */
export function expectText(field: string, found: Buffer, expected: string): void {
  if (!found.equals(Buffer.from(expected, 'utf8'))) throw foreign(field);
}

/** @throws Refused PROOF_MALFORMED when the reader throws anything */
export function readMessage<T>(field: string, reader: () => T): T {
  try {
    return reader();
  } catch {
    throw malformedProof(field, 'the Fabric message or certificate of that name, as Fabric writes it');
  }
}

export function malformedProof(field: string, expected: string): Refused {
  return new Refused({ code: 'PROOF_MALFORMED', field, expected });
}

export function foreign(field: string): Refused {
  return new Refused({ code: 'PROOF_FOREIGN', field });
}
