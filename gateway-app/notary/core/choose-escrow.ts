// SPDX-License-Identifier: Apache-2.0

import {
  classOf,
  labelBehind,
  limits,
  unwinds,
  type AssetId,
  type EscrowId,
  type EscrowNote,
  type Label,
  type Lane,
  type LaneId,
  type Packet,
} from '@gridpeg/protocol';

/** Value of one class, in the asset's unit. */
interface ClassQuantity {
  readonly asset: AssetId;
  readonly label: Label;
  readonly quantity: bigint;
}

/** Escrow that a transaction will consume. */
export interface EscrowNeed {
  readonly laneId: LaneId;
  readonly quantities: readonly ClassQuantity[];
}

/** What is named, and whether it is enough. */
export interface EscrowChoice {
  readonly escrowIds: readonly EscrowId[];
  readonly enough: boolean;
  /** Parts of one class to merge before choosing again, when there is enough in more parts than a transaction names. */
  readonly merge: readonly EscrowId[];
}

/** What receiving these packets takes from the escrow of the return lane: those that unwind; docs/spec/03-transfer.md section 3.3. */
export function needOfPackets(packets: readonly Packet[], lane: Lane): EscrowNeed {
  const quantities = packets
    .filter(({ label }) => unwinds(label, lane))
    .map(({ asset, label, quantity }) => {
      return { asset, label: labelBehind(label, lane), quantity };
    });
  return { laneId: lane.returnLaneId, quantities };
}

/** What refunding these packets takes from the lane's own escrow: those that were locked; docs/spec/03-transfer.md section 3.4. */
export function needOfRefunds(packets: readonly Packet[], lane: Lane): EscrowNeed {
  const quantities = packets
    .filter(({ label }) => !unwinds(label, lane))
    .map(({ asset, label, quantity }) => ({ asset, label, quantity }));
  return { laneId: lane.id, quantities };
}

/**
 * Names few escrow notes that cover the need class by class: the smallest single note that is enough, else large ones first.
 *
 * @param free - unspent escrow notes of the need's lane that no transaction under way uses
 */
export function chooseEscrow(need: EscrowNeed, free: readonly EscrowNote[]): EscrowChoice {
  const wanted = new Map<string, bigint>();
  for (const value of need.quantities) {
    wanted.set(classOf(value), (wanted.get(classOf(value)) ?? 0n) + value.quantity);
  }
  const chosen = [...wanted].map(([name, quantity]) => {
    const purse = free.filter((note) => classOf(note) === name);
    return cover(quantity, purse);
  });
  const notes = chosen.flatMap(({ picked }) => picked);
  const covered = chosen.every((each) => each.covered);
  const fits = notes.length <= limits.escrowParts;
  const [most] = chosen.map(({ picked }) => picked).sort((a, b) => b.length - a.length);
  return {
    escrowIds: firstIds(notes),
    enough: covered && fits,
    merge: covered && !fits ? firstIds(most ?? []) : [],
  };
}

/** As many as one transaction names. */
function firstIds(notes: readonly EscrowNote[]): readonly EscrowId[] {
  return notes.slice(0, limits.escrowParts).map(({ id }) => id);
}

function cover(quantity: bigint, purse: readonly EscrowNote[]): { picked: readonly EscrowNote[]; covered: boolean } {
  const ascending = [...purse].sort((a, b) => (a.quantity < b.quantity ? -1 : a.quantity > b.quantity ? 1 : 0));
  const picked: EscrowNote[] = [];
  let rest = quantity;
  while (rest > 0n) {
    const enoughAt = ascending.findIndex((note) => note.quantity >= rest);
    const [note] = enoughAt < 0 ? ascending.splice(-1) : ascending.splice(enoughAt, 1);
    if (note === undefined) return { picked, covered: false };
    picked.push(note);
    rest -= note.quantity;
  }
  return { picked, covered: true };
}
