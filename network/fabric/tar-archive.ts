// SPDX-License-Identifier: Apache-2.0

import { constants, gzipSync } from 'node:zlib';

/** One regular file of an archive. */
export interface ArchiveFile {
  readonly name: string;
  readonly content: Buffer;
}

const blockBytes = 512;

/**
 * Packs files into a gzipped tar archive whose bytes depend on names and contents only.
 *
 * Order is by name, times are 0, owners are 0, and nothing is compressed: compressed bytes differ between versions of
 * zlib, and the hash of these bytes is a chaincode's package id.
 *
 * @param files - names of at most 100 bytes
 * @returns the archive
 */
export function tarArchive(files: readonly ArchiveFile[]): Buffer {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  const parts = sorted.flatMap(({ name, content }) => [
    header(name, content.length),
    content,
    Buffer.alloc((blockBytes - (content.length % blockBytes)) % blockBytes),
  ]);
  const archive = gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * blockBytes)]), {
    level: constants.Z_NO_COMPRESSION,
  });
  archive[9] = 255; // the operating system field: unknown
  return archive;
}

/** A ustar header; the checksum is computed with its own field as blanks. */
function header(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new Error(`archive member name is too long: ${name}`);
  const block = Buffer.alloc(blockBytes);
  block.write(name, 0);
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write('        ', 148);
  block.write('0', 156);
  block.write('ustar\0', 257);
  block.write('00', 263);
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
