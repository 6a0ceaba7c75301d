// SPDX-License-Identifier: Apache-2.0

import { type CloseableAsyncIterable } from '@hyperledger/fabric-gateway';
import { PegError } from '../errors/peg-error';

/**
 * The same stream, for readers of what there is already.
 *
 * @param limitMs - how long each element may take to come
 * @throws PegError PEER_UNAVAILABLE when one takes longer
 */
export async function* withIdleLimit<T>(stream: CloseableAsyncIterable<T>, limitMs: number): AsyncGenerator<T, void> {
  const late = new AbortController();
  const giveUp = (): void => {
    late.abort();
    stream.close();
  };
  let timer = setTimeout(giveUp, limitMs);
  try {
    for await (const element of stream) {
      clearTimeout(timer);
      yield element;
      timer = setTimeout(giveUp, limitMs);
    }
  } finally {
    clearTimeout(timer);
  }
  if (late.signal.aborted) throw new PegError({ code: 'PEER_UNAVAILABLE', detail: 'nothing came for too long' });
}
