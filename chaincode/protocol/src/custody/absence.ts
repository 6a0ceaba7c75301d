// SPDX-License-Identifier: Apache-2.0

import { type BatchKind, entryHashesOf, packetHashOf, receiptHashOf, type RecordedBatch } from '../records/batch';
import { isNotaryKey, isSignedWith, outlineDigest } from './certificate';
import { base64Shape, encode, list, oneOf, record, type Shape, variant, version1 } from '../codec/codec';
import { trustHashOf, type TrustRecord } from '../records/configuration';
import { hash } from '../codec/hash';
import { type ChainId, chainIdShape, hashShape, type PacketId, type TxId, txIdShape } from '../codec/identifiers';
import { type Packet, packetShape, type Receipt, receiptShape } from '../records/records';
import { Refused } from '../codec/refusal';
import { type Statement, statementFields } from '../records/statement';

/** A signature with the key that made it. */
export interface KeySignature {
  readonly publicKey: string;
  readonly signature: string;
}
const keySignatureShape: Shape<KeySignature> = record({ publicKey: base64Shape, signature: base64Shape });

interface QuestionOf<Kind extends BatchKind, Entry> {
  readonly version: 1;
  readonly kind: Kind;
  readonly sourceChainId: ChainId;
  readonly statement: Statement<Entry>;
  readonly signatures: readonly KeySignature[];
}
/**
 * What the source chain is asked: notaries signed that it committed this entry; did it?
 * The signatures are part of the question, so that it cannot be asked before the notaries have signed.
 *
 * @see docs/spec/08-governance.md section 8.5
 */
export type AbsenceQuestion = QuestionOf<'packets', Packet> | QuestionOf<'receipts', Receipt>;

function questionShapeFor<const Kind extends BatchKind, Entry>(
  kind: Kind,
  entry: Shape<Entry>,
): Shape<QuestionOf<Kind, Entry>> {
  return record<QuestionOf<Kind, Entry>>({
    version: version1,
    kind: oneOf(kind),
    sourceChainId: chainIdShape,
    statement: record<Statement<Entry>>(statementFields(entry)),
    signatures: list(keySignatureShape, 1, 32),
  });
}
export const absenceQuestionShape: Shape<AbsenceQuestion> = variant<AbsenceQuestion>({
  packets: questionShapeFor('packets', packetShape),
  receipts: questionShapeFor('receipts', receiptShape),
});

/** The source's answer: when transaction `txId` was committed, this ledger had no such entry. Never changed. */
export interface Absence {
  readonly version: 1;
  readonly question: AbsenceQuestion;
  readonly txId: TxId;
}
export const absenceShape: Shape<Absence> = record({
  version: version1,
  question: absenceQuestionShape,
  txId: txIdShape,
});

/** The chaincode function whose committed answer is an {@link Absence}. */
export const exportAbsenceFunction = 'evidence:exportAbsence';
/** Its one argument. */
export interface ExportAbsenceRequest {
  readonly questionHash: string;
}
export const exportAbsenceRequestShape: Shape<ExportAbsenceRequest> = record({ questionHash: hashShape });

export interface AbsenceResponse {
  readonly txId: TxId;
  readonly result: 'done' | 'already-done';
  readonly questionHash: string;
}
export const absenceResponseShape: Shape<AbsenceResponse> = record({
  txId: txIdShape,
  result: oneOf('done', 'already-done'),
  questionHash: hashShape,
});

/** Under what an absence has its record on the source's ledger. */
export function questionHashOf(question: AbsenceQuestion): string {
  return hash('gridpeg/v1/absence-question', encode(absenceQuestionShape, question));
}

/** The entry that a question is about: how it is named, and the hash of its content. */
export function entryAsked(question: AbsenceQuestion): { readonly packetId: PacketId; readonly entryHash: string } {
  if (question.kind === 'packets') {
    const { entry } = question.statement;
    return { packetId: entry.id, entryHash: packetHashOf(entry) };
  }
  const { entry } = question.statement;
  return { packetId: entry.packetId, entryHash: receiptHashOf(entry) };
}

/**
 * Verifies a question from its own bytes: each key, named once, signed a batch that holds the entry. Whose the keys are
 * is not asked.
 *
 * @throws Refused EVIDENCE_INVALID, NOTARY_REPEATED, SIGNATURE_INVALID
 */
export function verifyQuestion(question: AbsenceQuestion): void {
  const { kind, sourceChainId, statement, signatures } = question;
  const { laneId, destinationChainId, entryHashes, sourceConfiguration, epoch } = statement;
  if (!entryHashes.includes(entryAsked(question).entryHash)) {
    throw new Refused({
      code: 'EVIDENCE_INVALID',
      field: 'statement.entryHashes',
      expected: 'the hash of the entry among them',
    });
  }
  const keys = signatures.map(({ publicKey }) => publicKey);
  const repeated = keys.find((key, index) => keys.indexOf(key) !== index);
  if (repeated !== undefined) throw new Refused({ code: 'NOTARY_REPEATED', notary: repeated.slice(0, 128) });
  const outline = { kind, laneId, sourceChainId, destinationChainId, entryHashes };
  const digest = outlineDigest(outline, sourceConfiguration, epoch);
  for (const { publicKey, signature } of signatures) {
    if (!isNotaryKey(publicKey) || !isSignedWith(publicKey, signature, digest)) {
      throw new Refused({ code: 'SIGNATURE_INVALID', signer: publicKey.slice(0, 128) });
    }
  }
}

/**
 * The question whether the source committed an entry of a batch that notaries signed.
 *
 * @param trust - the trust record under which they signed
 * @returns undefined when the batch has no entry about that packet
 */
export function questionAbout(
  packetId: PacketId,
  batch: RecordedBatch,
  trust: TrustRecord,
  signatures: readonly KeySignature[],
): AbsenceQuestion | undefined {
  const { laneId, sourceChainId, destinationChainId } = batch;
  const common = { version: 1 as const, sourceChainId, signatures };
  const statement = {
    ...{ laneId, destinationChainId, sourceConfiguration: trustHashOf(trust), epoch: trust.committee.epoch },
    entryHashes: entryHashesOf(batch),
  };
  if (batch.kind === 'packets') {
    const entry = batch.entries.find(({ id }) => id === packetId);
    return entry && { ...common, kind: 'packets', statement: { ...statement, entry } };
  }
  const entry = batch.entries.find((receipt) => receipt.packetId === packetId);
  return entry && { ...common, kind: 'receipts', statement: { ...statement, entry } };
}
