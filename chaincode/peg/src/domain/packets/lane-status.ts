// SPDX-License-Identifier: Apache-2.0

import { Refused, type LaneId, type LaneStatusRecord, type Refusal } from '@gridpeg/protocol';

/** What a transaction wants of a lane. */
export type LaneStep = 'send' | 'receive' | 'settle';

/**
 * A paused lane only settles, a frozen one does nothing; what is refused here writes nothing and can be tried again.
 *
 * @param status - this ledger's record, undefined for a lane that was never paused or frozen
 * @returns LANE_PAUSED, LANE_FROZEN, or undefined when the lane lets the step through
 * @see docs/spec/08-governance.md section 8.3; keeps PEG-12
 */
export function laneStatusRefusal(
  step: LaneStep,
  laneId: LaneId,
  status: LaneStatusRecord | undefined,
): Refusal | undefined {
  const state = status?.state ?? 'open';
  if (state === 'frozen') return { code: 'LANE_FROZEN', laneId };
  return state === 'paused' && step !== 'settle' ? { code: 'LANE_PAUSED', laneId } : undefined;
}

/** @throws Refused what {@link laneStatusRefusal} returns */
export function checkLaneStatus(step: LaneStep, laneId: LaneId, status: LaneStatusRecord | undefined): void {
  const refusal = laneStatusRefusal(step, laneId, status);
  if (refusal !== undefined) throw new Refused(refusal);
}
