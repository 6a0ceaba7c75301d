// SPDX-License-Identifier: Apache-2.0

import {
  anyEvidenceCodec,
  Refused,
  unexpiredTrust,
  verifyEvidence,
  verifySourceEvidenceUnder,
  type AnyEvidence,
  type LaneReference,
  type ProvenAbsence,
  type ProvenAnswers,
} from '@gridpeg/protocol';
import { type Report } from '../report/finding';
import { nothing, type Allowed } from './allowed';
import { type LedgerRecords } from '../replay/ledger-record';
import { type LedgerState } from '../replay/ledger-state';
import { messageOf } from '../replay/message-of';
import { requestOf } from '../replay/request-of';
import { recordBefore, type TransactionFacts } from '../replay/transaction-facts';

/** What evidence allows that was submitted: its lanes are frozen, and keys end. Evidence of nothing is a finding. */
export function provenChanges(facts: TransactionFacts, state: LedgerState, report: Report): Allowed {
  const evidence = requestOf(anyEvidenceCodec, facts, report, 'TRUST_CHANGED');
  if (evidence === undefined) return nothing;
  try {
    const { lanes: named, publicKeys } = provenBy(evidence, facts, state, report);
    const lanes = named.flatMap(({ laneId }) => state.get('lane', laneId) ?? []);
    const freezing = new Set(lanes.flatMap(({ id, returnLaneId }) => [id, returnLaneId]));
    const written = facts.written.standing.filter(({ laneId }) => freezing.has(laneId));
    // A lane that is frozen already, or was by the same evidence, stays as it is.
    return { laneStatuses: written.map(({ laneId }) => `${laneId} frozen`), suspended: publicKeys };
  } catch (error) {
    report('TRUST_CHANGED', 'evidence', 'a lie that it proves', messageOf(error));
    return nothing;
  }
}

/** The lanes that evidence concerns, and the keys that it may end. @throws Refused when it proves nothing */
function provenBy(
  evidence: AnyEvidence,
  facts: TransactionFacts,
  state: LedgerState,
  report: Report,
): { readonly lanes: readonly LaneReference[]; readonly publicKeys: readonly string[] } {
  if (evidence.kind === 'packets' || evidence.kind === 'receipts') {
    return { lanes: verifyEvidence(evidence).lanes, publicKeys: [evidence.publicKey] };
  }
  const trust = state.get('trust', evidence.sourceChainId);
  if (trust === undefined) throw new Refused({ code: 'CHAIN_UNTRUSTED', chainId: evidence.sourceChainId });
  const former = [...state.all('former-trust')].filter((each) => each.trust.chainId === trust.chainId);
  const counting = unexpiredTrust(former, facts.transaction.timeMs);
  const proven = verifySourceEvidenceUnder(evidence, [trust, ...counting.map((each) => each.trust)]);
  for (const record of facts.written.evidence) checkEvidenceRecord(record, proven, facts, report);
  if (proven.kind === 'answers') return { lanes: proven.lanes, publicKeys: [] };
  // Of the keys that signed those may end whose own organization's peer is a witness; some may have ended before.
  const ended = facts.written.notary.filter(({ publicKey, mspId }) => {
    return proven.publicKeys.includes(publicKey) && proven.witnesses.includes(mspId);
  });
  return { lanes: proven.lanes, publicKeys: ended.map(({ publicKey }) => publicKey) };
}

/** The record names those whom the evidence accuses and those whom earlier evidence accused, and nobody else. */
function checkEvidenceRecord(
  record: LedgerRecords['evidence'],
  proven: ProvenAnswers | ProvenAbsence,
  { before, transaction }: TransactionFacts,
  report: Report,
): void {
  const { kind, about, sourceChainId, packetId } = proven;
  const earlier = accusedBy(recordBefore(before, 'evidence', kind, about, sourceChainId, packetId));
  // Of the keys that signed, those count that served, which is for the record of the key to say.
  const certain = [...earlier, ...(proven.kind === 'answers' ? proven.liars : [])];
  const possible = [...certain, ...(proven.kind === 'absence' ? proven.publicKeys : [])];
  const found = accusedBy(record);
  const subject = [kind, about, sourceChainId, packetId, transaction.txId].join(' ');
  const subjectFound = [record.kind, record.about, record.sourceChainId, record.packetId, record.txId].join(' ');
  const wrong = [
    ...found.filter((name) => !possible.includes(name)),
    ...certain.filter((name) => !found.includes(name)),
    ...(subject === subjectFound ? [] : [subjectFound]),
  ];
  if (wrong.length > 0) report('TRUST_CHANGED', `evidence about ${packetId}`, 'as it proves', wrong.join(', '));
}

function accusedBy(record: LedgerRecords['evidence'] | undefined): readonly string[] {
  return record === undefined ? [] : [...record.organizations, ...record.publicKeys];
}
