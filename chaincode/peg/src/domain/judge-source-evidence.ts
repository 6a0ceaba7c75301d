// SPDX-License-Identifier: Apache-2.0

import { Refused, type EvidenceRecord, type ProvenAbsence, type ProvenAnswers, type TxId } from '@gridpeg/protocol';
import type { GovernanceChanges, KnownNotaries } from './governance-changes';
import { concernedAmong, frozenBoth, hasServed, type CommitteeLookup, type LanesView } from './judge-evidence';

/** What this ledger knows that bears on what the peers of a source chain answered. */
export interface SourceEvidenceView extends LanesView {
  readonly committee: CommitteeLookup;
  /** The records of the keys that signed, those that there are. */
  readonly notaries: KnownNotaries;
  /** What has been proven before about the same packet. */
  readonly record: EvidenceRecord | undefined;
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
  const changes = proven.kind === 'answers' ? judgeAnswers(proven, view) : judgeAbsence(proven, view, txId);
  if (changes === undefined) return undefined;
  const { kind, about, sourceChainId, packetId, lanes } = proven;
  const { notaries = [], ...accused } = changes;
  return {
    standings: frozenBoth(concernedAmong(lanes, view), view, txId),
    notaries,
    evidence: { version: 1, kind, about, sourceChainId, packetId, organizations: [], publicKeys: [], ...accused, txId },
  };
}

type Accused = Partial<Pick<EvidenceRecord, 'organizations' | 'publicKeys'> & Pick<GovernanceChanges, 'notaries'>>;

function judgeAnswers({ liars }: ProvenAnswers, { record }: SourceEvidenceView): Accused | undefined {
  const before = record?.organizations ?? [];
  const fresh = liars.filter((name) => !before.includes(name));
  return record !== undefined && fresh.length === 0 ? undefined : { organizations: [...before, ...fresh] };
}

/**
 * A key is suspended only if a peer of its own organization is among the witnesses: its notary compares what it signs with that very
 * peer. So peers of others, however many lie, cannot end the key of an honest organization.
 */
function judgeAbsence(
  { epoch, publicKeys, witnesses }: ProvenAbsence,
  { committee, notaries, record }: SourceEvidenceView,
  txId: TxId,
): Accused | undefined {
  const signed = committee(epoch);
  const served = publicKeys.flatMap((key) => (hasServed(key, signed) ? (notaries.get(key) ?? []) : []));
  if (served.length === 0) throw new Refused({ code: 'NOTARY_STRANGER', notary: publicKeys.join(' ').slice(0, 128) });
  const before = record?.publicKeys ?? [];
  const accused = served.filter(({ publicKey, state }) => state === 'trusted' && !before.includes(publicKey));
  if (accused.length === 0) return undefined;
  return {
    publicKeys: [...before, ...accused.map(({ publicKey }) => publicKey)],
    notaries: accused
      .filter(({ mspId }) => witnesses.includes(mspId))
      .map((notary) => ({ ...notary, state: 'suspended', txId })),
  };
}
