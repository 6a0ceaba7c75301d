// SPDX-License-Identifier: Apache-2.0

import { type BatchKind, entryHashesOf, packetHashOf, receiptHashOf, type RecordedBatch } from '../records/batch';
import { outlineDigest } from './certificate-digest';
import { isNotaryKey, isSignedWith } from './notary-key';
import {
  base64Codec,
  type Codec,
  encode,
  list,
  oneOf,
  record,
  variant,
  version1,
  version2,
  versions,
} from '../codec/codec';
import { trustHashOf, type TrustRecord } from '../records/configuration';
import { hash } from '../codec/hash';
import { type ChainId, chainIdCodec, hashCodec, type PacketId, type TxId, txIdCodec } from '../codec/identifiers';
import { type Packet, packetCodec, type Receipt, receiptCodec } from '../records/records';
import { Refused } from '../codec/refusal';
import { type DigestForm, statementInVersion1, type Statement, statementInVersion2 } from '../records/statement';

/** A signature with the key that made it. */
export interface KeySignature {
  readonly publicKey: string;
  readonly signature: string;
}
const keySignatureCodec: Codec<KeySignature> = record({ publicKey: base64Codec, signature: base64Codec });

interface QuestionOf<Kind extends BatchKind, Entry, Version = 1 | 2> {
  /** 2 when the signatures are of certificate digest 2, otherwise 1. */
  readonly version: Version;
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

function questionCodecFor<const Kind extends BatchKind, Entry>(
  kind: Kind,
  entry: Codec<Entry>,
): Codec<QuestionOf<Kind, Entry>> {
  const fields = { kind: oneOf(kind), sourceChainId: chainIdCodec };
  const signatures = list(keySignatureCodec, 1, 32);
  return versions<QuestionOf<Kind, Entry, 1> | QuestionOf<Kind, Entry, 2>>({
    1: record<QuestionOf<Kind, Entry, 1>>({
      version: version1,
      ...fields,
      statement: statementInVersion1<Entry, object>(entry, {}),
      signatures,
    }),
    2: record<QuestionOf<Kind, Entry, 2>>({
      version: version2,
      ...fields,
      statement: statementInVersion2<Entry, object>(entry, {}),
      signatures,
    }),
  });
}
export const absenceQuestionCodec: Codec<AbsenceQuestion> = variant<AbsenceQuestion>({
  packets: questionCodecFor('packets', packetCodec),
  receipts: questionCodecFor('receipts', receiptCodec),
});

/** The source's answer: when transaction `txId` was committed, this ledger had no such entry. Never changed. */
export interface Absence {
  readonly version: 1;
  readonly question: AbsenceQuestion;
  readonly txId: TxId;
}
export const absenceCodec: Codec<Absence> = record({
  version: version1,
  question: absenceQuestionCodec,
  txId: txIdCodec,
});

/** The chaincode function whose committed answer is an {@link Absence}. */
export const exportAbsenceFunction = 'evidence:exportAbsence';
/** Its one argument. */
export interface ExportAbsenceRequest {
  readonly questionHash: string;
}
export const exportAbsenceRequestCodec: Codec<ExportAbsenceRequest> = record({ questionHash: hashCodec });

export interface AbsenceResponse {
  readonly txId: TxId;
  readonly result: 'done' | 'already-done';
  readonly questionHash: string;
}
export const absenceResponseCodec: Codec<AbsenceResponse> = record({
  txId: txIdCodec,
  result: oneOf('done', 'already-done'),
  questionHash: hashCodec,
});

/** Under what an absence has its record on the source's ledger. */
export function questionHashOf(question: AbsenceQuestion): string {
  return hash('gridpeg/v1/absence-question', encode(absenceQuestionCodec, question));
}

/** The entry that a question is about: how it is named, and the hash of its content. */
export function requestedEntry(question: AbsenceQuestion): { readonly packetId: PacketId; readonly entryHash: string } {
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
  if (!entryHashes.includes(requestedEntry(question).entryHash)) {
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
  const digest = outlineDigest(outline, sourceConfiguration, epoch, statement);
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
 * @param form - what they signed
 * @returns undefined when the batch has no entry about that packet
 */
export function questionAbout(
  packetId: PacketId,
  batch: RecordedBatch,
  trust: TrustRecord,
  signatures: readonly KeySignature[],
  form: DigestForm,
): AbsenceQuestion | undefined {
  const { laneId, sourceChainId, destinationChainId } = batch;
  const common = { version: form.digestVersion, sourceChainId, signatures };
  const statement = {
    ...form,
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
