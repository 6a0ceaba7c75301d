// SPDX-License-Identifier: Apache-2.0

import { type AuditReport, type ReadCopies } from './report/audit-report';
import { Auditor, type JudgedChain } from './auditor';
import { type AuditBlock, type AuditTransaction } from './blocks/audit-block';
import { type Finding } from './report/finding';

/** The source of a chain's blocks. */
export interface BlockSource extends JudgedChain {
  /** The number of blocks that there are. */
  height(): Promise<bigint>;
  /** The blocks `from` to `to` - 1 in order, as far as they are judged by transactions. */
  blocks(from: bigint, to: bigint): AsyncIterable<AuditBlock>;
  /** The transactions of one block that was read before. */
  transactions(block: bigint): Promise<readonly AuditTransaction[]>;
  /** The peers whose copies were read. */
  readonly copies: ReadCopies;
  /** What was wrong with the blocks themselves since the last call. */
  takeFindings(): readonly Finding[];
}

interface Reading {
  readonly source: BlockSource;
  /** Number of blocks read so far. */
  read: bigint;
  /** Blocks that were read, but refer to what had not been read on other chains. */
  waiting: AuditBlock[];
}

/**
 * Reads ledgers as far as they go, again and again, and lets them be judged block by block: side by side in the order
 * of time, so that the facts of one end of a packet wait for those of the other end as briefly as they did at the time.
 */
export class LedgerReading {
  readonly #readings: readonly Reading[];
  readonly #auditor: Auditor;
  readonly #now: () => number;

  /** @param now - Unix milliseconds, to compare the dates of transactions with */
  constructor(sources: readonly BlockSource[], now: () => number = Date.now) {
    this.#now = now;
    this.#readings = sources.map((source) => ({ source, read: 0n, waiting: [] }));
    this.#auditor = new Auditor(sources);
  }

  async hasGrown(): Promise<boolean> {
    const heights = await this.#heights();
    return heights.some((height, index) => height > (this.#readings[index]?.read ?? 0n));
  }

  /**
   * Reads every chain up to its height. What the blocks refer to was committed before them, so a second reading of the
   * other chains has it; of the second reading, blocks stay out that refer to what is later still.
   */
  async audit(): Promise<AuditReport> {
    const due = await this.#heights();
    for (const [chain, reading] of this.#readings.entries()) {
      for (const block of reading.waiting.splice(0)) this.#apply(chain, block);
    }
    await this.#applyUpTo(due);
    await this.#readOn(await this.#heights());
    this.#applyComplete();
    for (const [chain, { source }] of this.#readings.entries()) {
      await this.#auditor.answerQuestions(chain, (block) => source.transactions(block));
    }
    for (const { source } of this.#readings) for (const finding of source.takeFindings()) this.#auditor.add(finding);
    return this.#auditor.report(
      due,
      this.#readings.map(({ source }) => source.copies),
    );
  }

  /** How much is kept in memory, see {@link Auditor.kept}. */
  kept(): ReturnType<Auditor['kept']> {
    return this.#auditor.kept();
  }

  #heights(): Promise<readonly bigint[]> {
    return Promise.all(this.#readings.map(({ source }) => source.height()));
  }

  async #applyUpTo(heights: readonly bigint[]): Promise<void> {
    const streams = this.#readings.map(
      ({ source, read }, chain) => new TimedStream(source.blocks(read, heights[chain] ?? 0n)[Symbol.asyncIterator]()),
    );
    try {
      await Promise.all(streams.map((stream) => stream.advance()));
      for (;;) {
        const [next] = [...streams.entries()]
          .filter(([, { head }]) => head !== undefined)
          .sort(([, a], [, b]) => (a.timeMs < b.timeMs ? -1 : 1));
        if (next === undefined) return;
        const [chain, stream] = next;
        if (stream.head !== undefined) this.#apply(chain, stream.head);
        this.#advance(chain);
        await stream.advance();
      }
    } finally {
      await Promise.all(streams.map((stream) => stream.close()));
    }
  }

  async #readOn(heights: readonly bigint[]): Promise<void> {
    await Promise.all(
      this.#readings.map(async (reading, chain) => {
        for await (const block of reading.source.blocks(reading.read, heights[chain] ?? 0n)) {
          reading.waiting.push(block);
          this.#advance(chain);
        }
      }),
    );
  }

  #applyComplete(): void {
    for (let hasMoved = true; hasMoved;) {
      hasMoved = false;
      for (const [chain, { waiting }] of this.#readings.entries()) {
        const [block] = waiting;
        if (block === undefined || !this.#auditor.isComplete(chain, block)) continue;
        this.#apply(chain, block);
        waiting.shift();
        hasMoved = true;
      }
    }
  }

  #apply(chain: number, block: AuditBlock): void {
    this.#auditor.apply(chain, block, BigInt(this.#now()));
  }

  #advance(chain: number): void {
    const reading = this.#readings[chain];
    if (reading !== undefined) reading.read += 1n;
  }
}

/** Blocks of one chain, each with the time of its latest transaction, or of the one before. */
class TimedStream {
  readonly #blocks: AsyncIterator<AuditBlock>;
  head: AuditBlock | undefined;
  timeMs = 0n;

  constructor(blocks: AsyncIterator<AuditBlock>) {
    this.#blocks = blocks;
  }

  async advance(): Promise<void> {
    const next = await this.#blocks.next();
    this.head = next.done === true ? undefined : next.value;
    for (const { timeMs } of this.head?.transactions ?? []) if (timeMs > this.timeMs) this.timeMs = timeMs;
  }

  async close(): Promise<void> {
    await this.#blocks.return?.();
  }
}
