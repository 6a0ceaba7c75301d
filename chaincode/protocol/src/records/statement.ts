// SPDX-License-Identifier: Apache-2.0

import { integer, list, type Shape } from '../codec/codec';
import { type ChainId, chainIdShape, hashShape, type LaneId, laneIdShape, limits } from '../codec/identifiers';

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
export function statementFields<Entry>(entry: Shape<Entry>): {
  readonly [K in keyof Statement<Entry>]: Shape<Statement<Entry>[K]>;
} {
  return {
    laneId: laneIdShape,
    destinationChainId: chainIdShape,
    sourceConfiguration: hashShape,
    epoch: integer(0, 2 ** 31 - 1),
    entryHashes: list(hashShape, 1, limits.batchEntries),
    entry,
  };
}
