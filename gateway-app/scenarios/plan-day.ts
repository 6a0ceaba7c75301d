// SPDX-License-Identifier: Apache-2.0

import { sessionMemo, type SessionMemo } from './session-memo';
import type { Session } from './sessions/session';

/** What becomes of the credit of a part of a session; the two quantities add up to what is asked for. */
export interface Settlement {
  readonly sessionId: string;
  readonly memo: SessionMemo;
  /** Energy that was charged into the vehicle. */
  readonly retiredWh: bigint;
  /** Value that goes home, to be released. */
  readonly returnedWh: bigint;
}

/** Sessions that travel together: one transaction to ask, one to settle. */
export interface SessionBatch {
  readonly name: string;
  readonly settlements: readonly Settlement[];
}

/** What the microgrid orders from the city, and where it ends; watt-hours. */
export interface MicrogridPlan {
  /** Value from city to microgrid, for the microgrid itself. */
  readonly keptWh: bigint;
  /** Value from city to microgrid and on to charging, two lanes from home. */
  readonly passedOnWh: bigint;
  /** The part of it that is retired at charging: the retirement goes home by both lanes. */
  readonly retiredWh: bigint;
  /** The part of it that goes from charging to microgrid. */
  readonly givenBackWh: bigint;
  /** Value from microgrid to city; the rest stays on the microgrid chain. */
  readonly returnedWh: bigint;
}

/** Everything that the day will do, decided before anything is done. */
export interface DayPlan {
  readonly batches: readonly SessionBatch[];
  /** A twentieth of the day's credit, at least enough to be divided, in tenths. */
  readonly microgridPartWh: bigint;
  /** The quantity of the transfer that is made to miss its deadline. */
  readonly missedWh: bigint;
}

/** A settlement makes up to two outputs a session, and a transaction has at most 50. */
export const maximumSessionsPerBatch = 25;

const missedWh = 1000n;

/**
 * Decides the day.
 *
 * Each session asks for the energy that its driver requested. What was delivered is retired, what was not goes home.
 * Where more was delivered than requested, the credit caps what can be retired, and the overshoot asks for credit of
 * its own.
 *
 * @param sessionsPerBatch - 1 to {@link maximumSessionsPerBatch}
 */
export function planDay(sessions: readonly Session[], sessionsPerBatch: number): DayPlan {
  const asked = sessions.filter(({ requestedWh }) => requestedWh > 0n).map(settleWithinCredit);
  const overshot = sessions.filter(({ requestedWh, deliveredWh }) => deliveredWh > requestedWh).map(settleOvershoot);
  const batches = [
    ...inBatches('credit', asked, sessionsPerBatch),
    ...inBatches('additional credit', overshot, sessionsPerBatch),
  ];
  const chargingWh = sum(batches.flatMap(({ settlements }) => settlements.map(askedWh)));
  return { batches, microgridPartWh: chargingWh / 200n + 1n, missedWh };
}

/** The credit that a part of a session asks for. */
export function askedWh({ retiredWh, returnedWh }: Settlement): bigint {
  return retiredWh + returnedWh;
}

function settleWithinCredit(session: Session): Settlement {
  const { id, requestedWh, deliveredWh } = session;
  const retiredWh = deliveredWh < requestedWh ? deliveredWh : requestedWh;
  return { sessionId: id, memo: sessionMemo(session, 'credit'), retiredWh, returnedWh: requestedWh - retiredWh };
}

function settleOvershoot(session: Session): Settlement {
  const { id, requestedWh, deliveredWh } = session;
  return { sessionId: id, memo: sessionMemo(session, 'excess'), retiredWh: deliveredWh - requestedWh, returnedWh: 0n };
}

function inBatches(name: string, settlements: readonly Settlement[], size: number): readonly SessionBatch[] {
  const count = Math.ceil(settlements.length / size);
  return Array.from({ length: count }, (_, index) => ({
    name: count === 1 ? name : `${name} ${(index + 1).toString()}/${count.toString()}`,
    settlements: settlements.slice(index * size, (index + 1) * size),
  }));
}

/** Six of ten parts go on, two of them come back. */
export function planMicrogrid(partWh: bigint): MicrogridPlan {
  return {
    keptWh: partWh * 4n,
    passedOnWh: partWh * 6n,
    retiredWh: partWh * 4n,
    givenBackWh: partWh * 2n,
    returnedWh: partWh * 5n,
  };
}

function sum(quantities: readonly bigint[]): bigint {
  return quantities.reduce((total, quantity) => total + quantity, 0n);
}
