// SPDX-License-Identifier: Apache-2.0

import {
  Refused,
  type EvidenceRecord,
  type LaneId,
  type ProvenAbsence,
  type ProvenAnswers,
  type StoredEvidenceRecord,
  type TxId,
} from '@gridpeg/protocol';
import type { GovernanceChanges, KnownNotaries } from '../governance/governance-changes';
import { concernedAmong, frozenBoth, hasServed, type CommitteeLookup, type LanesView } from './judge-evidence';

/** What this ledger knows that bears on what the peers of a source chain answered. */
export interface SourceEvidenceView extends LanesView {
  readonly committee: CommitteeLookup;
  /** The records of the keys that signed, those that there are. */
  readonly notaries: KnownNotaries;
  /** What has been proven before about the same packet. */
  readonly record: StoredEvidenceRecord | undefined;
}

type Judged = GovernanceChanges & { readonly evidence: EvidenceRecord };

/**
 * Freezes the lanes, both ways, about which a source's peers or its notaries have lied, and records who did.
 *
 * @param proven - output of `verifySourceEvidence` under this ledger's trust record
 * @returns nothing when it brings nothing new, so that a thaw is not undone by old evidence
 * @throws Refused NOTARY_STRANGER
 * @see docs/spec/08-governance.md section 8.5; keeps PEG-11, PEG-12 (T43, T44)
 */
export function judgeSourceEvidence(
  proven: ProvenAnswers | ProvenAbsence,
  view: SourceEvidenceView,
  txId: TxId,
): Judged | undefined {
  const concerned = concernedAmong(proven.lanes, view);
  const before = lanesIn(view.record);
  const lanes = [...before, ...concerned.map(({ id }) => id).filter((id) => !before.includes(id))];
  const addsLane = lanes.length > before.length;
  const changes =
    proven.kind === 'answers' ? judgeAnswers(proven, view, addsLane) : judgeAbsence(proven, view, addsLane, txId);
  if (changes === undefined) return undefined;
  const { kind, about, sourceChainId, packetId } = proven;
  const { notaries = [], ...accused } = changes;
  const named = { organizations: [], publicKeys: [], ...accused, lanes };
  return {
    laneStatuses: frozenBoth(concerned, view, txId),
    notaries,
    evidence: { version: 2, kind, about, sourceChainId, packetId, ...named, txId },
  };
}

/** A record of version 1 does not say which lanes were frozen, so evidence freezes them once more. */
function lanesIn(record: StoredEvidenceRecord | undefined): readonly LaneId[] {
  return record?.version === 2 ? record.lanes : [];
}

type Accused = Partial<Pick<EvidenceRecord, 'organizations' | 'publicKeys'> & Pick<GovernanceChanges, 'notaries'>>;

function judgeAnswers(
  { liars }: ProvenAnswers,
  { record }: SourceEvidenceView,
  addsLane: boolean,
): Accused | undefined {
  const before = record?.organizations ?? [];
  const fresh = liars.filter((name) => !before.includes(name));
  const isNew = record === undefined || addsLane || fresh.length > 0;
  return isNew ? { organizations: [...before, ...fresh] } : undefined;
}

/**
 * A key is suspended only if a peer of its own organization is among the witnesses: its notary compares what it signs
 * with that very peer. So peers of others, however many lie, cannot end the key of an honest organization.
 *
 * Whoever is accused may submit evidence first, about another lane or by witnesses that end no key of theirs: so a
 * lane or a suspension that is missing makes evidence new, whatever was recorded about the packet.
 */
function judgeAbsence(
  { epoch, mode, lanes, publicKeys, witnesses }: ProvenAbsence,
  view: SourceEvidenceView,
  addsLane: boolean,
  txId: TxId,
): Accused | undefined {
  const { notaries, record } = view;
  const hasSigned = (key: string): boolean => lanes.some(({ laneId }) => hasServed(key, { laneId, epoch, mode }, view));
  const served = publicKeys.flatMap((key) => (hasSigned(key) ? (notaries.get(key) ?? []) : []));
  if (served.length === 0) throw new Refused({ code: 'NOTARY_STRANGER', notary: publicKeys.join(' ').slice(0, 128) });
  const before = record?.publicKeys ?? [];
  const trusted = served.filter(({ state }) => state === 'trusted');
  const accused = trusted.map(({ publicKey }) => publicKey).filter((key) => !before.includes(key));
  const ended = trusted.filter(({ mspId }) => witnesses.includes(mspId));
  if (accused.length + ended.length === 0 && !(addsLane && trusted.length > 0)) return undefined;
  return {
    publicKeys: [...before, ...accused],
    notaries: ended.map((notary) => ({ ...notary, state: 'suspended', txId })),
  };
}
