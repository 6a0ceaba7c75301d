// SPDX-License-Identifier: Apache-2.0

/** A piece of work that somebody may watch: a step, or several under one title. */
export type Task = Step | TaskGroup;

export interface Step {
  readonly title: string;
  /** @param report - says what is being done now, or at the end what came of it */
  readonly run: (report: (text: string) => void) => Promise<void>;
}

interface TaskGroup {
  readonly title: string;
  /** They run at the same time. */
  readonly tasks: readonly Task[];
}
