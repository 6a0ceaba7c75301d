// SPDX-License-Identifier: Apache-2.0

import { type LaneId } from '@gridpeg/protocol';

/** What `GET /health` reports about a lane. */
export interface LaneHealth {
  readonly laneId: LaneId;
  readonly rank: number;
  readonly inFlight: number;
  /** Unix milliseconds of the last resync with both ledgers that succeeded; 0 when there was none. */
  readonly lastRoundMs: number;
  /** Code of the last failure of a resync or a step; empty once a step has succeeded since. */
  readonly lastError: string;
}
