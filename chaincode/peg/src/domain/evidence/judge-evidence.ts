// SPDX-License-Identifier: Apache-2.0

import {
  custodianOf,
  Refused,
  verifyEvidence,
  type Committee,
  type CustodyMode,
  type Evidence,
  type Lane,
  type LaneId,
  type LaneReference,
  type LaneStatusRecord,
  type NotaryStatusRecord,
  type TxId,
} from '@gridpeg/protocol';
import type { GovernanceChanges } from '../governance/governance-changes';

/** The lanes that evidence may concern, as this ledger has them. */
export interface LanesView {
  /** The lanes that the evidence names, and their return lanes, those that there are. */
  readonly lanes: ReadonlyMap<LaneId, Lane>;
  /** Their status, for those that there are. */
  readonly laneStatuses: ReadonlyMap<LaneId, LaneStatusRecord>;
}

/** The committee that signed for the source in an epoch, as this ledger knows it; undefined when it knows none. */
export type CommitteeLookup = (epoch: number) => Committee | undefined;

/** What this ledger knows that bears on evidence against one notary. */
export interface EvidenceView extends LanesView {
  /** The record of the key, if it is or was a notary's here. */
  readonly notary: NotaryStatusRecord | undefined;
  readonly committee: CommitteeLookup;
}

/**
 * Suspends a notary that signed two contents for one packet, and freezes the lanes on which it did, with their return
 * lanes, as far as its key belonged to the committee that signed for the source in that epoch, or is the custodian's.
 *
 * @returns nothing when it brings nothing new: one key freezes one lane once, so a thaw is not undone by old evidence
 * @throws Refused NOTARY_STRANGER and those of {@link verifyEvidence}
 * @see docs/spec/08-governance.md section 8.5; keeps PEG-12, PEG-13 (T19)
 */
export function judgeEvidence(evidence: Evidence, view: EvidenceView, txId: TxId): GovernanceChanges | undefined {
  const { notary } = view;
  const { publicKey } = evidence;
  if (notary === undefined) throw new Refused({ code: 'NOTARY_STRANGER', notary: publicKey.slice(0, 128) });
  const served = verifyEvidence(evidence).lanes.filter((signed) => hasServed(publicKey, signed, view));
  const fresh = concernedAmong(served, view).filter(({ id }) => !notary.lanes.includes(id));
  if (notary.state === 'suspended' && fresh.length === 0) return undefined;
  return {
    laneStatuses: frozenBoth(fresh, view, txId),
    notaries: [{ ...notary, state: 'suspended', lanes: [...notary.lanes, ...fresh.map(({ id }) => id)], txId }],
  };
}

/** What a key has signed for. */
export interface SignedFor {
  readonly laneId: LaneId;
  readonly epoch: number;
  readonly mode: CustodyMode;
}

/** Whether a key is one of those that this ledger lets sign for that: the lane's custodian, or one of the committee. */
export function hasServed(
  publicKey: string,
  { laneId, epoch, mode }: SignedFor,
  { lanes, committee }: Pick<EvidenceView, 'lanes' | 'committee'>,
): boolean {
  if (mode !== 'custodian') return committee(epoch)?.notaries.some((each) => each.publicKey === publicKey) === true;
  const lane = lanes.get(laneId);
  return lane !== undefined && custodianOf(lane.custody)?.publicKey === publicKey;
}

/** Those of the lanes named that this ledger has with the same ends, each once: evidence may name anything. */
export function concernedAmong(named: readonly LaneReference[], { lanes }: LanesView): readonly Lane[] {
  const concerned = named.flatMap(({ laneId, sourceChainId, destinationChainId }) => {
    const lane = lanes.get(laneId);
    return lane?.sourceChainId === sourceChainId && lane.destinationChainId === destinationChainId ? [lane] : [];
  });
  return [...new Set(concerned)];
}

/**
 * Status records that freeze lanes and their return lanes. A frozen one gets the next sequence too, so that a thaw
 * which was proposed before this evidence came is stale.
 */
export function frozenBoth(
  lanes: readonly Lane[],
  { laneStatuses }: LanesView,
  txId: TxId,
): readonly LaneStatusRecord[] {
  const both = new Set(lanes.flatMap(({ id, returnLaneId }) => [id, returnLaneId]));
  return [...both].map((laneId) => {
    const sequence = (laneStatuses.get(laneId)?.sequence ?? 0) + 1;
    return { version: 1, laneId, sequence, state: 'frozen', txId };
  });
}
