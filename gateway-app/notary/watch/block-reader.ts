// SPDX-License-Identifier: Apache-2.0

import { sleepUntilAborted } from '@gridpeg/network';
import { type BlockCalls, type ChainConnection, PegError, reopenedStream } from '../../client';

/** What a {@link BlockReader} works with. */
export interface BlockReaderParts {
  readonly connection: Pick<ChainConnection, 'blockCalls' | 'callsBetween' | 'height'>;
  readonly startBlock: bigint;
  /** Is called with each block once; blocks that were skipped come later than their successors. */
  readonly onBlock: (block: BlockCalls) => void;
  /** Is called with BLOCK_UNREADABLE when blocks are skipped. */
  readonly onPassedOver: (error: PegError) => void;
  /** How often blocks that were skipped are asked for again. */
  readonly refetchMs: number;
}

/** The blocks `from` to `to` - 1. */
interface BlockRange {
  readonly from: bigint;
  readonly to: bigint;
}

/**
 * Reads the blocks of a chain as they come. Those that its peers fail to deliver are remembered as ranges and asked for
 * again until they come, so that one of them neither stalls the others nor is left out (T49).
 */
export class BlockReader {
  readonly #parts: BlockReaderParts;
  #next: bigint;
  #passedOver: BlockRange[] = [];
  /** How many blocks are skipped at once. A peer that began with a snapshot lacks very many. */
  #step = 1n;

  constructor(parts: BlockReaderParts) {
    this.#parts = parts;
    this.#next = parts.startBlock;
  }

  /** The first block that has not been read. */
  get firstUnread(): bigint {
    return this.#passedOver.reduce((lowest, { from }) => (from < lowest ? from : lowest), this.#next);
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#follow(signal), this.#refetch(signal)]);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const blocks = reopenedStream(
      {
        open: () => this.#parts.connection.blockCalls(this.#next),
        read: (block: BlockCalls) => {
          this.#parts.onBlock(block);
          this.#next = block.number + 1n;
          this.#step = 1n;
        },
        skipBlock: (cause) => this.#passOver(cause),
      },
      signal,
    );
    while ((await blocks.next()).done !== true);
  }

  /** Continues with a later block, if there is one. The distance doubles with each failure in a row. */
  async #passOver(cause: unknown): Promise<boolean> {
    const height = await this.#parts.connection.height().catch(() => this.#next);
    const [from, wanted] = [this.#next, this.#next + this.#step];
    const to = wanted < height ? wanted : height;
    if (to <= from) return false;
    this.#passedOver.push({ from, to });
    this.#next = to;
    this.#step *= 2n;
    const detail = cause instanceof Error ? cause.message : String(cause);
    const block = to - from === 1n ? from.toString() : `${from.toString()} to ${(to - 1n).toString()}`;
    this.#parts.onPassedOver(new PegError({ code: 'BLOCK_UNREADABLE', details: { block }, detail, cause }));
    return true;
  }

  async #refetch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleepUntilAborted(this.#parts.refetchMs, signal);
      for (const range of [...this.#passedOver]) await this.#read(range, signal);
    }
  }

  /** Tries the first block of a range, and one behind it, because the first one may be missing forever. */
  async #read(range: BlockRange, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { from, to } = range;
    const behind = from + BigInt(Math.floor(Math.random() * Number(to - from)));
    for (const start of [from, behind]) {
      const end = await this.#readFrom(start, to);
      if (end === start) continue;
      const left = [
        { from, to: start },
        { from: end, to },
      ].filter((each) => each.from < each.to);
      this.#passedOver = this.#passedOver.flatMap((each) => (each === range ? left : [each]));
      return;
    }
  }

  /** @returns the block at which it ended; what failed was said when it was passed over */
  async #readFrom(start: bigint, to: bigint): Promise<bigint> {
    const { connection, onBlock } = this.#parts;
    let next = start;
    try {
      for await (const block of connection.callsBetween(start, to)) {
        onBlock(block);
        next = block.number + 1n;
      }
    } catch {
      return next;
    }
    return next;
  }
}
