// SPDX-License-Identifier: Apache-2.0

import type { Session } from './sessions/session';

/** Credit that one session asks for. */
interface Ask {
  readonly sessionId: string;
  readonly quantityWh: bigint;
}

/** What becomes of a session's credit; the two add up to what was asked for. */
interface Settlement {
  readonly sessionId: string;
  /** was charged into the vehicle */
  readonly retiredWh: bigint;
  /** goes home, to be released */
  readonly returnedWh: bigint;
}

/** Sessions that travel together: one transaction to ask, one to settle. */
export interface SessionBatch {
  readonly name: string;
  readonly asks: readonly Ask[];
  readonly settlements: readonly Settlement[];
  readonly totalWh: bigint;
}

/** What the microgrid orders from the city, and where it ends; watt-hours. */
interface MicrogridPlan {
  /** city to microgrid */
  readonly orderedWh: bigint;
  /** microgrid to charging, of what was ordered: two lanes from home */
  readonly passedOnWh: bigint;
  /** retired at charging, of what was passed on: the retirement goes home by both lanes */
  readonly retiredWh: bigint;
  /** charging to microgrid, of what was passed on */
  readonly givenBackWh: bigint;
  /** microgrid to city; the rest stays on the microgrid chain */
  readonly returnedWh: bigint;
}

/** Everything that the day will do, decided before anything is done. */
export interface DayPlan {
  readonly batches: readonly SessionBatch[];
  readonly microgrid: MicrogridPlan;
  /** of the transfer that is made to miss its deadline */
  readonly missedWh: bigint;
  /** credit that the utility issues to the charging operator and to the microgrid's */
  readonly issuedWh: { readonly charging: bigint; readonly microgrid: bigint };
}

/** A settlement makes up to two outputs a session, and a transaction has at most 50. */
export const maximumSessionsPerBatch = 25;

const missedWh = 1000n;

/**
 * Decides the day.
 *
 * Each session asks for the energy that its driver requested. What was delivered is retired, what was not goes home. Where
 * more was delivered than requested, the credit caps what can be retired, and the overshoot asks for credit of its own.
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
  const chargingWh = sum(batches.map(({ totalWh }) => totalWh));
  const microgrid = planMicrogrid(chargingWh);
  return {
    batches,
    microgrid,
    missedWh,
    issuedWh: { charging: chargingWh + missedWh, microgrid: microgrid.orderedWh },
  };
}

function settleWithinCredit({ id, requestedWh, deliveredWh }: Session): Settlement {
  const retiredWh = deliveredWh < requestedWh ? deliveredWh : requestedWh;
  return { sessionId: id, retiredWh, returnedWh: requestedWh - retiredWh };
}

function settleOvershoot({ id, requestedWh, deliveredWh }: Session): Settlement {
  return { sessionId: id, retiredWh: deliveredWh - requestedWh, returnedWh: 0n };
}

function inBatches(name: string, settlements: readonly Settlement[], size: number): readonly SessionBatch[] {
  const count = Math.ceil(settlements.length / size);
  return Array.from({ length: count }, (_, index) => {
    const part = settlements.slice(index * size, (index + 1) * size);
    const asks = part.map(({ sessionId, retiredWh, returnedWh }) => ({
      sessionId,
      quantityWh: retiredWh + returnedWh,
    }));
    return {
      name: count === 1 ? name : `${name} ${(index + 1).toString()}/${count.toString()}`,
      asks,
      settlements: part,
      totalWh: sum(asks.map(({ quantityWh }) => quantityWh)),
    };
  });
}

/** A twentieth of the day's credit, at least enough to be divided: six parts of ten go on, two of them come back. */
function planMicrogrid(chargingWh: bigint): MicrogridPlan {
  const part = chargingWh / 200n + 1n;
  return {
    orderedWh: part * 10n,
    passedOnWh: part * 6n,
    retiredWh: part * 4n,
    givenBackWh: part * 2n,
    returnedWh: part * 5n,
  };
}

function sum(quantities: readonly bigint[]): bigint {
  return quantities.reduce((total, quantity) => total + quantity, 0n);
}
