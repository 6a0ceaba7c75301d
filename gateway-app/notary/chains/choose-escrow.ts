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

/**
 * What receiving these packets takes from the escrow of the return lane: those that unwind; docs/spec/03-transfer.md
 * section 3.3.
 */
export function needOfPackets(packets: readonly Packet[], lane: Lane): EscrowNeed {
  const quantities = packets
    .filter(({ label }) => unwinds(label, lane))
    .map(({ asset, label, quantity }) => {
      return { asset, label: labelBehind(label, lane), quantity };
    });
  return { laneId: lane.returnLaneId, quantities };
}

/**
 * What refunding these packets takes from the lane's own escrow: those that were locked; docs/spec/03-transfer.md
 * section 3.4.
 */
export function needOfRefunds(packets: readonly Packet[], lane: Lane): EscrowNeed {
  const quantities = packets
    .filter(({ label }) => !unwinds(label, lane))
    .map(({ asset, label, quantity }) => ({ asset, label, quantity }));
  return { laneId: lane.id, quantities };
}

/** What is known of the escrow of one class that is needed. */
interface ClassEscrow {
  readonly quantity: bigint;
  /** As many as one transaction names, largest first. */
  largest: readonly EscrowNote[];
  /** The sum of the notes that are not among the largest. */
  rest: bigint;
}

/**
 * Escrow notes for a need, as they are read page by page. However many a lane holds, no more are kept than one
 * transaction names, and a page costs what the page holds.
 */
export class EscrowReading {
  readonly #classes = new Map<string, ClassEscrow>();
  readonly #isFree: (id: EscrowId) => boolean;
  #foundReserved = false;

  /** @param isFree - whether no transaction under way uses a note; asked again when notes are chosen */
  constructor({ quantities }: EscrowNeed, isFree: (id: EscrowId) => boolean = () => true) {
    this.#isFree = isFree;
    for (const value of quantities) {
      const name = classOf(value);
      const quantity = (this.#classes.get(name)?.quantity ?? 0n) + value.quantity;
      this.#classes.set(name, { quantity, largest: [], rest: 0n });
    }
  }

  /** Whether notes were left out because transactions under way use them. */
  get foundReserved(): boolean {
    return this.#foundReserved;
  }

  /** @param notes - unspent escrow notes of the need's lane, each added once */
  add(notes: readonly EscrowNote[]): void {
    const found = new Map<string, EscrowNote[]>();
    for (const note of this.#free(notes)) {
      const name = classOf(note);
      const known = found.get(name);
      if (known !== undefined) known.push(note);
      else if (this.#classes.has(name)) found.set(name, [note]);
    }
    for (const [name, more] of found) {
      const classEscrow = this.#classes.get(name);
      if (classEscrow === undefined) continue;
      const sorted = [...classEscrow.largest, ...more].sort(largestFirst);
      classEscrow.largest = sorted.slice(0, limits.escrowParts);
      classEscrow.rest += sum(sorted.slice(limits.escrowParts));
    }
  }

  /**
   * Names few notes that cover the need class by class: the smallest single one that is enough, else large ones first.
   */
  choose(): EscrowChoice {
    const chosen = [...this.#classes.values()].map((classEscrow) => {
      const free = this.#free(classEscrow.largest);
      const picked = pick(classEscrow.quantity, free);
      return {
        picked,
        lacks: sum(picked) < classEscrow.quantity,
        exists: sum(free) + classEscrow.rest >= classEscrow.quantity,
      };
    });
    const notes = chosen.flatMap(({ picked }) => picked);
    const enough = notes.length <= limits.escrowParts && !chosen.some(({ lacks }) => lacks);
    const [most = []] = chosen.map(({ picked }) => picked).sort((a, b) => b.length - a.length);
    const merges = !enough && most.length > 1 && chosen.every(({ exists }) => exists);
    return { escrowIds: firstIds(notes), enough, merge: merges ? firstIds(most) : [] };
  }

  #free(notes: readonly EscrowNote[]): readonly EscrowNote[] {
    const free = notes.filter(({ id }) => this.#isFree(id));
    if (free.length < notes.length) this.#foundReserved = true;
    return free;
  }
}

/** As many as one transaction names. */
function firstIds(notes: readonly EscrowNote[]): readonly EscrowId[] {
  return notes.slice(0, limits.escrowParts).map(({ id }) => id);
}

function largestFirst(a: EscrowNote, b: EscrowNote): number {
  return a.quantity > b.quantity ? -1 : a.quantity < b.quantity ? 1 : 0;
}

function sum(notes: readonly EscrowNote[]): bigint {
  return notes.reduce((total, { quantity }) => total + quantity, 0n);
}

/** @param sorted - largest first @returns all of them where they are too little */
function pick(quantity: bigint, sorted: readonly EscrowNote[]): readonly EscrowNote[] {
  const picked: EscrowNote[] = [];
  let rest = quantity;
  for (const [index, note] of sorted.entries()) {
    if (rest <= 0n) break;
    const next = sorted[index + 1];
    // The last pick is the smallest note that is enough.
    if (next !== undefined && next.quantity >= rest) continue;
    picked.push(note);
    rest -= note.quantity;
  }
  return picked;
}
