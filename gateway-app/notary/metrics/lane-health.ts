// SPDX-License-Identifier: Apache-2.0

import { type LaneId } from '@gridpeg/protocol';

/** What `GET /health` tells of a lane. */
export interface LaneHealth {
  readonly laneId: LaneId;
  readonly rank: number;
  readonly inFlight: number;
  /** Unix milliseconds of the last look at both ledgers that succeeded; 0 when there was none. */
  readonly lastRoundMs: number;
  /** Code of what the last look or step failed with; empty when it did not. */
  readonly trouble: string;
}
