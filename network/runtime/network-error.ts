// SPDX-License-Identifier: Apache-2.0

import { GridpegError } from '@gridpeg/protocol';
import type { networkExplanations } from './explanations';

/** Why the network could not do what was asked. */
export type NetworkErrorCode = keyof typeof networkExplanations;

/** The one error class of this package. */
export class NetworkError extends GridpegError<NetworkErrorCode> {
  override readonly name: string = 'NetworkError';

  /**
   * @param code - the stable code
   * @param summary - what happened and why, without a full stop
   * @param remedy - what to do about it, in whole sentences
   * @param output - the last lines that a tool or a node printed, if it printed any; in `details.output`
   */
  constructor(code: NetworkErrorCode, summary: string, remedy: string, output?: string) {
    super({ code, summary, remedy, details: output === undefined ? {} : { output } });
  }

  /** The last lines that a tool or a node printed. */
  get output(): string | undefined {
    const { output } = this.details;
    return typeof output === 'string' ? output : undefined;
  }
}
