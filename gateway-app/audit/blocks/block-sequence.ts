// SPDX-License-Identifier: Apache-2.0

import { blockHashOf, channelOf, type ChainId } from '@gridpeg/protocol';
import { type Finding, type FindingRule } from '../report/finding';
import { type AuditBlock } from './audit-block';

/**
 * Checks that a chain's blocks follow each other: each header hashes its data and the header before it, from the first
 * one on.
 */
export class BlockSequence {
  readonly #name: string;
  readonly #chainId: ChainId;
  #last: { readonly number: bigint; readonly hash: string } | undefined;

  /** @param chainId - names the hash of the first block's header */
  constructor(name: string, chainId: ChainId) {
    this.#name = name;
    this.#chainId = chainId;
  }

  /** The next block, beginning with number 0. */
  check(block: AuditBlock): readonly Finding[] {
    const { number, previousHash, dataHash, dataHashFound } = block;
    const hash = blockHashOf(block);
    const last = this.#last;
    this.#last = { number, hash };
    const compare = (rule: FindingRule, about: string, expected: string, found: string): readonly Finding[] =>
      expected === found
        ? []
        : [{ rule, chain: this.#name, block: number, txId: undefined, laneId: undefined, about, expected, found }];
    const fits = compare('BLOCK_HASH', 'data hash', dataHash, dataHashFound);
    if (last === undefined) {
      const found = `${channelOf(this.#chainId)}-${hash}`;
      return [...fits, ...compare('CHAIN_ID', 'chain id', this.#chainId, found)];
    }
    return [
      ...fits,
      ...compare('BLOCK_HASH', 'number', (last.number + 1n).toString(), number.toString()),
      ...compare('BLOCK_HASH', 'previous hash', last.hash, previousHash),
    ];
  }
}
