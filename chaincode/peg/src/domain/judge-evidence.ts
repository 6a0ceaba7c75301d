// SPDX-License-Identifier: Apache-2.0

import {
  Refused,
  verifyEvidence,
  type Evidence,
  type Lane,
  type LaneId,
  type LaneStanding,
  type NotaryStanding,
  type TxId,
} from '@gridpeg/protocol';
import type { GovernanceChanges } from './governance-changes';

/** What this ledger knows that bears on evidence. */
export interface EvidenceView {
  /** The record of the key, if it is or was a notary's here. */
  readonly notary: NotaryStanding | undefined;
  /** The lanes that the statements name, and their return lanes, those that there are. */
  readonly lanes: ReadonlyMap<LaneId, Lane>;
  /** Their standings, those that there are. */
  readonly standings: ReadonlyMap<LaneId, LaneStanding>;
}

/**
 * Suspends a notary that signed two contents for one packet, and freezes the lanes on which it did, with their return lanes.
 *
 * @returns nothing when it brings nothing new: one key freezes one lane once, so a thaw is not undone by old evidence
 * @throws Refused NOTARY_STRANGER and those of {@link verifyEvidence}
 * @see docs/spec/08-governance.md section 8.5; keeps PEG-12, PEG-13 (T19)
 */
export function judgeEvidence(evidence: Evidence, view: EvidenceView, txId: TxId): GovernanceChanges | undefined {
  const { notary } = view;
  if (notary === undefined) throw new Refused({ code: 'NOTARY_STRANGER', notary: evidence.publicKey.slice(0, 128) });
  const lanes = verifyEvidence(evidence).lanes.flatMap(({ laneId, sourceChainId, destinationChainId }) => {
    const lane = view.lanes.get(laneId);
    // A statement may name anything: only a lane that has these ends here is concerned.
    const concerned = lane?.sourceChainId === sourceChainId && lane.destinationChainId === destinationChainId;
    return concerned ? [lane] : [];
  });
  const fresh = new Map(lanes.filter(({ id }) => !notary.lanes.includes(id)).map((lane) => [lane.id, lane]));
  if (notary.state === 'suspended' && fresh.size === 0) return undefined;
  const freezing = new Set([...fresh.values()].flatMap(({ id, returnLaneId }) => [id, returnLaneId]));
  return {
    standings: [...freezing].flatMap((laneId) => frozen(laneId, view.standings.get(laneId), txId)),
    notaries: [{ ...notary, state: 'suspended', lanes: [...notary.lanes, ...fresh.keys()], txId }],
  };
}

function frozen(laneId: LaneId, before: LaneStanding | undefined, txId: TxId): readonly LaneStanding[] {
  if (before?.state === 'frozen') return [];
  return [{ version: 1, laneId, sequence: (before?.sequence ?? 0) + 1, state: 'frozen', txId }];
}
