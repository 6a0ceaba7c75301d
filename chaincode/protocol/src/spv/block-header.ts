// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { derFields, derUnsigned } from '../x509/der';

/** Header of a block; docs/spec/13-light-client.md section 13.1. Hashes are lower-case hex. */
export interface BlockHeader {
  readonly number: bigint;
  /** Hash of the header before; empty in a chain's first block. */
  readonly previousHash: string;
  readonly dataHash: string;
}

/** Fabric numbers blocks with 64 bits. */
export const maximumBlockNumber = 2n ** 64n - 1n;

/**
 * The bytes of a header that are hashed, and signed by orderers: ASN.1 DER SEQUENCE {INTEGER number, OCTET STRING
 * previous hash, OCTET STRING data hash}, as Fabric's protoutil.BlockHeaderBytes.
 */
export function encodeBlockHeader({ number, previousHash, dataHash }: BlockHeader): Buffer {
  const hex = number.toString(16);
  const digits = hex.length % 2 === 0 ? hex : `0${hex}`;
  // DER integers are signed: a leading bit set needs a zero byte in front.
  const integer = Buffer.from(Number.parseInt(digits.slice(0, 2), 16) >= 0x80 ? `00${digits}` : digits, 'hex');
  const fields = [
    element(0x02, integer),
    element(0x04, Buffer.from(previousHash, 'hex')),
    element(0x04, Buffer.from(dataHash, 'hex')),
  ];
  return element(0x30, Buffer.concat(fields));
}

/** All lengths here are below 128. */
function element(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
}

/**
 * Reads the bytes of a header in their one spelling.
 *
 * @throws Error when they are anything else, or when hashes are missing that the header must have
 */
export function decodeBlockHeader(bytes: Buffer): BlockHeader {
  const [sequence] = derFields(bytes, [0x30]);
  const [integer, previous, data] = derFields(sequence.content, [0x02, 0x04, 0x04]);
  const number = derUnsigned(integer.content);
  if (number > maximumBlockNumber) throw new Error('block header: number');
  if (previous.content.length !== (number === 0n ? 0 : 32)) throw new Error('block header: previous hash');
  if (data.content.length !== 32) throw new Error('block header: data hash');
  return { number, previousHash: previous.content.toString('hex'), dataHash: data.content.toString('hex') };
}

/** SHA-256 of a header's bytes: what the next header, and a chain id, name the block by. */
export function blockHashOf(header: BlockHeader): string {
  return createHash('sha256').update(encodeBlockHeader(header)).digest('hex');
}
