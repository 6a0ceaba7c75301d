// SPDX-License-Identifier: Apache-2.0

import {
  absenceCodec,
  requestedEntry,
  exportAbsenceFunction,
  exportAbsenceRequestCodec,
  questionHashOf,
  verifyQuestion,
} from './absence';
import { type Batch, type BatchKind, packetHashOf, receiptHashOf } from '../records/batch';
import { decode, list, oneOf, record, type Codec, variant, version1 } from '../codec/codec';
import { type TrustRecord } from '../records/configuration';
import { type CustodyMode } from '../records/custody';
import {
  type EndorsedProof,
  endorsedProofCodec,
  verifyEndorsedResponse,
  verifyEndorsedProof,
} from '../proof/endorsed-proof';
import { type Evidence, evidenceCodecs, type LaneReference, laneOfBatch } from './evidence';
import { type ChainId, chainIdCodec, type MspId, mspIdCodec, type PacketId, packetIdCodec } from '../codec/identifiers';
import { Refused } from '../codec/refusal';

/** Two endorsed answers of one chain that give one packet, or its receipt, different contents. */
export interface AnswersEvidence {
  readonly version: 1;
  readonly kind: 'answers';
  readonly sourceChainId: ChainId;
  readonly packetId: PacketId;
  readonly proofs: readonly EndorsedProof[];
}
export const answersEvidenceCodec: Codec<AnswersEvidence> = record<AnswersEvidence>({
  version: version1,
  kind: oneOf('answers'),
  sourceChainId: chainIdCodec,
  packetId: packetIdCodec,
  proofs: list(endorsedProofCodec, 2, 2),
});

/** An endorsed answer of one chain that it never committed what notaries signed. */
export interface AbsenceEvidence {
  readonly version: 1;
  readonly kind: 'absence';
  readonly sourceChainId: ChainId;
  readonly proof: EndorsedProof;
}
export const absenceEvidenceCodec: Codec<AbsenceEvidence> = record<AbsenceEvidence>({
  version: version1,
  kind: oneOf('absence'),
  sourceChainId: chainIdCodec,
  proof: endorsedProofCodec,
});

/** Evidence that rests on what the peers of the source chain answer; docs/spec/08-governance.md section 8.5. */
export type SourceEvidence = AnswersEvidence | AbsenceEvidence;
/** All that can be submitted to `governance:submitEvidence`. */
export type AnyEvidence = Evidence | SourceEvidence;
export const anyEvidenceCodec: Codec<AnyEvidence> = variant<AnyEvidence>({
  ...evidenceCodecs,
  answers: answersEvidenceCodec,
  absence: absenceEvidenceCodec,
});

/** The evidence that is carried from one chain to another; docs/spec/08-governance.md section 8.5. */
export const evidenceFileCodec: Codec<readonly AnyEvidence[]> = list(anyEvidenceCodec, 1, 32);

interface Proven<Kind extends SourceEvidence['kind']> {
  readonly kind: Kind;
  readonly about: BatchKind;
  readonly sourceChainId: ChainId;
  readonly packetId: PacketId;
  /** The lanes on which somebody lied. */
  readonly lanes: readonly LaneReference[];
}
/** What two contradicting answers prove. */
export interface ProvenAnswers extends Proven<'answers'> {
  /** Organizations whose peers signed both answers: these lied. Without any, one of the two groups lied. */
  readonly liars: readonly MspId[];
}
/** What an absence proves. */
export interface ProvenAbsence extends Proven<'absence'> {
  /** Organizations whose peers answered. */
  readonly witnesses: readonly MspId[];
  /** Keys that had signed the entry, for the committee of this epoch, before the source was asked. */
  readonly publicKeys: readonly string[];
  readonly epoch: number;
  /** The custody mode that they signed for. */
  readonly mode: CustodyMode;
}

