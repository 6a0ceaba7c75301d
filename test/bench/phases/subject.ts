// SPDX-License-Identifier: Apache-2.0

import { totalCpuSeconds } from '../measure/cpu-meter';
import { measure, type Load, type MeasuredWindow, type Meters, type PhaseLength } from '../measure/measure';
import { round } from '../measure/round';
import { type TimeWindow } from '../measure/samples';

/** What is measured in slices of time: one kind of transaction, or one form of sending across chains. */
export interface Subject {
  readonly name: string;
  readonly load: Load;
  /** How many transactions or transfers ended within a window. */
  readonly count: (window: TimeWindow) => number;
  /** How many end while each caller has one turn. */
  readonly turn: number;
}

/** What a subject did in one slice of time. */
export interface Slice {
  readonly perSecond: number;
  /** CPU time of one transaction or transfer, by all kinds of processes together */
  readonly cpuMs: number;
}

/** Turns that a slice must hold, so that it matters little where it begins and ends. */
const leastTurns = 3;

/** Measures one slice of a subject, once all its callers are busy. @throws what its load threw */
export async function measureSubject(
  { load, count, turn }: Subject,
  length: PhaseLength,
  meters: Meters,
): Promise<MeasuredWindow> {
  const countSince = (startMs: number): number => count({ startMs, endMs: Number.POSITIVE_INFINITY });
  const beganMs = performance.now();
  const conditions = {
    isWarm: () => countSince(beganMs) >= turn,
    isEnough: (startMs: number) => countSince(startMs) >= turn * leastTurns,
  };
  return measure(meters, { ...length, ...conditions }, load);
}

/** @throws Error when nothing ended in the window: no ratio can be made of it */
export function sliceOf({ name, count }: Subject, window: MeasuredWindow): Slice {
  const units = count(window);
  if (units === 0) throw new Error(`${name}: nothing ended within ${secondsOf(window).toFixed(1)} s`);
  return {
    perSecond: round(units / secondsOf(window)),
    cpuMs: round((totalCpuSeconds(window.cpu) * 1000) / units),
  };
}

/** The length of a window in seconds. */
export function secondsOf({ startMs, endMs }: TimeWindow): number {
  return (endMs - startMs) / 1000;
}
