// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one verification, of which no step may be left out.

import { type Batch, type BatchKind, decodeBatch, decodeRecordedBatch, type RecordedBatch } from '../records/batch';
import { base64Codec, list, record, type Codec } from '../codec/codec';
import { type Organization, type TrustRecord } from '../records/configuration';
import {
  readChaincodeAction,
  readChaincodeId,
  readProposalResponsePayload,
  readResponse,
  readSerializedIdentity,
} from './fabric-message';
import {
  type RequestedCall,
  type RequestedExport,
  requestedExport,
  expectText,
  foreign,
  malformedProof,
  proposalHashOf,
  readCall,
  readMessage as read,
  readProposal,
} from './fabric-proposal';
import { channelOf, type LaneId, limits } from '../codec/identifiers';
import { Refused } from '../codec/refusal';
import { verifySignature } from '../x509/signature';
import { type CertificateFacts, readIssuedCertificate, roleOf } from '../x509';

const maximumProofBytes = 512 * 1024;

export interface Endorsement {
  readonly endorser: string;
  readonly signature: string;
}
export const endorsementCodec: Codec<Endorsement> = record({ endorser: base64Codec, signature: base64Codec });

/**
 * A query's answer signed by peers of several organizations, with the proposal it answers; docs/spec/04-proof.md
 * section 4.2.
 */
export interface EndorsedProof {
  readonly channelHeader: string;
  readonly signatureHeader: string;
  readonly proposalPayload: string;
  readonly responsePayload: string;
  readonly endorsements: readonly Endorsement[];
}
/** The proposal as every form of a proof has it. */
export const proposalFields = {
  channelHeader: base64Codec,
  signatureHeader: base64Codec,
  proposalPayload: base64Codec,
};
export const endorsedProofCodec: Codec<EndorsedProof> = record({
  ...proposalFields,
  responsePayload: base64Codec,
  endorsements: list(endorsementCodec, 1, limits.endorsements),
});

/** What a verified proof says, and which organizations' peers said it. */
export interface ProvenBatch<Of extends RecordedBatch = Batch> {
  readonly batch: Of;
  readonly organizations: readonly string[];
}

/**
 * Verifies that peers of enough organizations of the trusted chain read this batch from its committed state.
 * Used alike by chaincode and notaries. Cheap checks come first.
 *
 * @param trust - the verifier's own record of the source chain
 * @throws Refused with the codes of docs/spec/04-proof.md section 4.2
 */
export function verifyEndorsedProof(proof: EndorsedProof, trust: TrustRecord): ProvenBatch {
  return verify(proof, trust, decodeBatch);
}

/**
 * The same for readers of history, who meet batches of version 1 too. Nothing is moved or signed by what it says.
 *
 * @throws Refused with the codes of docs/spec/04-proof.md section 4.2
 */
export function verifyRecordedProof(proof: EndorsedProof, trust: TrustRecord): ProvenBatch<RecordedBatch> {
  return verify(proof, trust, (_, json) => decodeRecordedBatch(json));
}

function verify<Of extends RecordedBatch>(
  proof: EndorsedProof,
  trust: TrustRecord,
  decodeExport: (kind: BatchKind, json: string) => Of,
): ProvenBatch<Of> {
  const { call, answer, endorsers } = readEndorsedCall(proof, trust);
  const asked = requestedExport(call);
  const batch = decodeExport(asked.kind, answer);
  if (batch.sourceChainId !== trust.chainId) throw foreign('batch.sourceChainId');
  checkMatchesRequest(batch, asked);
  return { batch, organizations: endorsers() };
}

/** An answer as text, the argument that it answers, and which organizations' peers signed it. */
export interface EndorsedResponse {
  readonly argument: string;
  readonly answer: string;
  readonly organizations: readonly string[];
}

/**
 * Verifies that peers of enough organizations of the trusted chain gave this answer to a function with one argument.
 * That the answer says itself what was asked is for the caller to check.
 *
 * @throws Refused with the codes of docs/spec/04-proof.md section 4.2
 */
export function verifyEndorsedResponse(proof: EndorsedProof, trust: TrustRecord, name: string): EndorsedResponse {
  const { call, answer, endorsers } = readEndorsedCall(proof, trust);
  if (call.name !== name) throw foreign('proposalPayload.function');
  return { argument: call.argument, answer, organizations: endorsers() };
}

/** What was asked and answered; `endorsers` verifies who signed it, which is the dear part. */
function readEndorsedCall(
  proof: EndorsedProof,
  trust: TrustRecord,
): { readonly call: RequestedCall; readonly answer: string; readonly endorsers: () => readonly string[] } {
  checkSize(proof);
  const proposal = {
    channelHeader: bytesOf(proof.channelHeader),
    signatureHeader: bytesOf(proof.signatureHeader),
    proposalPayload: bytesOf(proof.proposalPayload),
  };
  const responsePayload = bytesOf(proof.responsePayload);
  const call = readProposal(proposal, channelOf(trust.chainId), trust.chaincodeName);
  const answer = readEndorsedPayload(responsePayload, proposalHashOf(proposal), trust.chaincodeName).toString('utf8');
  return { call, answer, endorsers: () => verifyEndorsements(proof, responsePayload, trust) };
}

/** Before anything is decoded. @throws Refused PROOF_MALFORMED */
export function checkSize(proof: EndorsedProof): void {
  const { endorsements, ...message } = proof;
  const parts = [
    ...Object.values(message),
    ...endorsements.flatMap(({ endorser, signature }) => [endorser, signature]),
  ];
  const size = parts.reduce((sum, part) => sum + Buffer.byteLength(part, 'base64'), 0);
  if (size > maximumProofBytes) throw malformedProof('proof', `at most ${maximumProofBytes.toString()} bytes`);
}

