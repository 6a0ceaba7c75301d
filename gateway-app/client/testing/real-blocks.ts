// SPDX-License-Identifier: Apache-2.0

import { common } from '@hyperledger/fabric-protos';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

const folder = join(__dirname, '..', '..', '..', 'client', 'testing', 'recorded');

/**
 * The first blocks of a city chain that Fabric 3.1 wrote: its start, the first configuration of the peg, an issue and a
 * transfer.
 *
 * @param consensus - `raft`: one orderer; `bft`: four of them
 * @returns copies that a test may change
 */
export function realBlocks(consensus: 'raft' | 'bft'): readonly common.Block[] {
  const bytes = brotliDecompressSync(readFileSync(join(folder, `${consensus}.blocks.br`)));
  const blocks: common.Block[] = [];
  // Each is preceded by its length, four bytes with the most significant one first.
  for (let offset = 0; offset < bytes.length;) {
    const length = bytes.readUInt32BE(offset);
    blocks.push(common.Block.deserializeBinary(bytes.subarray(offset + 4, offset + 4 + length)));
    offset += 4 + length;
  }
  return blocks;
}

/** The metadata of a block that orderers signed. */
export function signaturesOf(block: common.Block): common.Metadata {
  const list = block.getMetadata()?.getMetadataList_asU8() ?? [];
  return common.Metadata.deserializeBinary(list[common.BlockMetadataIndex.SIGNATURES] ?? new Uint8Array());
}

/** Puts other signatures, or other validation codes, in a block. */
export function withMetadata(block: common.Block, index: number, bytes: Uint8Array): common.Block {
  const changed = common.Block.deserializeBinary(block.serializeBinary());
  const list = changed.getMetadata()?.getMetadataList_asU8() ?? [];
  changed.getMetadata()?.setMetadataList(list.map((value, place) => (place === index ? bytes : value)));
  return changed;
}
