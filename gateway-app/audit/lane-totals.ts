// SPDX-License-Identifier: Apache-2.0

import { classOf, labelBehind, unwinds, type Lane, type LaneId } from '@gridpeg/protocol';
import { type LaneTotals } from './report/audit-report';
import { type ChainReplay } from './chain-replay';
import { type Finding } from './report/finding';
import { Balances, notesPool, type ClassValue } from './replay/balances';

type Class = Omit<ClassValue, 'quantity'>;

/** What is held on each ledger now, by pool and class: the notes of a chain, and the escrow of each lane. */
export interface Holdings {
  readonly sums: Balances;
  readonly classes: ReadonlyMap<string, { readonly pool: string; readonly value: Class }>;
}

/** A lane of which both ends are audited. */
interface AuditedLane {
  readonly lane: Lane;
  readonly back: Lane;
  readonly source: ChainReplay;
  readonly destination: ChainReplay;
}

/** Adds up the unspent notes and the escrow of a ledger. */
export function holdingsOf({ state }: ChainReplay): Holdings {
  const sums = new Balances();
  const classes = new Map<string, { readonly pool: string; readonly value: Class }>();
  const add = (pool: string, value: ClassValue): void => {
    sums.add(pool, value);
    const name = `${pool} ${classOf(value)}`;
    if (!classes.has(name)) classes.set(name, { pool: pool, value });
  };
  for (const note of state.all('note')) add(notesPool, note);
  for (const note of state.all('escrow')) add(note.laneId, note);
  return { sums, classes };
}

/**
 * Totals of every lane and class, and the findings where escrow = vouchers + in flight does not hold (PEG-1).
 *
 * @param holdings - of each chain
 * @returns one line for each class that a lane has locked or still holds anything of; lanes of which only one end was
 * read have none
 */
export function laneTotals(
  chains: readonly ChainReplay[],
  holdings: ReadonlyMap<ChainReplay, Holdings>,
): {
  readonly lanes: readonly LaneTotals[];
  readonly findings: readonly Finding[];
} {
  const lanes = auditedLanes(chains).flatMap((lane) =>
    [...classesOf(lane, holdings).values()].map((found) => totalsOf(lane, found, holdings)),
  );
  const findings = lanes.flatMap((totals): readonly Finding[] => {
    const { laneId, sourceChain: chain, asset, path, escrow, vouchers, inFlight } = totals;
    if (escrow === vouchers + inFlight) return [];
    return [
      {
        ...{ rule: 'LANE_EQUATION', chain, block: undefined, txId: undefined, laneId },
        about: [asset, ...path].join(' '),
        expected:
          `escrow ${(vouchers + inFlight).toString()} = vouchers ${vouchers.toString()} + in ` +
          `flight ${inFlight.toString()}`,
        found: `escrow ${escrow.toString()}`,
      },
    ];
  });
  return { lanes, findings };
}

function auditedLanes(chains: readonly ChainReplay[]): readonly AuditedLane[] {
  const known = new Map<LaneId, Lane>(
    chains.flatMap(({ state }) => [...state.all('lane')]).map((lane) => [lane.id, lane]),
  );
  return [...known.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap((lane) => {
      const source = chains.find(({ chainId }) => chainId === lane.sourceChainId);
      const destination = chains.find(({ chainId }) => chainId === lane.destinationChainId);
      const back = known.get(lane.returnLaneId);
      return source && destination && back ? [{ lane, back, source, destination }] : [];
    });
}

/**
 * Every class that this lane locks: by its packets, and by what lies in escrow or as vouchers whatever the packets say.
 */
function classesOf(
  { lane, source, destination }: AuditedLane,
  holdings: ReadonlyMap<ChainReplay, Holdings>,
): ReadonlyMap<string, Class> {
  const classesAt = (chain: ChainReplay) => [...(holdings.get(chain)?.classes.values() ?? [])];
  const locked = source.flows.classes(lane.id).filter(({ label }) => !unwinds(label, lane));
  const held = classesAt(source).filter(({ pool }) => pool === lane.id);
  const vouchers = classesAt(destination).filter(({ value }) => value.label.path.at(-1) === lane.id);
  const all = [
    ...locked,
    ...held.map(({ value }) => value),
    ...vouchers.map(({ value: { asset, label } }) => {
      return { asset, label: { home: label.home, path: label.path.slice(0, -1) } };
    }),
  ];
  return new Map(all.map((value) => [classOf(value), value]));
}

function totalsOf(
  { lane, back, source, destination }: AuditedLane,
  value: Class,
  holdings: ReadonlyMap<ChainReplay, Holdings>,
): LaneTotals {
  const behind = { asset: value.asset, label: labelBehind(value.label, lane) };
  const locked = source.flows.sum('sent', lane.id, value);
  const minted = destination.flows.sum('received', lane.id, value);
  const refunded = source.flows.sum('givenBack', lane.id, value);
  const burnt = destination.flows.sum('sent', back.id, behind);
  const released = source.flows.sum('received', back.id, behind);
  const retired = source.flows.sum('ended', back.id, behind);
  const remade = destination.flows.sum('givenBack', back.id, behind);
  return {
    laneId: lane.id,
    sourceChain: source.name,
    destinationChain: destination.name,
    asset: value.asset,
    path: value.label.path,
    ...{ locked, minted, burnt, released, retired, refunded },
    inFlight: locked - minted - refunded + burnt - released - retired - remade,
    escrow: holdings.get(source)?.sums.of(lane.id, value) ?? 0n,
    vouchers: vouchersOf(holdings.get(destination), behind),
  };
}

/** Notes of a class, and what of it was locked into lanes that lead on. */
function vouchersOf(holdings: Holdings | undefined, value: Class): bigint {
  const name = classOf(value);
  const found = [...(holdings?.classes.values() ?? [])].filter((held) => classOf(held.value) === name);
  return found.reduce((sum, { pool }) => sum + (holdings?.sums.of(pool, value) ?? 0n), 0n);
}
