// SPDX-License-Identifier: Apache-2.0

export { type DayParties, type Party } from './day-chain';
export { DayError } from './day-error';
export { dayExplanations } from './explanations';
export { dayLanes } from './day-lanes';
export { type Latency } from './measurements';
export { parseSessions, type DaySessions } from './parse-sessions';
export { maximumSessionsPerBatch, planDay } from './plan-day';
export { DayRun } from './run-day';
export { type Step, type Task } from './task';
