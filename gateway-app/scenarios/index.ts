// SPDX-License-Identifier: Apache-2.0

export { type DayParties, type Party } from './day-chain';
export { DayError } from '../errors/day-error';
export { dayExplanations } from '../errors/day-explanations';
export { dayLanes } from './day-lanes';
export { ledgerEntry, type LedgerBlock } from './ledger-entry';
export { type Latency } from './measurements';
export { maximumSessionsPerBatch, planDay } from './plan-day';
export { DayRun } from './run-day';
export { parseIsoDate } from '../input/iso-time';
export { parseSessions, type DaySessions } from './sessions/parse-sessions';
export { energyUnits, type EnergyUnit } from './sessions/session-columns';
export { type Step, type Task } from '../setup/task';
