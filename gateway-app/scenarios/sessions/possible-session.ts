// SPDX-License-Identifier: Apache-2.0

import { fault, shown, type Fault, type Session } from './session';

/** What one connector can give: 1000 V and 500 A, the most that the Combined Charging System allows (IEC 62196-3-1). */
const maximumPowerW = 500_000n;
/** No battery of a road vehicle holds more; the largest of lorries in series had about 900 kWh in 2025. */
const maximumEnergyWh = 1_000_000n;
/** No station recorded sessions like these before 2010; clocks that were reset show 1970 or 2000. */
const earliestMs = Date.UTC(2010, 0, 1);
const dayMs = 86_400_000;
/** A vehicle that is left longer has been forgotten, or a date is wrong. */
const longestMs = 31 * dayMs;
const msPerHour = 3_600_000n;

/**
 * Compares the fields of a session with each other and with what is physically possible.
 *
 * More delivered than requested is possible: what is requested is the driver's guess.
 *
 * @param nowMs - Unix milliseconds; a session that has not ended has delivered nothing that could be settled
 * @returns why it is impossible; undefined when it may be true
 */
export function impossibility(session: Session, nowMs: number): Fault | undefined {
  return impossibleTime(session, nowMs) ?? impossibleEnergy(session);
}

function impossibleTime({ arrivalMs, departureMs }: Session, nowMs: number): Fault | undefined {
  if (departureMs <= arrivalMs) {
    return fault('SESSION_DEPARTURE', 'the departure is not after the arrival', 'Correct one of them');
  }
  if (arrivalMs < earliestMs || departureMs > nowMs + dayMs) {
    const what = arrivalMs < earliestMs ? 'the arrival is before 2010' : 'the departure is yet to come';
    return fault('SESSION_TIME_IMPLAUSIBLE', what, "Correct the time, or the station's or this machine's clock");
  }
  if (departureMs - arrivalMs <= longestMs) return undefined;
  return fault('SESSION_TOO_LONG', 'the departure is more than 31 days after the arrival', 'Correct one of them');
}

function impossibleEnergy({ arrivalMs, departureMs, requestedWh, deliveredWh }: Session): Fault | undefined {
  const largest = requestedWh > deliveredWh ? requestedWh : deliveredWh;
  if (largest > maximumEnergyWh) {
    const limit = `no vehicle takes more than ${maximumEnergyWh.toString()} Wh`;
    return fault('SESSION_ENERGY_TOO_LARGE', `${largest.toString()} Wh in one session, and ${limit}`, 'Check the unit');
  }
  const durationMs = BigInt(departureMs - arrivalMs);
  if (deliveredWh * msPerHour <= maximumPowerW * durationMs) return undefined;
  const what = `${deliveredWh.toString()} Wh in ${(durationMs / 1000n).toString()} s take more than 500 kW`;
  return fault('SESSION_POWER', what, 'Check the unit and the times');
}

/** A session and the line that it was read from. */
export interface PlacedSession {
  readonly line: number;
  readonly session: Session;
}

/**
 * Finds sessions that cannot all be true because their station had a vehicle already.
 *
 * @returns by its line the fault of each session that arrived before the one before it had left; the earlier one stays
 */
export function overlaps(sessions: readonly PlacedSession[]): ReadonlyMap<number, Fault> {
  const faults = new Map<number, Fault>();
  const present = new Map<string, PlacedSession>();
  for (const placed of sessions.toSorted(byArrival)) {
    const { line, session } = placed;
    const before = present.get(session.stationId);
    if (before !== undefined && session.arrivalMs < before.session.departureMs) {
      const other = `that of line ${before.line.toString()}`;
      const at = `at station ${shown(session.stationId)}`;
      const what = `session ${shown(session.id)} begins ${at} before ${other} has ended`;
      faults.set(line, fault('SESSION_OVERLAP', what, 'Correct one of the lines'));
    } else present.set(session.stationId, placed);
  }
  return faults;
}

function byArrival(a: PlacedSession, b: PlacedSession): number {
  return a.session.arrivalMs - b.session.arrivalMs || a.line - b.line;
}
