// SPDX-License-Identifier: Apache-2.0

import { hash, type LaneId } from '@gridpeg/protocol';

/**
 * A relay's turn on a lane: all relays compute the same order, and each lane has another one first (rendezvous
 * hashing).
 *
 * @param candidates - MSP ids of the committee's notaries that are members of both chains, in any order
 * @returns 0 for the relay that acts at once; a stranger comes after all candidates
 */
export function relayRank(laneId: LaneId, mspId: string, candidates: readonly string[]): number {
  const weight = (candidate: string): string => hash('gridpeg/v1/relay-rank', laneId, candidate);
  const order = [...new Set(candidates)].sort((a, b) => (weight(a) < weight(b) ? -1 : 1));
  const rank = order.indexOf(mspId);
  return rank < 0 ? order.length : rank;
}
