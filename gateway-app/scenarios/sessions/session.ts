// SPDX-License-Identifier: Apache-2.0

import type { DayErrorCode } from '../../errors/day-error';

/** One charging session: credit is asked for when it begins, and settled when it ends. */
export interface Session {
  /** At most 128 printable ASCII characters. */
  readonly id: string;
  /** The same characters as in the id. */
  readonly stationId: string;
  readonly arrivalMs: number;
  readonly departureMs: number;
  readonly requestedWh: bigint;
  readonly deliveredWh: bigint;
}

/** Why a session is left out. `message` says what, why and what to do. */
export interface Fault {
  readonly code: DayErrorCode;
  readonly message: string;
}

/** @param what - and @param remedy - sentences without their full stops */
export function fault(code: DayErrorCode, what: string, remedy: string): Fault {
  return { code, message: `${what}. ${remedy}.` };
}

/** A value of a file as messages repeat it. */
export function shown(value: string): string {
  return JSON.stringify(value.slice(0, 60));
}
