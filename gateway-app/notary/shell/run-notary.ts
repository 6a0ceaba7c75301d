// SPDX-License-Identifier: Apache-2.0

import { type Logger } from 'pino';
import { type NotaryConfig } from './notary-config';

/** A notary at work. */
export interface RunningNotary {
  /** The address it listens on, with the port that was given out when 0 was asked for. */
  readonly url: string;
  /** Stops taking work, lets transactions under way end for at most 10 s, then closes everything. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts one organization's notary: signs what it can verify, and relays when told to.
 *
 * @param log - pino logger; `info` for each step that changed a ledger
 * @throws Error when the key cannot be read or the port is taken
 */
export function runNotary(_options: { readonly config: NotaryConfig; readonly log: Logger }): Promise<RunningNotary> {
  return Promise.reject(new Error('not yet'));
}
