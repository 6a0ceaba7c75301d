// SPDX-License-Identifier: Apache-2.0

import type { networkExplanations } from './explanations';

/** Why the network could not do what was asked. */
export type NetworkErrorCode = keyof typeof networkExplanations;

/**
 * The one error class of this package.
 *
 * `message` is one line: what happened, why, and what to do. `detail` holds what a tool or a node printed last, if
 * anything did.
 */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';

  /**
   * @param code - the stable code
   * @param summary - what happened and why, without a full stop
   * @param remedy - what to do about it, one imperative sentence without a full stop
   * @param detail - the last lines of a tool's or node's output
   */
  constructor(
    readonly code: NetworkErrorCode,
    summary: string,
    readonly remedy: string,
    readonly detail?: string,
  ) {
    super(`${summary}. ${remedy}.`);
  }
}
