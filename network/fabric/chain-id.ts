// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';

/**
 * Derives a chain's id: the channel's name and the hash of its genesis block's header.
 *
 * Two channels of one name are two chains, because their genesis blocks differ.
 *
 * @param channel - the channel's name
 * @param block - a serialized `common.Block` with number 0
 * @returns `<channel>-<64 hex digits>`
 * @throws Error if the bytes are no block
 */
export function chainId(channel: string, block: Buffer): string {
  const header = bytesField(block, 1);
  const [previousHash, dataHash] = [bytesField(header, 2), bytesField(header, 3)];
  if (dataHash.length !== 32) throw new Error('not a genesis block: its header has no data hash');
  // The number of a genesis block is 0, which protobuf leaves out and DER spells as one zero byte.
  const der = Buffer.concat([Buffer.from([0x02, 0x01, 0x00]), octetString(previousHash), octetString(dataHash)]);
  const sequence = Buffer.concat([Buffer.from([0x30, der.length]), der]);
  return `${channel}-${createHash('sha256').update(sequence).digest('hex')}`;
}

/**
 * Whether bytes are a whole serialized `common.Block` with number 0: its header names the hash of the data that follow.
 */
export function isGenesisBlock(bytes: Buffer): boolean {
  try {
    const dataHash = bytesField(bytesField(bytes, 1), 3);
    // A genesis block has one transaction, so the hash over all of them is that of one.
    const transaction = bytesField(bytesField(bytes, 2), 1);
    return createHash('sha256').update(transaction).digest().equals(dataHash) && bytesField(bytes, 3).length > 0;
  } catch {
    return false;
  }
}

function octetString(value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x04, value.length]), value]);
}

/** The last length-delimited field of that number in a protobuf message; empty if there is none. */
function bytesField(message: Buffer, wanted: number): Buffer {
  let found: Buffer = Buffer.alloc(0);
  let offset = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[offset++];
      if (byte === undefined || shift > 2 ** 42) throw new Error('not a block: malformed protobuf');
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  };
  while (offset < message.length) {
    const tag = varint();
    const value = varint();
    if ((tag & 7) === 0) continue;
    if ((tag & 7) !== 2 || offset + value > message.length) throw new Error('not a block: malformed protobuf');
    if (tag >> 3 === wanted) found = message.subarray(offset, offset + value);
    offset += value;
  }
  return found;
}