/**
 * Verifies evidence that rests on what peers of a source answered.
 *
 * @param trust - the verifier's own record of the source chain
 * @throws Refused EVIDENCE_INVALID, those of {@link verifyEndorsedProof} and, of an absence, those of {@link
 *   verifyQuestion}
 */
export function verifySourceEvidence(evidence: SourceEvidence, trust: TrustRecord): ProvenAnswers | ProvenAbsence {
  return evidence.kind === 'answers' ? verifyAnswers(evidence, trust) : verifyAbsence(evidence, trust);
}

/**
 * Verifies evidence under whichever of a source's trust records accepts it.
 *
 * @param trusts - the verifier's own record in force first, then the former ones that still count for evidence
 * @throws Refused as under the first, when none accepts it
 */
export function verifySourceEvidenceUnder(
  evidence: SourceEvidence,
  trusts: readonly TrustRecord[],
): ProvenAnswers | ProvenAbsence {
  let first: Refused | undefined;
  for (const trust of trusts) {
    try {
      return verifySourceEvidence(evidence, trust);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      first ??= error;
    }
  }
  throw first ?? new Error('no trust record to judge by');
}

/** What is in only one of two answers is no contradiction: a peer may lag. */
function verifyAnswers({ kind, packetId, proofs }: AnswersEvidence, trust: TrustRecord): ProvenAnswers {
  const [one, other] = proofs.map((proof) => verifyEndorsedProof(proof, trust));
  if (one === undefined || other === undefined) throw invalid('proofs', 'two');
  if (one.batch.kind !== other.batch.kind) throw invalid('proofs', 'answers of one kind');
  const [before, after] = [contentsOf(one.batch, packetId), contentsOf(other.batch, packetId)];
  if (before.length === 0 || after.length === 0) throw invalid('packetId', 'an entry in both answers');
  if (new Set([...before, ...after]).size === 1) {
    throw invalid('proofs', 'contents that differ');
  }
  return {
    ...{ kind, about: one.batch.kind, sourceChainId: trust.chainId, packetId },
    lanes: [laneOfBatch(one.batch), laneOfBatch(other.batch)],
    liars: one.organizations.filter((name) => other.organizations.includes(name)).map(mspIdNamed),
  };
}

/** The notaries' signatures are verified as well, so that nobody is accused of what it did not sign. */
function verifyAbsence({ kind, proof }: AbsenceEvidence, trust: TrustRecord): ProvenAbsence {
  const majority = Math.floor(trust.organizations.length / 2) + 1;
  const asking = { ...trust, minimumOrganizations: Math.max(majority, trust.minimumOrganizations) };
  const { argument, answer, organizations } = verifyEndorsedResponse(proof, asking, exportAbsenceFunction);
  const { question } = decode(absenceCodec, answer);
  const { questionHash } = decode(exportAbsenceRequestCodec, argument);
  if (questionHashOf(question) !== questionHash) throw invalid('proof', 'the answer to the question that was asked');
  const { kind: about, sourceChainId, statement, signatures } = question;
  if (sourceChainId !== trust.chainId) throw invalid('question.sourceChainId', 'the chain that answers');
  verifyQuestion(question);
  return {
    ...{ kind, about, sourceChainId, packetId: requestedEntry(question).packetId },
    lanes: [laneOfBatch({ ...statement, kind: about, sourceChainId })],
    witnesses: organizations.map(mspIdNamed),
    publicKeys: signatures.map(({ publicKey }) => publicKey),
    epoch: statement.epoch,
    mode: statement.mode,
  };
}

function contentsOf(batch: Batch, packetId: PacketId): readonly string[] {
  return batch.kind === 'packets'
    ? batch.entries.filter(({ id }) => id === packetId).map(packetHashOf)
    : batch.entries.filter((receipt) => receipt.packetId === packetId).map(receiptHashOf);
}

function mspIdNamed(name: string): MspId {
  return mspIdCodec.decode(name, 'organization');
}

function invalid(field: string, expected: string): Refused {
  return new Refused({ code: 'EVIDENCE_INVALID', field, expected });
}
