// SPDX-License-Identifier: Apache-2.0

import { type CloseableAsyncIterable } from '@hyperledger/fabric-gateway';
import { pause } from './back-off';
import { isUnavailable } from './gateway-failure';

const reconnectBackOff = { baseMs: 200, capMs: 3_000 };
/** A block that a peer which answers fails to deliver so often in a row is skipped. */
const blockTries = 3;

/** Where a stream is read, and what is done with its items. */
export interface ReopenedStreamParts<T, R> {
  /** Opens the stream at the block that comes next for the reader. */
  readonly open: () => Promise<CloseableAsyncIterable<T>>;
  /** Reads one item; what it throws counts as a failure of the stream. */
  readonly read: (item: T) => R;
  /** Moves the reader behind the block that comes next. @returns whether there is something to go on with */
  readonly skipBlock: (cause: unknown) => boolean | Promise<boolean>;
}

/**
 * What is read from a stream that is opened again, after a back-off, whenever it ends or breaks. Abort the signal to
 * end it.
 */
export async function* reopenedStream<T, R>(
  { open, read, skipBlock }: ReopenedStreamParts<T, R>,
  signal: AbortSignal,
): AsyncGenerator<R, void> {
  const isAborted = (): boolean => signal.aborted;
  let blockFailures = 0;
  for (let failures = 0; !isAborted(); failures += 1) {
    let stream: CloseableAsyncIterable<T> | undefined;
    const close = (): void => stream?.close();
    signal.addEventListener('abort', close);
    try {
      stream = await open();
      // Aborted while it was being opened: the stream would keep the process alive.
      if (isAborted()) return;
      for await (const item of stream) {
        const result = read(item);
        failures = 0;
        blockFailures = 0;
        yield result;
      }
    } catch (error) {
      blockFailures += isUnavailable(error) ? 0 : 1;
      if (blockFailures >= blockTries && (await skipBlock(error))) {
        failures = 0;
        blockFailures = 0;
      }
    } finally {
      signal.removeEventListener('abort', close);
      close();
    }
    await pause(reconnectBackOff, failures, signal);
  }
}