/** The answer says itself what was asked, so that the proposal's hash is not the only tie. */
function checkMatchesRequest(batch: RecordedBatch, asked: RequestedExport): void {
  if (batch.kind !== asked.kind) throw foreign('batch.kind');
  if (batch.laneId !== asked.laneId) throw foreign('batch.laneId');
  if (batch.version === 1) return;
  if (batch.txIds.join() !== asked.txIds.join()) throw foreign('batch.txIds');
  checkTransactions(batch);
}

/**
 * What holds for every batch that the trusted chain's export answers, whoever says so.
 *
 * @throws Refused PROOF_FOREIGN
 */
export function checkSource(batch: Batch, trust: TrustRecord): void {
  if (batch.sourceChainId !== trust.chainId) throw foreign('batch.sourceChainId');
  checkTransactions(batch);
}

function checkTransactions(batch: Batch): void {
  const txIds = new Set(batch.txIds);
  if (batch.kind === 'packets' && !batch.entries.every(({ txId }) => txIds.has(txId))) throw foreign('batch.entries');
}

/**
 * The lane and kind that a proof *claims*, unverified: only good for finding the records to verify it with.
 *
 * @throws Refused PROOF_MALFORMED, PROOF_FOREIGN, REQUEST_MALFORMED
 */
export function claimOf(proof: EndorsedProof): { readonly kind: BatchKind; readonly laneId: LaneId } {
  checkSize(proof);
  const { kind, laneId } = requestedExport(readCall(bytesOf(proof.proposalPayload)));
  return { kind, laneId };
}

/**
 * The answer of a chaincode to the proposal of that hash.
 *
 * @throws Refused PROOF_MALFORMED, PROOF_FOREIGN
 */
export function readEndorsedPayload(responsePayload: Buffer, hash: Buffer, chaincodeName: string): Buffer {
  const payload = read('responsePayload', () => readProposalResponsePayload(responsePayload));
  if (!payload.proposalHash.equals(hash)) throw foreign('responsePayload.proposalHash');
  const action = read('responsePayload.action', () => readChaincodeAction(payload.extension));
  const { name } = read('responsePayload.chaincode', () => readChaincodeId(action.chaincodeId));
  expectText('responsePayload.chaincode', name, chaincodeName);
  const response = read('responsePayload.response', () => readResponse(action.response));
  if (response.status !== 200) throw foreign('responsePayload.status');
  return response.payload;
}

/** Whose peers count as endorsers, and how many organizations' it takes. */
export type EndorsementPolicy = Pick<TrustRecord, 'organizations' | 'minimumOrganizations'>;

/**
 * Verifies who signed an answer.
 *
 * @returns the MSP ids of their organizations
 * @throws Refused with the codes of docs/spec/04-proof.md section 4.2
 */
export function verifyEndorsements(
  proof: Pick<EndorsedProof, 'endorsements'>,
  responsePayload: Buffer,
  trust: EndorsementPolicy,
): readonly string[] {
  const endorsements = proof.endorsements.map(({ endorser, signature }) => {
    const bytes = bytesOf(endorser);
    const identity = read('endorser', () => readSerializedIdentity(bytes));
    const mspId = identity.mspId.toString('utf8');
    const organization = trust.organizations.find((candidate) => candidate.mspId === mspId);
    if (organization === undefined) throw new Refused({ code: 'ENDORSER_STRANGER', organization: mspId.slice(0, 64) });
    return { bytes, certificate: identity.idBytes, organization, signature: bytesOf(signature) };
  });
  const names = endorsements.map(({ organization }) => organization.mspId);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new Refused({ code: 'ENDORSER_REPEATED', organization: repeated });
  if (names.length < trust.minimumOrganizations) {
    throw new Refused({ code: 'ENDORSEMENTS_TOO_FEW', found: names.length, required: trust.minimumOrganizations });
  }
  for (const { bytes, certificate, organization, signature } of endorsements) {
    const facts = verifyEndorser(certificate, organization);
    if (!verifySignature(facts.publicKey, Buffer.concat([responsePayload, bytes]), signature)) {
      throw new Refused({ code: 'SIGNATURE_INVALID', signer: organization.mspId });
    }
  }
  return names;
}

/** A peer of that very organization: issued by its CA, unit `peer` and no other role, allowed to sign, not revoked. */
function verifyEndorser(pem: Buffer, organization: Organization): CertificateFacts {
  const facts = read('endorser.certificate', () =>
    readIssuedCertificate(pem.toString('utf8'), organization.caCertificates),
  );
  if (facts === undefined) {
    throw new Refused({ code: 'ENDORSER_STRANGER', organization: organization.mspId });
  }
  const { peerUnit } = organization;
  if (facts.authority || facts.keyUsage?.digitalSignature !== true || roleOf(facts, peerUnit) !== peerUnit) {
    throw new Refused({ code: 'ENDORSER_NOT_PEER', organization: organization.mspId });
  }
  if (organization.revokedSerials.some((serial) => sameSerial(serial, facts.serialNumber))) {
    throw new Refused({ code: 'ENDORSER_REVOKED', organization: organization.mspId });
  }
  return facts;
}

function bytesOf(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

/** Whether two serial numbers in hex are one: tools print them with and without leading zeros. */
export function sameSerial(a: string, b: string): boolean {
  return a.replace(/^0+/, '') === b.replace(/^0+/, '');
}
