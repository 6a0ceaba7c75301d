// SPDX-License-Identifier: Apache-2.0

import { planDay } from '../plan-day';
import { DayRun } from '../run-day';
import { type Session } from '../sessions/session';
import { type Task } from '../../setup/task';
import { accountOf, type FakeLedgers } from './fake-ledgers';

export const utility = accountOf('GridMSP');
export const charging = accountOf('ChargingMSP');
export const microgrid = accountOf('MicrogridMSP');

/** 7500 Wh were delivered, 500 of them in excess of what was requested. */
export const sessions: readonly Session[] = [
  { requestedWh: 5000n, deliveredWh: 3000n },
  { requestedWh: 4000n, deliveredWh: 4500n },
  { requestedWh: 1000n, deliveredWh: 0n },
].map((energies, index) => ({
  ...{ id: `s${index.toString()}`, stationId: 'A', arrivalMs: 0, departureMs: 1 },
  ...energies,
}));

/** A day of these sessions, two in a batch. */
export function dayOn(ledgers: FakeLedgers, of: readonly Session[] = sessions, clockBehindMs = 0): DayRun {
  return new DayRun({
    plan: planDay(of, 2),
    parties: {
      utility: ledgers.party('city', utility),
      chargingOperator: { city: ledgers.party('city', charging), charging: ledgers.party('charging', charging) },
      microgridOperator: { city: ledgers.party('city', microgrid), microgrid: ledgers.party('microgrid', microgrid) },
    },
    date: '2019-05-16',
    timeoutMs: 50,
    clockBehindMs,
  });
}

/** Runs tasks as the command does. */
export async function runAll(tasks: readonly Task[]): Promise<void> {
  for (const task of tasks) {
    if ('tasks' in task) await Promise.all(task.tasks.map((part) => runAll([part])));
    else await task.run(() => undefined);
  }
}
