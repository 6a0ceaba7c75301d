// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';

import { chainId } from './chain-id';

const dataHash = Buffer.alloc(32, 7);

/** A protobuf field of bytes. */
function field(number: number, value: Buffer): Buffer {
  const length = value.length < 128 ? [value.length] : [(value.length & 0x7f) | 0x80, value.length >> 7];
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), value]);
}

function genesisBlock(header: Buffer): Buffer {
  return Buffer.concat([field(1, header), field(2, field(1, Buffer.alloc(300))), field(3, Buffer.alloc(0))]);
}

test("a chain's id is its channel and the hash of its genesis block's header in DER", () => {
  const der = Buffer.concat([Buffer.from('3027020100040004 20'.replace(' ', ''), 'hex'), dataHash]);
  const hash = createHash('sha256').update(der).digest('hex');
  expect(chainId('city', genesisBlock(field(3, dataHash)))).toBe(`city-${hash}`);
});

test('a header with its number spelled out has the same id', () => {
  const spelledOut = Buffer.concat([Buffer.from([0x08, 0x00]), field(3, dataHash)]);
  expect(chainId('city', genesisBlock(spelledOut))).toBe(chainId('city', genesisBlock(field(3, dataHash))));
});

test.each([
  ['empty bytes', Buffer.alloc(0)],
  ['a block that is cut off', genesisBlock(field(3, dataHash)).subarray(0, 20)],
  ['a header without a data hash', genesisBlock(field(2, dataHash))],
  ['a length without an end', Buffer.alloc(20, 0xff)],
])('%s are not taken for a genesis block', (_title, bytes) => {
  expect(() => chainId('city', bytes)).toThrow('block');
});
