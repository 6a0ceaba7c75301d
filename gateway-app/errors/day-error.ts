// SPDX-License-Identifier: Apache-2.0

import { GridpegError } from '@gridpeg/protocol';
import { type dayExplanations } from './day-explanations';

/** Why the day could not run, or why a part of it was left out. */
export type DayErrorCode = keyof typeof dayExplanations;

/** Why the sample day ended early. */
export class DayError extends GridpegError<DayErrorCode> {
  override readonly name = 'DayError';

  /**
   * @param summary - what happened and why, without a full stop
   * @param remedy - what to do about it, in whole sentences
   */
  constructor(code: DayErrorCode, summary: string, remedy: string) {
    super({ code, summary, remedy });
  }
}
