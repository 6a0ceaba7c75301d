// SPDX-License-Identifier: Apache-2.0

import { readFile } from 'node:fs/promises';
import { isNativeError } from 'node:util/types';
import { writeFileAtomic } from '@gridpeg/network';
import { chainIdCodec, type ChainId } from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { PegError } from '../../client';

/** The last block that has been watched, by chain. */
export type BlockByChain = ReadonlyMap<ChainId, bigint>;

/**
 * A chain counts as never watched when the file is missing. It is watched from its first block on when the file cannot
 * be read.
 */
const firstBlock = 0n;
const blockNumber = /^(0|[1-9]\d{0,18})$/;

/**
 * Keeps in a file up to which block each chain has been watched.
 *
 * A file that cannot be read differs from one that was never written: nobody knows what was compared before, so all
 * is compared again.
 */
export class WatchedBlocks {
  readonly #file: string;
  readonly #log: Logger;
  #saved = '';
  #hasFailed = false;

  constructor(file: string, log: Logger) {
    this.#file = file;
    this.#log = log;
  }

  /**
   * Reads the file. Never fails: a file that cannot be read is reported as WATCH_FILE_DAMAGED.
   *
   * @param chainIds - the chains to watch
   * @returns the block to go on with; nothing of a chain that was never watched
   */
  async load(chainIds: readonly ChainId[]): Promise<BlockByChain> {
    try {
      return blocksIn(await readFile(this.#file, 'utf8'));
    } catch (cause) {
      if (isMissing(cause)) return new Map();
      this.#log.error(
        { reason: this.#error('WATCH_FILE_DAMAGED', cause).message },
        'all certificates are compared again',
      );
      return new Map(chainIds.map((chainId) => [chainId, firstBlock]));
    }
  }

  /**
   * Writes the file if it would change. Never fails: a file that cannot be written is reported as WATCH_FILE_FAILED,
   * once.
   */
  save(blocks: BlockByChain): void {
    const text = JSON.stringify(Object.fromEntries([...blocks].map(([chainId, block]) => [chainId, block.toString()])));
    if (text === this.#saved) return;
    try {
      writeFileAtomic(this.#file, text);
      this.#saved = text;
      this.#hasFailed = false;
    } catch (cause) {
      const reason = this.#error('WATCH_FILE_FAILED', cause).message;
      if (!this.#hasFailed) this.#log.error({ reason }, 'how far certificates were compared was not written');
      this.#hasFailed = true;
    }
  }

  #error(code: 'WATCH_FILE_DAMAGED' | 'WATCH_FILE_FAILED', cause: unknown): PegError {
    const detail = isNativeError(cause) ? cause.message : String(cause);
    return new PegError({ code, details: { file: this.#file }, detail, cause });
  }
}

/** @throws Error when the text is not what {@link WatchedBlocks.save} writes */
function blocksIn(text: string): BlockByChain {
  const found: unknown = JSON.parse(text);
  if (typeof found !== 'object' || found === null || Array.isArray(found)) throw new Error('no object');
  return new Map(
    Object.entries(found).map(([name, block]) => {
      if (typeof block !== 'string' || !blockNumber.test(block)) throw new Error(`no block number of ${name}`);
      return [chainIdCodec.decode(name, 'chain'), BigInt(block)];
    }),
  );
}

function isMissing(error: unknown): boolean {
  return isNativeError(error) && 'code' in error && error.code === 'ENOENT';
}
