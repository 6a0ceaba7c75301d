// SPDX-License-Identifier: Apache-2.0

export { type DayParties, type Party } from './day-chain';
export { DayError, type DayErrorCode } from './day-error';
export { dayLanes } from './day-lanes';
export { type Carried, type Latency } from './measurements';
export { parseSessions, type DaySessions, type Session, type SessionFault } from './parse-sessions';
export { maximumSessionsPerBatch, planDay, type DayPlan } from './plan-day';
export { DayRun, type DayOptions, type Problem } from './run-day';
export { type Task } from './task';
