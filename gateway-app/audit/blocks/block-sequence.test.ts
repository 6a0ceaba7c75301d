// SPDX-License-Identifier: Apache-2.0

import { blockHashOf, chainIdCodec } from '@gridpeg/protocol';
import { type AuditBlock } from './audit-block';
import { BlockSequence } from './block-sequence';

const hashOf = (digit: string): string => digit.repeat(64);
const blockOf = (number: bigint, previousHash: string, digit = 'd'): AuditBlock => {
  return { number, previousHash, dataHash: hashOf(digit), dataHashFound: hashOf(digit), flags: [], transactions: [] };
};
const first = blockOf(0n, '');
const second = blockOf(1n, blockHashOf(first));
const third = blockOf(2n, blockHashOf(second));
const chainId = chainIdCodec.decode(`city-${blockHashOf(first)}`, 'chainId');

function findingsOf(...blocks: readonly AuditBlock[]): readonly object[] {
  const sequence = new BlockSequence('city', chainId);
  return blocks.flatMap((block) => sequence.check(block)).map(({ rule, block, about }) => ({ rule, block, about }));
}

test('blocks that follow each other are in order', () => {
  expect(findingsOf(first, second, third)).toEqual([]);
});

test('T27: finds a block whose data is not what its header says', () => {
  const altered = { ...second, dataHashFound: hashOf('e') };
  expect(findingsOf(first, altered, third)).toEqual([{ rule: 'BLOCK_HASH', block: 1n, about: 'data hash' }]);
});

test('T27: finds a block that is missing, and one that follows another', () => {
  expect(findingsOf(first, third)).toEqual([
    { rule: 'BLOCK_HASH', block: 2n, about: 'number' },
    { rule: 'BLOCK_HASH', block: 2n, about: 'previous hash' },
  ]);
  expect(findingsOf(first, blockOf(1n, blockHashOf(first), 'e'), third)).toEqual([
    { rule: 'BLOCK_HASH', block: 2n, about: 'previous hash' },
  ]);
});

test('finds that the ledger is of another chain of the same name', () => {
  expect(findingsOf(blockOf(0n, '', 'e'))).toEqual([{ rule: 'CHAIN_ID', block: 0n, about: 'chain id' }]);
});
