// SPDX-License-Identifier: Apache-2.0

import { integer, list, type Codec } from '../codec/codec';
import { type ChainId, chainIdCodec, hashCodec, type LaneId, laneIdCodec, limits } from '../codec/identifiers';

/** One batch as notaries signed it: one entry whole, of the others only the hashes. */
export interface Statement<Entry> {
  readonly laneId: LaneId;
  readonly destinationChainId: ChainId;
  /** Hash of the trust record under which it was signed. */
  readonly sourceConfiguration: string;
  readonly epoch: number;
  readonly entryHashes: readonly string[];
  readonly entry: Entry;
}

/** The fields of a {@link Statement}, for records that contain one. */
export function statementFields<Entry>(entry: Codec<Entry>): {
  readonly [K in keyof Statement<Entry>]: Codec<Statement<Entry>[K]>;
} {
  return {
    laneId: laneIdCodec,
    destinationChainId: chainIdCodec,
    sourceConfiguration: hashCodec,
    epoch: integer(0, 2 ** 31 - 1),
    entryHashes: list(hashCodec, 1, limits.batchEntries),
    entry,
  };
}
