// SPDX-License-Identifier: Apache-2.0

import { Refused, type LaneId, type LaneStanding } from '@gridpeg/protocol';

/** What a transaction wants of a lane. */
export type LaneStep = 'send' | 'receive' | 'settle';

/**
 * A paused lane only settles, a frozen one does nothing; what is refused here writes nothing and can be tried again.
 *
 * @param standing - this ledger's record, undefined for a lane that was never paused or frozen
 * @throws Refused LANE_PAUSED, LANE_FROZEN
 * @see docs/spec/08-governance.md section 8.3; keeps PEG-12
 */
export function checkStanding(step: LaneStep, laneId: LaneId, standing: LaneStanding | undefined): void {
  const state = standing?.state ?? 'open';
  if (state === 'frozen') throw new Refused({ code: 'LANE_FROZEN', laneId });
  if (state === 'paused' && step !== 'settle') throw new Refused({ code: 'LANE_PAUSED', laneId });
}
