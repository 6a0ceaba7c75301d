// SPDX-License-Identifier: Apache-2.0

import { setTimeout as sleep } from 'node:timers/promises';
import { type CpuProfiles } from './cpu-profiles';
import { cpuBetween, type CpuMeter, type CpuUse } from './cpu-meter';
import { type TimeWindow } from './samples';

/** Makes load until it is stopped, and ends when what is under way has ended. */
export type Load = (stop: AbortSignal) => Promise<void>;

/** A window in which load was at its full height, and what the machine did in it. */
export interface MeasuredWindow extends TimeWindow {
  readonly cpu: CpuUse;
}

/** What the machine is watched with while load is made. */
export interface Meters {
  readonly meter: CpuMeter;
  /** Undefined when nobody asked for profiles. */
  readonly profiles: CpuProfiles | undefined;
}

/** How long a phase lasts: what is before the window warms up and does not count. */
export interface PhaseLength {
  /** The name of the folder of its profiles. */
  readonly name: string;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** False when the machine is so slow that warming up goes on, for half a minute at most. */
  readonly isWarm?: () => boolean;
  /** False when so little was measured that the window goes on, for four times its length at most. */
  readonly isEnough?: (startMs: number) => boolean;
}

const longestWarmUpSeconds = 30;
const longestWindow = 4;

/**
 * Keeps load up for the warm-up and the window, and lets it run dry.
 *
 * @throws what the load threw
 */
export async function measure({ meter, profiles }: Meters, length: PhaseLength, load: Load): Promise<MeasuredWindow> {
  const stop = new AbortController();
  await meter.refresh();
  const running = load(stop.signal);
  try {
    const { name, warmUpSeconds, seconds, isWarm = () => true, isEnough = () => true } = length;
    await whileRunning(running, warmUpSeconds, longestWarmUpSeconds, isWarm);
    await profiles?.start();
    const before = meter.read();
    const startMs = performance.now();
    await whileRunning(running, seconds, seconds * longestWindow, () => isEnough(startMs));
    const endMs = performance.now();
    const cpu = cpuBetween(before, meter.read());
    await profiles?.stop(name);
    stop.abort();
    await running;
    return { startMs, endMs, cpu };
  } finally {
    stop.abort();
  }
}

/**
 * Waits until both the time is over and the condition holds, or the longest time is over; fails as soon as the load
 * does.
 */
async function whileRunning(
  running: Promise<void>,
  seconds: number,
  longestSeconds: number,
  condition: () => boolean,
): Promise<void> {
  const startMs = performance.now();
  await Promise.race([running, sleep(seconds * 1000)]);
  while (!condition() && performance.now() - startMs < longestSeconds * 1000) {
    await Promise.race([running, sleep(50)]);
  }
}
