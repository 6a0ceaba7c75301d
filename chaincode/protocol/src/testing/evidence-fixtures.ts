// SPDX-License-Identifier: Apache-2.0

import {
  type AbsenceQuestion,
  absenceQuestionCodec,
  absenceResponseCodec,
  absenceCodec,
  exportAbsenceRequestCodec,
  questionAbout,
  questionHashOf,
} from '../custody/absence';
import { type EndorsedProof } from '../proof/endorsed-proof';
import {
  type EvidenceRecord,
  evidencePageCodec,
  evidenceRecordCodec,
  listEvidenceRequestCodec,
  pastCommitteeCodec,
} from '../custody/evidence-record';
import {
  type FormerTrust,
  formerTrustCodec,
  trustRecordsRequestCodec,
  trustRecordsResponseCodec,
} from '../governance/former-trust';
import { absenceEvidenceCodec, answersEvidenceCodec, anyEvidenceCodec } from '../custody/source-evidence';
import { city, packetBatchOf, packetWith, receiptBatchOf, receiptFor, txIdNamed } from './consortium';
import { grid, microgridMember } from './members';
import { type Fixture, fixture } from './fixture';
import { digestFor, firstDigest } from '../records/statement';
import { trustFixture } from './trust-fixtures';

const packet = packetWith();
const txId = txIdNamed('absence');
const trust = trustFixture;
/** Signatures are random, so those of the samples are none. */
const nothing = 'bm90aGluZw==';
const signatures = trust.committee.notaries.slice(0, 3).map(({ publicKey }) => ({ publicKey, signature: nothing }));
const proof: EndorsedProof = {
  channelHeader: nothing,
  signatureHeader: nothing,
  proposalPayload: nothing,
  responsePayload: nothing,
  endorsements: [{ endorser: nothing, signature: nothing }],
};

/** Whether the city committed the first of two packets. */
export const questionFixture: AbsenceQuestion =
  questionAbout(packet.id, packetBatchOf(packet, packetWith({ index: 1 })), trust, signatures, firstDigest) ?? raise();
const questionOfReceipt: AbsenceQuestion =
  questionAbout(packet.id, receiptBatchOf(packet, receiptFor(packet)), trust, signatures, firstDigest) ?? raise();
const questionOfNotaries: AbsenceQuestion =
  questionAbout(packet.id, packetBatchOf(packet), trust, signatures, digestFor('notary')) ?? raise();
const questionHash = questionHashOf(questionFixture);
const recorded: Omit<EvidenceRecord, 'version' | 'lanes' | 'txId'> = {
  ...{ kind: 'answers', about: 'packets', sourceChainId: city, packetId: packet.id },
  ...{ organizations: [grid.mspId, microgridMember.mspId], publicKeys: [] },
};
const evidenceRecord: EvidenceRecord = { version: 2, ...recorded, lanes: [packet.laneId], txId };
const absenceEvidence = { version: 1 as const, kind: 'absence' as const, sourceChainId: city, proof };

const formerTrust: FormerTrust = { version: 1, slot: 3, trust, untilMs: 1_700_086_520_000n, txId };

/**
 * Of records, requests and responses about entries that a source denies or contradicts; docs/spec/08-governance.md
 * section 8.5.
 */
export const evidenceFixtures: readonly Fixture[] = [
  fixture('past committee', pastCommitteeCodec, { version: 1, chainId: city, committee: trust.committee }),
  fixture('question of absence, packets', absenceQuestionCodec, questionFixture),
  fixture('question of absence, receipts', absenceQuestionCodec, questionOfReceipt),
  fixture('question of absence, custody mode', absenceQuestionCodec, questionOfNotaries),
  fixture('absence', absenceCodec, { version: 1, question: questionFixture, txId }),
  fixture('evidence of answers', answersEvidenceCodec, {
    ...{ version: 1, kind: 'answers', sourceChainId: city, packetId: packet.id },
    proofs: [proof, proof],
  }),
  fixture('evidence of absence', absenceEvidenceCodec, absenceEvidence),
  fixture('request of submitEvidence', anyEvidenceCodec, absenceEvidence),
  fixture('evidence record', evidenceRecordCodec, evidenceRecord),
  fixture('evidence record, version 1', evidenceRecordCodec, { version: 1, ...recorded, txId }),
  fixture('response of declareAbsence', absenceResponseCodec, { txId, result: 'done', questionHash }),
  fixture('request of exportAbsence', exportAbsenceRequestCodec, { questionHash }),
  fixture('request of list of evidence', listEvidenceRequestCodec, { pageSize: 100, bookmark: '' }),
  fixture('response of list of evidence', evidencePageCodec, { entries: [evidenceRecord], bookmark: '' }),
  fixture('former trust record', formerTrustCodec, formerTrust),
  fixture('request of getTrustRecords', trustRecordsRequestCodec, { chainId: city, epoch: 7 }),
  fixture('response of getTrustRecords', trustRecordsResponseCodec, { trustRecords: [trust] }),
];

function raise(): never {
  throw new Error('the fixture lacks something');
}
