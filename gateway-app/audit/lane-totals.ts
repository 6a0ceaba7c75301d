// SPDX-License-Identifier: Apache-2.0

import {
  classOf,
  labelBehind,
  unwinds,
  type AssetId,
  type Label,
  type Lane,
  type LaneId,
  type Packet,
  type PacketId,
} from '@gridpeg/protocol';
import { type Finding, type LaneTotals } from './audit-report';
import { type ChainReplay } from './chain-replay';

interface Class {
  readonly asset: AssetId;
  /** As on the lane's source chain. */
  readonly label: Label;
}

/** A lane with both of its ends at hand. */
interface AuditedLane {
  readonly lane: Lane;
  readonly back: Lane;
  readonly source: ChainReplay;
  readonly destination: ChainReplay;
}

/**
 * Totals of every lane and class, and the findings where escrow = vouchers + in flight does not hold (PEG-1).
 *
 * @returns one line for each class that a lane has locked or still holds anything of
 */
export function laneTotals(chains: readonly ChainReplay[]): {
  readonly lanes: readonly LaneTotals[];
  readonly findings: readonly Finding[];
} {
  const lanes = auditedLanes(chains).flatMap((lane) => [...classesOf(lane)].map(([, found]) => totalsOf(lane, found)));
  const findings = lanes.flatMap((totals): readonly Finding[] => {
    const { laneId, sourceChain: chain, asset, path, escrow, vouchers, inFlight } = totals;
    if (escrow === vouchers + inFlight) return [];
    return [
      {
        ...{ rule: 'LANE_EQUATION', chain, block: undefined, txId: undefined, laneId },
        about: [asset, ...path].join(' '),
        expected: `escrow ${(vouchers + inFlight).toString()} = vouchers ${vouchers.toString()} + in flight ${inFlight.toString()}`,
        found: `escrow ${escrow.toString()}`,
      },
    ];
  });
  return { lanes, findings };
}

function auditedLanes(chains: readonly ChainReplay[]): readonly AuditedLane[] {
  const known = new Map<LaneId, Lane>(chains.flatMap(({ lanes }) => lanes).map((lane) => [lane.id, lane]));
  return [...known.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap((lane) => {
      const source = chains.find(({ chainId }) => chainId === lane.sourceChainId);
      const destination = chains.find(({ chainId }) => chainId === lane.destinationChainId);
      const back = known.get(lane.returnLaneId);
      return source && destination && back ? [{ lane, back, source, destination }] : [];
    });
}

/** Every class that this lane locks: by its packets, and by what lies in escrow or as vouchers whatever the packets say. */
function classesOf({ lane, source, destination }: AuditedLane): ReadonlyMap<string, Class> {
  const locked = [...source.packets.values()].filter(
    ({ laneId, label }) => laneId === lane.id && !unwinds(label, lane),
  );
  const held = source.escrow.filter(({ laneId }) => laneId === lane.id);
  const vouchers = [...destination.notes, ...destination.escrow].filter(({ label }) => label.path.at(-1) === lane.id);
  const all = [
    ...locked,
    ...held,
    ...vouchers.map(({ asset, label: { home, path } }) => ({ asset, label: { home, path: path.slice(0, -1) } })),
  ];
  return new Map(all.map(({ asset, label }) => [classOf({ asset, label }), { asset, label }]));
}

function totalsOf({ lane, back, source, destination }: AuditedLane, { asset, label }: Class): LaneTotals {
  const here = classOf({ asset, label });
  const there = classOf({ asset, label: labelBehind(label, lane) });
  const out = [...source.packets.values()].filter((packet) => packet.laneId === lane.id && classOf(packet) === here);
  const home = [...destination.packets.values()].filter((p) => p.laneId === back.id && classOf(p) === there);
  const received = (at: ChainReplay, id: PacketId): boolean => at.receipt(id)?.outcome === 'received';
  const givenBack = (at: ChainReplay, id: PacketId): boolean => at.settled(id)?.outcome === 'refunded';

  const [locked, burnt] = [sum(out), sum(home)];
  const minted = sum(out.filter(({ id }) => received(destination, id)));
  const refunded = sum(out.filter(({ id }) => givenBack(source, id)));
  const ended = home.filter(({ id }) => received(source, id));
  const released = sum(ended.filter(({ kind }) => kind === 'transfer'));
  const retired = sum(ended.filter(({ kind }) => kind === 'retirement'));
  const remade = sum(home.filter(({ id }) => givenBack(destination, id)));
  return {
    laneId: lane.id,
    sourceChain: source.name,
    destinationChain: destination.name,
    asset,
    path: label.path,
    ...{ locked, minted, burnt, released, retired, refunded },
    inFlight: locked - minted - refunded + burnt - released - retired - remade,
    escrow: sum(source.escrow.filter((note) => note.laneId === lane.id && classOf(note) === here)),
    vouchers: sum([...destination.notes, ...destination.escrow].filter((note) => classOf(note) === there)),
  };
}

function sum(values: ReadonlyArray<Pick<Packet, 'quantity'>>): bigint {
  return values.reduce((total, { quantity }) => total + quantity, 0n);
}
