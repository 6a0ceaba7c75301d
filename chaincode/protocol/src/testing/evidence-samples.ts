// SPDX-License-Identifier: Apache-2.0

import {
  type AbsenceQuestion,
  absenceQuestionShape,
  absenceResponseShape,
  absenceShape,
  exportAbsenceRequestShape,
  questionAbout,
  questionHashOf,
} from '../custody/absence';
import { type EndorsedProof } from '../proof/endorsed-proof';
import {
  type EvidenceRecord,
  evidencePageShape,
  evidenceRecordShape,
  listEvidenceRequestShape,
  pastCommitteeShape,
} from '../custody/evidence-record';
import {
  type FormerTrust,
  formerTrustShape,
  trustRecordsRequestShape,
  trustRecordsResponseShape,
} from '../governance/former-trust';
import { absenceEvidenceShape, answersEvidenceShape, anyEvidenceShape } from '../custody/source-evidence';
import { city, packetBatchOf, packetWith, receiptBatchOf, receiptFor, txIdNamed } from './consortium';
import { grid, microgridMember } from './members';
import { type Sample, sample } from './sample';
import { trustSample } from './trust-samples';

const packet = packetWith();
const txId = txIdNamed('absence');
const trust = trustSample;
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
export const questionSample: AbsenceQuestion =
  questionAbout(packet.id, packetBatchOf(packet, packetWith({ index: 1 })), trust, signatures) ?? raise();
const questionOfReceipt: AbsenceQuestion =
  questionAbout(packet.id, receiptBatchOf(packet, receiptFor(packet)), trust, signatures) ?? raise();
const questionHash = questionHashOf(questionSample);
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
export const evidenceSamples: readonly Sample[] = [
  sample('past committee', pastCommitteeShape, { version: 1, chainId: city, committee: trust.committee }),
  sample('question of absence, packets', absenceQuestionShape, questionSample),
  sample('question of absence, receipts', absenceQuestionShape, questionOfReceipt),
  sample('absence', absenceShape, { version: 1, question: questionSample, txId }),
  sample('evidence of answers', answersEvidenceShape, {
    ...{ version: 1, kind: 'answers', sourceChainId: city, packetId: packet.id },
    proofs: [proof, proof],
  }),
  sample('evidence of absence', absenceEvidenceShape, absenceEvidence),
  sample('request of submitEvidence', anyEvidenceShape, absenceEvidence),
  sample('evidence record', evidenceRecordShape, evidenceRecord),
  sample('evidence record, version 1', evidenceRecordShape, { version: 1, ...recorded, txId }),
  sample('response of declareAbsence', absenceResponseShape, { txId, result: 'done', questionHash }),
  sample('request of exportAbsence', exportAbsenceRequestShape, { questionHash }),
  sample('request of list of evidence', listEvidenceRequestShape, { pageSize: 100, bookmark: '' }),
  sample('response of list of evidence', evidencePageShape, { entries: [evidenceRecord], bookmark: '' }),
  sample('former trust record', formerTrustShape, formerTrust),
  sample('request of getTrustRecords', trustRecordsRequestShape, { chainId: city, epoch: 7 }),
  sample('response of getTrustRecords', trustRecordsResponseShape, { trustRecords: [trust] }),
];

function raise(): never {
  throw new Error('the fixture lacks something');
}
