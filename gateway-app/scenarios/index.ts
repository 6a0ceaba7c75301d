// SPDX-License-Identifier: Apache-2.0

export { type DayParties, type Party } from './day-chain';
export { requireDayLanes } from './day-lanes';
export { ledgerEntry, type LedgerBlock } from './ledgers/ledger-entry';
export { type Latency } from './measurements';
export { maximumSessionsPerBatch, planDay } from './plan-day';
export { DayRun } from './run-day';
export { type DaySessions } from './sessions/parse-sessions';
export { readSessions } from './sessions/read-sessions';
export { energyUnits, type EnergyUnit } from './sessions/session-columns';
