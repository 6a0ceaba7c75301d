// SPDX-License-Identifier: Apache-2.0

import { Refused, type LaneId, type LaneStanding, type Refusal } from '@gridpeg/protocol';

/** What a transaction wants of a lane. */
export type LaneStep = 'send' | 'receive' | 'settle';

/**
 * A paused lane only settles, a frozen one does nothing; what is refused here writes nothing and can be tried again.
 *
 * @param standing - this ledger's record, undefined for a lane that was never paused or frozen
 * @returns LANE_PAUSED, LANE_FROZEN, or undefined when the lane lets the step through
 * @see docs/spec/08-governance.md section 8.3; keeps PEG-12
 */
export function standingRefusal(
  step: LaneStep,
  laneId: LaneId,
  standing: LaneStanding | undefined,
): Refusal | undefined {
  const state = standing?.state ?? 'open';
  if (state === 'frozen') return { code: 'LANE_FROZEN', laneId };
  return state === 'paused' && step !== 'settle' ? { code: 'LANE_PAUSED', laneId } : undefined;
}

/** @throws Refused what {@link standingRefusal} returns */
export function checkStanding(step: LaneStep, laneId: LaneId, standing: LaneStanding | undefined): void {
  const refusal = standingRefusal(step, laneId, standing);
  if (refusal !== undefined) throw new Refused(refusal);
}
