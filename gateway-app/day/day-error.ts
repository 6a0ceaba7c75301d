// SPDX-License-Identifier: Apache-2.0

/** Why the day could not run, or why a part of it was left out. Stable: programs and documentation refer to them. */
export type DayErrorCode =
  | 'SESSIONS_UNREADABLE'
  | 'SESSION_COLUMN_MISSING'
  | 'SESSIONS_NONE'
  | 'SESSION_FIELDS'
  | 'SESSION_TIME'
  | 'SESSION_ENERGY'
  | 'SESSION_ENERGY_TOO_LARGE'
  | 'SESSION_ID'
  | 'SESSION_REPEATED'
  | 'LANE_NOT_IN_TOPOLOGY'
  | 'NOT_RECEIVED_IN_TIME'
  | 'STILL_IN_FLIGHT'
  | 'DEADLINE_NOT_MISSED'
  | 'UNEXPECTED_OUTCOME';

/** Ends the day. `message` is one line: what happened, why, and what to do. */
export class DayError extends Error {
  override readonly name = 'DayError';

  constructor(
    readonly code: DayErrorCode,
    message: string,
  ) {
    super(message);
  }
}
