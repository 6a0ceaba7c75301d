// SPDX-License-Identifier: Apache-2.0

import { type dayExplanations } from './day-explanations';

/** Why the day could not run, or why a part of it was left out. */
export type DayErrorCode = keyof typeof dayExplanations;

/** Ends the day. `message` is one line: what happened, why, and what to do. */
export class DayError extends Error {
  override readonly name = 'DayError';

  constructor(
    readonly code: DayErrorCode,
    message: string,
  ) {
    super(message);
  }
}
