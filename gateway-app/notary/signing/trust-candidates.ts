// SPDX-License-Identifier: Apache-2.0

import { type BatchKind, type Configuration, type LaneId, type TrustRecord } from '@gridpeg/protocol';

/**
 * The trust records under which a proof may be judged, best first: the record that the batch's destination will judge
 * it by, when this organization can read that ledger; then what other ledgers that know the lane say of the same chain;
 * then every record there is.
 *
 * @param configurations - those this organization can read, its home chain's first
 */
export function trustCandidates(
  claim: { readonly kind: BatchKind; readonly laneId: LaneId },
  configurations: readonly Configuration[],
): readonly TrustRecord[] {
  const known = configurations.flatMap((configuration) => {
    const lane = configuration.lanes.find(({ id }) => id === claim.laneId);
    if (lane === undefined) return [];
    const { sourceChainId: start, destinationChainId: end } = lane;
    const [source, destination] = claim.kind === 'packets' ? [start, end] : [end, start];
    const records = configuration.chains.filter(({ chainId }) => chainId === source);
    return [{ records, isDestination: configuration.chainId === destination }];
  });
  return [
    ...known.filter(({ isDestination }) => isDestination).flatMap(({ records }) => records),
    ...known.flatMap(({ records }) => records),
    ...configurations.flatMap(({ chains }) => chains),
  ];
}
