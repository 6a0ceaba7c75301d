// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { type Batch, type BatchKind, decodeBatch, exportFunctions, exportRequestShape } from './batch';
import { base64Shape, decodeRequest, list, record, type Shape } from './codec';
import { type Organization, type TrustRecord } from './configuration';
import {
  readChaincodeAction,
  readChaincodeHeaderExtension,
  readChaincodeId,
  readChaincodeInput,
  readChaincodeInvocationSpec,
  readChaincodeProposalPayload,
  readChaincodeSpec,
  readChannelHeader,
  readProposalResponsePayload,
  readResponse,
  readSerializedIdentity,
} from './fabric-message';
import { channelOf, type LaneId, limits } from './identifiers';
import { Refused } from './refusal';
import { verifySignature } from './signature';
import { type CertificateFacts, readIssuedCertificate, roleOf } from './x509';

/** HeaderType ENDORSER_TRANSACTION (fabric-protos common/common.proto). */
const endorserTransaction = 3;
const maximumProofBytes = 512 * 1024;

export interface Endorsement {
  readonly endorser: string;
  readonly signature: string;
}
const endorsementShape: Shape<Endorsement> = record({ endorser: base64Shape, signature: base64Shape });

/** A query's answer signed by peers of several organizations, with the proposal it answers; docs/spec/04-proof.md section 4.2. */
export interface EndorsedProof {
  readonly channelHeader: string;
  readonly signatureHeader: string;
  readonly proposalPayload: string;
  readonly responsePayload: string;
  readonly endorsements: readonly Endorsement[];
}
export const endorsedProofShape: Shape<EndorsedProof> = record({
  channelHeader: base64Shape,
  signatureHeader: base64Shape,
  proposalPayload: base64Shape,
  responsePayload: base64Shape,
  endorsements: list(endorsementShape, 1, limits.endorsements),
});

/** What a verified proof says, and which organizations' peers said it. */
export interface ProvenBatch {
  readonly batch: Batch;
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
  const proposal = {
    channelHeader: bytesOf(proof.channelHeader),
    signatureHeader: bytesOf(proof.signatureHeader),
    proposalPayload: bytesOf(proof.proposalPayload),
  };
  const responsePayload = bytesOf(proof.responsePayload);
  const size = Object.values(proposal).reduce((sum, part) => sum + part.length, responsePayload.length);
  if (size > maximumProofBytes) throw malformedProof('proof', `at most ${maximumProofBytes.toString()} bytes`);

  const asked = readProposal(proposal, trust);
  const batch = readAnswer(responsePayload, proposalHash(proposal), asked.kind, trust);
  if (batch.sourceChainId !== trust.chainId) throw foreign('batch.sourceChainId');
  if (batch.laneId !== asked.laneId) throw foreign('batch.laneId');
  return { batch, organizations: verifyEndorsements(proof, responsePayload, trust) };
}

/** SHA-256(channel header, signature header, proposal payload): the only thing that binds the channel. */
function proposalHash(proposal: { channelHeader: Buffer; signatureHeader: Buffer; proposalPayload: Buffer }): Buffer {
  return createHash('sha256')
    .update(proposal.channelHeader)
    .update(proposal.signatureHeader)
    .update(proposal.proposalPayload)
    .digest();
}

function readProposal(
  proposal: { channelHeader: Buffer; proposalPayload: Buffer },
  trust: TrustRecord,
): { kind: BatchKind; laneId: LaneId } {
  const header = read('channelHeader', () => readChannelHeader(proposal.channelHeader));
  if (header.type !== endorserTransaction) throw foreign('channelHeader.type');
  expectText('channelHeader.channelId', header.channelId, channelOf(trust.chainId));
  const extension = read('channelHeader.extension', () => readChaincodeHeaderExtension(header.extension));
  expectChaincode('channelHeader.chaincode', extension.chaincodeId, trust);
  const { chaincodeId, ...asked } = readInvocation(proposal.proposalPayload);
  expectChaincode('proposalPayload.chaincode', chaincodeId, trust);
  return asked;
}

function readInvocation(proposalPayload: Buffer): { chaincodeId: Buffer; kind: BatchKind; laneId: LaneId } {
  const payload = read('proposalPayload', () => readChaincodeProposalPayload(proposalPayload));
  const invocation = read('proposalPayload.input', () => readChaincodeInvocationSpec(payload.input));
  const spec = read('proposalPayload.spec', () => readChaincodeSpec(invocation.chaincodeSpec));
  const [name, argument, extra] = read('proposalPayload.args', () => readChaincodeInput(spec.input)).args;
  const kind = (['packets', 'receipts'] as const).find((k) => name?.toString('utf8') === exportFunctions[k]);
  if (kind === undefined || argument === undefined || extra !== undefined) throw foreign('proposalPayload.function');
  const { laneId } = decodeRequest(exportRequestShape, argument.toString('utf8'));
  return { chaincodeId: spec.chaincodeId, kind, laneId };
}

/**
 * The lane and kind that a proof *claims*, unverified: only good for finding the records to verify it with.
 *
 * @throws Refused PROOF_MALFORMED, PROOF_FOREIGN, REQUEST_MALFORMED
 */
export function claimOf(proof: EndorsedProof): { readonly kind: BatchKind; readonly laneId: LaneId } {
  const { kind, laneId } = readInvocation(bytesOf(proof.proposalPayload));
  return { kind, laneId };
}

function readAnswer(responsePayload: Buffer, hash: Buffer, kind: BatchKind, trust: TrustRecord): Batch {
  const payload = read('responsePayload', () => readProposalResponsePayload(responsePayload));
  if (!payload.proposalHash.equals(hash)) throw foreign('responsePayload.proposalHash');
  const action = read('responsePayload.action', () => readChaincodeAction(payload.extension));
  expectChaincode('responsePayload.chaincode', action.chaincodeId, trust);
  const response = read('responsePayload.response', () => readResponse(action.response));
  if (response.status !== 200) throw foreign('responsePayload.status');
  return decodeBatch(kind, response.payload.toString('utf8'));
}

function verifyEndorsements(proof: EndorsedProof, responsePayload: Buffer, trust: TrustRecord): readonly string[] {
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

function expectText(field: string, found: Buffer, expected: string): void {
  if (!found.equals(Buffer.from(expected, 'utf8'))) throw foreign(field);
}

function expectChaincode(field: string, chaincodeId: Buffer, trust: TrustRecord): void {
  expectText(field, read(field, () => readChaincodeId(chaincodeId)).name, trust.chaincodeName);
}

function read<T>(field: string, reader: () => T): T {
  try {
    return reader();
  } catch {
    throw malformedProof(field, 'the Fabric message or certificate of that name, known fields only');
  }
}

function malformedProof(field: string, expected: string): Refused {
  return new Refused({ code: 'PROOF_MALFORMED', field, expected });
}

function foreign(field: string): Refused {
  return new Refused({ code: 'PROOF_FOREIGN', field });
}

/** Whether two serial numbers in hex are one: tools print them with and without leading zeros. */
export function sameSerial(a: string, b: string): boolean {
  return a.replace(/^0+/, '') === b.replace(/^0+/, '');
}
