// SPDX-License-Identifier: Apache-2.0

import { InterceptingCall, status, type CallOptions, type Interceptor } from '@grpc/grpc-js';
import { PegError } from '../errors/peg-error';

/**
 * One operation as a whole, whatever number of calls it takes: how long it may still take, and whether it is still
 * wanted.
 */
export class Operation {
  readonly #endMs: number;
  readonly #signal: AbortSignal | undefined;

  /**
   * @param limitMs - from now on, by a clock that nobody sets
   * @param signal - cancels the call under way, and all further ones
   */
  constructor(limitMs: number, signal?: AbortSignal) {
    this.#endMs = performance.now() + limitMs;
    this.#signal = signal;
  }

  get leftMs(): number {
    return Math.max(0, this.#endMs - performance.now());
  }

  get isWanted(): boolean {
    return this.#signal?.aborted !== true;
  }

  /**
   * What a call of this operation is made with.
   *
   * @param limitMs - how long the call by itself may take
   * @throws PegError PEER_UNAVAILABLE when the operation has been cancelled
   */
  callOptions(limitMs: number): CallOptions {
    if (!this.isWanted) throw new PegError({ code: 'PEER_UNAVAILABLE', detail: 'the call is not wanted any more' });
    // gRPC turns it into a duration at once, so that a clock that is set later changes nothing.
    const deadline = Date.now() + Math.min(limitMs, this.leftMs);
    return this.#signal === undefined ? { deadline } : { deadline, interceptors: [cancelledBy(this.#signal)] };
  }
}

function cancelledBy(signal: AbortSignal): Interceptor {
  return (options, nextCall) => {
    const call = new InterceptingCall(nextCall(options));
    const cancel = (): void => {
      call.cancelWithStatus(status.CANCELLED, 'the call is not wanted any more');
    };
    signal.addEventListener('abort', cancel, { once: true });
    return call;
  };
}
