// SPDX-License-Identifier: Apache-2.0

import { ExponentialBackoff, handleWhen, noJitterGenerator, retry, type RetryPolicy } from 'cockatiel';
import { PegError, type PegErrorCode } from '../../client';

/** Peers have a block within milliseconds of each other, so one that lacks it is asked again after growing pauses. */
const firstWaitMs = 15;

/**
 * Asks a peer again that is behind the others.
 *
 * @param codes - what such a peer answers
 * @param tries - in all, at least 1; seven take a second
 */
export function retryLagging(codes: readonly PegErrorCode[], tries: number): RetryPolicy {
  return retry(
    handleWhen((error) => error instanceof PegError && codes.includes(error.code)),
    {
      maxAttempts: tries - 1,
      backoff: new ExponentialBackoff({ initialDelay: firstWaitMs, generator: noJitterGenerator }),
    },
  );
}
