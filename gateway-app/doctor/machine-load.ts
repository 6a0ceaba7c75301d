// SPDX-License-Identifier: Apache-2.0

import { availableParallelism, loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How busy the machine was on which the doctor asked; a node that answers late may only be waiting for a processor. */
export interface MachineLoad {
  /**
   * The factor for time limits: 1 on a machine with idle processors, at most {@link LARGEST_FACTOR}.
   * A whole number: `AbortSignal.timeout` throws for a fraction of a millisecond, and that would look like a silent
   * node.
   */
  readonly factor: number;
  /** A text such as `load 9.1 on 2 processors`. */
  readonly description: string;
}

const LARGEST_FACTOR = 10;
/** A process that runs freely is later than this only for its own work; in milliseconds. */
const USUAL_DELAY_MS = 200;

/**
 * Judges how much longer than usual an answer may take.
 *
 * @param loadAverage - processes that ran or waited to run, on average over the last minute; 0 where the system does
 * not say
 * @param processors - how many processes can run at once, at least 1
 * @param delayMs - the longest time by which a timer of this process was late
 */
export function judgeLoad(loadAverage: number, processors: number, delayMs: number): MachineLoad {
  const factor = Math.min(
    LARGEST_FACTOR,
    Math.max(1, Math.ceil(loadAverage / processors), Math.ceil(delayMs / USUAL_DELAY_MS)),
  );
  const late =
    delayMs > USUAL_DELAY_MS ? `, and gridpeg itself was up to ${Math.round(delayMs).toString()} ms late` : '';
  return { factor, description: `load ${loadAverage.toFixed(1)} on ${processors.toString()} processors${late}` };
}

/** Does some work, and returns how busy the machine was meanwhile. */
export async function underLoad<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly load: MachineLoad }> {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  try {
    const result = await work();
    return { result, load: judgeLoad(loadavg()[0] ?? 0, availableParallelism(), delay.max / 1e6) };
  } finally {
    delay.disable();
  }
}
