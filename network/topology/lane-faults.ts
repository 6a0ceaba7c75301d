// SPDX-License-Identifier: Apache-2.0

import { milliseconds, type Chain, type Lane, type Topology } from './topology';
import { allowed, fault, repeatedIn, unless, type Path, type TopologyFault } from './topology-fault';

const minuteMs = 60_000;
/** As the protocol bounds it: docs/spec/03-transfer.md section 3.5. */
const longestWindow = 31 * 24 * 60 * minuteMs;

/** The chain at which an asset is at home, by the channel in its id. */
export function homeOf(chains: readonly Chain[], asset: string): Chain | undefined {
  return chains.find(({ channel }) => asset.startsWith(`${channel}/`));
}

/** Faults of one lane: ends that are not there, nobody to carry packets, assets that cannot reach it, its window. */
export function laneFaults(topology: Topology, lane: Lane, path: Path): readonly TopologyFault[] {
  const { chains, peg } = topology;
  const names = chains.map(({ name }) => name);
  const [source, destination] = [lane.source, lane.destination].map((end) => chains.find(({ name }) => name === end));
  if (source === undefined || destination === undefined) {
    const missing = source === undefined ? 'source' : 'destination';
    return [fault([...path, missing], `no such chain; ${allowed(names)}`)];
  }
  if (source === destination) return [fault([...path, 'destination'], 'a lane joins two different chains')];
  const carriers = source.members.filter((member) => destination.members.includes(member));
  const remedy =
    carriers.length === 0
      ? 'let an organization be a member of both'
      : `add one of ${carriers.join(', ')} to the committee`;
  return [
    ...unless(
      carriers.some((member) => peg.committee.notaries.includes(member)),
      path,
      `no notary's organization is a member of both ${lane.source} and ${lane.destination}, so nobody could carry ` +
        `what is sent; ${remedy}`,
    ),
    ...laneAssetFaults(topology, lane, path),
    ...windowFaults(lane, path),
  ];
}

function laneAssetFaults(topology: Topology, lane: Lane, path: Path): readonly TopologyFault[] {
  const { peg, chains } = topology;
  const ids = peg.assets.map(({ id }) => id);
  const back = peg.lanes.find(({ source, destination }) => source === lane.destination && destination === lane.source);
  if (back === undefined) {
    return [fault(path, `no way back; add a lane with source ${lane.destination} and destination ${lane.source}`)];
  }
  return [
    ...repeatedIn(lane.assets, [...path, 'assets']),
    ...lane.assets.flatMap((asset, index) => {
      const at = [...path, 'assets', index];
      if (!ids.includes(asset)) return [fault(at, `no such asset; ${allowed(ids)}`)];
      return [
        ...unless(back.assets.includes(asset), at, `its way back, ${back.id}, does not allow ${asset}; add it there`),
        ...unless(
          reaches(topology, asset).has(lane.source),
          at,
          `${asset} never gets to ${lane.source}: no lane from its home, ` +
            `${homeOf(chains, asset)?.name ?? ''}, takes it there`,
        ),
      ];
    }),
  ];
}

/** Names of the chains that an asset can be on. */
function reaches({ chains, peg }: Topology, asset: string): ReadonlySet<string> {
  const reached = new Set(chains.filter((chain) => chain === homeOf(chains, asset)).map(({ name }) => name));
  for (const name of reached) {
    for (const { source, destination, assets } of peg.lanes) {
      if (source === name && assets.includes(asset)) reached.add(destination);
    }
  }
  return reached;
}

/** Faults in the length of a window, of a lane or of issuing. */
export function windowLengthFaults({ length }: NonNullable<Lane['window']>, path: Path): readonly TopologyFault[] {
  const lengthMs = milliseconds(length);
  const fits = lengthMs >= minuteMs && lengthMs <= longestWindow;
  return unless(fits, [...path, 'window', 'length'], 'from 1 minute to 31 days');
}

function windowFaults({ window, maximumQuantity }: Lane, path: Path): readonly TopologyFault[] {
  if (window === undefined) return [];
  const most = BigInt(window.quantity) / BigInt(window.shards);
  return [
    ...windowLengthFaults(window, path),
    ...unless(
      BigInt(maximumQuantity) <= most,
      [...path, 'maximumQuantity'],
      `at most ${String(most)}: the window's quantity divided by its shards`,
    ),
  ];
}
