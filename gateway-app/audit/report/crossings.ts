// SPDX-License-Identifier: Apache-2.0

import { type ChainId, type PacketId } from '@gridpeg/protocol';
import { type Finding, type FindingRule } from './finding';

/** The place on a ledger where a fact was recorded. */
interface Place {
  readonly chain: string;
  readonly block: bigint;
  readonly txId: string;
}
/** The packet as the source recorded it. */
export interface Sent {
  readonly laneId: string;
  readonly packetHash: string;
  readonly destinationChainId: ChainId;
}
/** The answer as the destination recorded it. */
export interface Answered {
  readonly laneId: string;
  readonly packetHash: string;
  readonly outcome: 'received' | 'refused';
  readonly sourceChainId: ChainId;
}
/** The settlement as the source recorded it. */
export interface Ended {
  readonly laneId: string;
  readonly outcome: 'delivered' | 'refunded';
}

interface Crossing {
  sent?: Sent;
  answered?: Answered & Place;
  ended?: Ended & Place & Pick<Sent, 'destinationChainId'>;
}

/** What could not be compared because a chain was not read. */
export interface Unseen {
  readonly laneId: string;
  /** The chain at the other end. */
  readonly chainId: ChainId;
  /** Packets answered here of which the source was not read. */
  readonly arrivals: bigint;
  /** Packets settled here of which the destination was not read. */
  readonly settlements: bigint;
}

/**
 * Compares what the two ends of a lane say of each packet, and forgets it once both have said all: it holds no more
 * than what is in flight. What refers to a chain that is not read is counted as unseen.
 */
export class Crossings {
  readonly #read: ReadonlySet<ChainId>;
  readonly #open = new Map<PacketId, Crossing>();
  readonly #unseen = new Map<string, Unseen>();
  readonly #report: (finding: Finding) => void;

  /** @param read - the chains that are audited */
  constructor(read: readonly ChainId[], report: (finding: Finding) => void) {
    this.#read = new Set(read);
    this.#report = report;
  }

  /** How many packets are remembered. */
  get size(): number {
    return this.#open.size;
  }

  get unseen(): readonly Unseen[] {
    return [...this.#unseen.values()].sort((a, b) => (a.laneId < b.laneId ? -1 : 1));
  }

  /** Whether a packet that was answered is known to have been sent, or cannot be known. */
  isSent(id: PacketId, sourceChainId: ChainId): boolean {
    return !this.#read.has(sourceChainId) || this.#open.get(id)?.sent !== undefined;
  }

  /** Whether a packet that was settled is known to have been answered, or cannot be known. */
  isAnswered(id: PacketId): boolean {
    const crossing = this.#open.get(id);
    const away = crossing?.sent?.destinationChainId;
    return crossing?.answered !== undefined || (away !== undefined && !this.#read.has(away));
  }

  sent(id: PacketId, sent: Sent): void {
    const crossing = this.#crossing(id);
    crossing.sent = sent;
    this.#compare(id, crossing);
  }

  answered(id: PacketId, answered: Answered, place: Place): void {
    if (!this.#read.has(answered.sourceChainId)) {
      this.#count(answered.laneId, answered.sourceChainId, 'arrivals');
      return;
    }
    const crossing = this.#crossing(id);
    if (crossing.answered !== undefined) {
      this.#differ('RECORD_CHANGED', id, { ...answered, ...place }, 'one receipt', 'a second one');
    }
    crossing.answered = { ...answered, ...place };
    this.#compare(id, crossing);
  }

  ended(id: PacketId, ended: Ended & Pick<Sent, 'destinationChainId'>, place: Place): void {
    const crossing = this.#crossing(id);
    crossing.ended = { ...ended, ...place };
    if (!this.#read.has(ended.destinationChainId)) {
      this.#count(ended.laneId, ended.destinationChainId, 'settlements');
      this.#open.delete(id);
      return;
    }
    this.#compare(id, crossing);
  }

  /** Findings of what still lacks the other end's word, of blocks below these heights, by name of the chain. */
  overdue(below: ReadonlyMap<string, bigint>): readonly Finding[] {
    const isDue = ({ chain, block }: Place): boolean => block < (below.get(chain) ?? 0n);
    const findings: Finding[] = [];
    for (const [id, { sent, answered, ended }] of this.#open) {
      if (answered !== undefined && sent === undefined && isDue(answered)) {
        findings.push(differing('PACKET_UNKNOWN', id, answered, 'in the outbox of the source', 'not there'));
      }
      if (ended !== undefined && answered === undefined && isDue(ended)) {
        findings.push(differing(unprovenRule(ended), id, ended, `a receipt: ${neededFor(ended)}`, 'none'));
      }
    }
    return findings;
  }

  #compare(id: PacketId, crossing: Crossing): void {
    const { sent, answered, ended } = crossing;
    if (sent !== undefined && answered !== undefined && ended === undefined) this.#compareContent(id, sent, answered);
    if (ended === undefined || answered === undefined) return;
    if (answered.outcome !== neededFor(ended)) {
      this.#differ(unprovenRule(ended), id, ended, `a receipt: ${neededFor(ended)}`, answered.outcome);
    }
    if (sent !== undefined) this.#open.delete(id);
  }

  #compareContent(id: PacketId, sent: Sent, answered: Answered & Place): void {
    if (sent.laneId !== answered.laneId) this.#differ('PACKET_UNKNOWN', id, answered, sent.laneId, answered.laneId);
    if (sent.packetHash !== answered.packetHash) {
      this.#differ('PACKET_DIFFERS', id, answered, sent.packetHash, answered.packetHash);
    }
  }

  #differ(rule: FindingRule, id: PacketId, place: Place & { laneId: string }, expected: string, found: string): void {
    this.#report(differing(rule, id, place, expected, found));
  }

  #count(laneId: string, chainId: ChainId, what: 'arrivals' | 'settlements'): void {
    const before = this.#unseen.get(laneId) ?? { laneId, chainId, arrivals: 0n, settlements: 0n };
    this.#unseen.set(laneId, { ...before, [what]: before[what] + 1n });
  }

  #crossing(id: PacketId): Crossing {
    const crossing = this.#open.get(id) ?? {};
    this.#open.set(id, crossing);
    return crossing;
  }
}

function neededFor({ outcome }: Ended): Answered['outcome'] {
  return outcome === 'delivered' ? 'received' : 'refused';
}

/** Value that is not given back needs a receipt of its arrival; value that is, one of its refusal. */
function unprovenRule({ outcome }: Ended): FindingRule {
  return outcome === 'delivered' ? 'RECEIPT_MISSING' : 'REFUND_UNPROVEN';
}

function differing(
  rule: FindingRule,
  id: PacketId,
  { chain, block, txId, laneId }: Place & { readonly laneId: string },
  expected: string,
  found: string,
): Finding {
  return { rule, chain, block, txId, laneId, about: `packet ${id}`, expected, found };
}
