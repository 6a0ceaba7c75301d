// SPDX-License-Identifier: Apache-2.0

import { hash, type Configuration, type Lane, type LaneId } from '@gridpeg/protocol';

/**
 * The place of a relay in the order in which relays take up the work of a lane. All relays compute the same order, and
 * the lanes have different relays in the first place (rendezvous hashing).
 *
 * @param candidates - MSP ids of the committee's notaries that are members of both chains, in any order
 * @returns 0 for the relay that acts at once; a relay that is no candidate comes after all candidates
 */
export function relayRank(laneId: LaneId, mspId: string, candidates: readonly string[]): number {
  const weight = (candidate: string): string => hash('gridpeg/v1/relay-rank', laneId, candidate);
  const order = [...new Set(candidates)].sort((a, b) => (weight(a) < weight(b) ? -1 : 1));
  const rank = order.indexOf(mspId);
  return rank < 0 ? order.length : rank;
}

/**
 * The relays that take turns on a lane: the notaries of the committee that are members of both chains.
 *
 * @param source - the configuration in force on the lane's source, undefined while that chain has never answered
 * @param destination - the same of its destination, whose record of the source names the committee
 * @returns MSP ids
 */
export function relayCandidates(
  { sourceChainId }: Lane,
  source: Configuration | undefined,
  destination: Configuration | undefined,
): readonly string[] {
  const trust = destination?.chains.find(({ chainId }) => chainId === sourceChainId);
  const isMember = (configuration: Configuration | undefined, mspId: string): boolean =>
    configuration?.members.some((member) => member === mspId) ?? false;
  return (trust?.committee.notaries ?? [])
    .map(({ mspId }) => mspId)
    .filter((mspId) => isMember(source, mspId) && isMember(destination, mspId));
}
