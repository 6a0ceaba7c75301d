// SPDX-License-Identifier: Apache-2.0

import { inspect } from 'node:util';

/** One part of a run, which adds its figures to those of the parts before it. */
export interface Phase<Figures> {
  readonly name: string;
  /**
   * @param before - the figures of the phases that have ended
   * @param record - keeps figures, those of `before` among them; may be called several times as they become better
   */
  readonly run: (before: Figures, record: (figures: Figures) => void) => Promise<void>;
}

/** How far a run came. */
export interface Outcome<Figures> {
  readonly figures: Figures;
  /** The phase that ended the run; undefined when all ended well. */
  readonly failure: PhaseFailure | undefined;
}

/** A phase that failed, and the phases that were not run because of it. */
export interface PhaseFailure {
  readonly phase: string;
  /** The error with its stack and causes. */
  readonly reason: string;
  readonly notRun: readonly string[];
}

/**
 * Runs phases one after the other until one fails. Figures that were recorded before are kept.
 *
 * @param none - the figures before anything was measured
 * @param save - called with every state of the figures, so that even a process that is killed leaves them behind
 */
export async function runPhases<Figures>(
  phases: ReadonlyArray<Phase<Figures>>,
  none: Figures,
  save: (outcome: Outcome<Figures>) => void,
): Promise<Outcome<Figures>> {
  let figures = none;
  for (const [index, phase] of phases.entries()) {
    try {
      await phase.run(figures, (recorded) => {
        figures = recorded;
        save({ figures, failure: undefined });
      });
    } catch (error) {
      const notRun = phases.slice(index + 1).map(({ name }) => name);
      const outcome = { figures, failure: { phase: phase.name, reason: inspect(error), notRun } };
      save(outcome);
      return outcome;
    }
  }
  return { figures, failure: undefined };
}
