// SPDX-License-Identifier: Apache-2.0

import {
  labelBehind,
  unwinds,
  packetHashOf,
  type ChainId,
  type Lane,
  type Packet,
  type PacketId,
  type ReceiptEntry,
  type Settled,
} from '@gridpeg/protocol';
import { type Finding, type FindingRule } from './audit-report';
import { Balances, notesPurse } from './balances';
import { type ChainReplay, type TransactionFacts } from './chain-replay';

/** Where value would lie that came home by a retirement: what supply records or onward packets must account for. */
const endedPurse = 'ended:';

/**
 * Compares what each transaction made and consumed with what its packets, receipts, settlements and supply records account for, and
 * each receipt and settlement with what the other chain says; docs/spec/07-audit.md point 2.
 */
export function checkTransactions(chains: readonly ChainReplay[]): readonly Finding[] {
  const byId = new Map(chains.map((chain) => [chain.chainId, chain]));
  return chains.flatMap((chain) =>
    chain.transactions.flatMap((facts) => new TransactionCheck(chain, facts, byId).run()),
  );
}

class TransactionCheck {
  readonly #chain: ChainReplay;
  readonly #facts: TransactionFacts;
  readonly #chains: ReadonlyMap<ChainId, ChainReplay>;
  readonly #expected = new Balances();
  readonly #findings: Finding[] = [];

  constructor(chain: ChainReplay, facts: TransactionFacts, chains: ReadonlyMap<ChainId, ChainReplay>) {
    this.#chain = chain;
    this.#facts = facts;
    this.#chains = chains;
  }

  run(): readonly Finding[] {
    const { receipts, settled, outbox, change } = this.#facts;
    for (const receipt of receipts) this.#receive(receipt);
    for (const entry of settled) this.#settle(entry);
    // A receiving transaction sends only what its retirements pass on; any other transaction sends what its caller held.
    for (const packet of outbox?.packets ?? []) {
      if (receipts.length > 0) this.#expected.add(endedPurse, packet, -1n);
      else this.#send(packet);
    }
    this.#travellingReceipts();
    this.#supply();
    for (const { purse, about, expected, found } of Balances.differences(this.#expected, change)) {
      this.#balance(purse, about, expected, found);
    }
    return this.#findings;
  }

  #balance(purse: string, about: string, expected: bigint, found: bigint): void {
    if (purse === endedPurse) {
      // What ended is in the records of this very transaction: received retirements against supply records and onward packets.
      this.#report('RETIREMENT_BALANCE', undefined, about, '0 left over', expected.toString());
      return;
    }
    const isEscrow = purse !== notesPurse;
    const rule = isEscrow ? 'ESCROW_BALANCE' : 'NOTE_BALANCE';
    this.#report(rule, isEscrow ? purse : undefined, about, expected.toString(), found.toString());
  }

  #supply(): void {
    const { supply, receipts } = this.#facts;
    for (const { kind, asset, quantity } of supply) {
      const value = { asset, quantity, label: { home: this.#chain.chainId, path: [] } };
      if (kind === 'issued') this.#expected.add(notesPurse, value);
      else this.#expected.add(receipts.length > 0 ? endedPurse : notesPurse, value, -1n);
    }
  }

  #send(packet: Packet): void {
    this.#expected.add(notesPurse, packet, -1n);
    const lane = this.#lane(packet.laneId, packet.id);
    if (lane !== undefined && !unwinds(packet.label, lane)) this.#expected.add(lane.id, packet);
  }

  #receive(receipt: ReceiptEntry): void {
    const { packetId, laneId, outcome, packetHash } = receipt;
    const lane = this.#lane(laneId, packetId);
    if (lane === undefined) return;
    const packet = this.#chains.get(lane.sourceChainId)?.packets.get(packetId);
    if (packet?.laneId !== laneId) {
      this.#report('PACKET_UNKNOWN', laneId, `packet ${packetId}`, 'in the outbox of the source', 'not there');
      return;
    }
    const sent = packetHashOf(packet);
    if (sent !== packetHash) this.#report('PACKET_DIFFERS', laneId, `packet ${packetId}`, sent, packetHash);
    if (outcome === 'refused') return;
    const behind = { ...packet, label: labelBehind(packet.label, lane) };
    if (unwinds(packet.label, lane)) this.#expected.add(lane.returnLaneId, behind, -1n);
    this.#expected.add(packet.kind === 'retirement' ? endedPurse : notesPurse, behind);
  }

  #settle({ packetId, laneId, outcome }: Settled): void {
    const lane = this.#lane(laneId, packetId);
    const packet = this.#chain.packets.get(packetId);
    if (lane === undefined || packet === undefined) {
      this.#report('PACKET_UNKNOWN', laneId, `packet ${packetId}`, 'in the outbox of this chain', 'not there');
      return;
    }
    if (this.#chain.inFlight(packetId) !== undefined) {
      this.#report('RECORD_CHANGED', laneId, `packet ${packetId}`, 'no in-flight entry once settled', 'there is one');
    }
    this.#compareReceipt(lane, packet, outcome);
    if (outcome === 'delivered') return;
    this.#expected.add(notesPurse, packet);
    if (!unwinds(packet.label, lane)) this.#expected.add(lane.id, packet, -1n);
  }

  #compareReceipt(lane: Lane, packet: Packet, outcome: Settled['outcome']): void {
    const receipt = this.#chains.get(lane.destinationChainId)?.receipt(packet.id);
    const expected = outcome === 'delivered' ? 'received' : 'refused';
    if (receipt === undefined) {
      const rule = outcome === 'delivered' ? 'RECEIPT_MISSING' : 'REFUND_UNPROVEN';
      this.#report(rule, lane.id, `packet ${packet.id}`, `a receipt on the destination: ${expected}`, 'none');
    } else if (receipt.outcome !== expected) {
      this.#report('REFUND_UNPROVEN', lane.id, `packet ${packet.id}`, expected, receipt.outcome);
    }
  }

  /** Each receipt under its own key also lies in the outbox of its transaction, in its short form, and no other does. */
  #travellingReceipts(): void {
    const { outbox, receipts, txId } = this.#facts;
    const text = (receipt: Omit<ReceiptEntry, 'txId'>): string =>
      [receipt.packetId, receipt.packetHash, receipt.laneId, receipt.outcome, receipt.code].join(' ');
    const stored = new Set(receipts.map(text));
    const travelling = new Set((outbox?.receipts ?? []).map(text));
    for (const entry of receipts.filter((receipt) => !travelling.has(text(receipt)) || receipt.txId !== txId)) {
      this.#report(
        'RECEIPT_MISSING',
        entry.laneId,
        `packet ${entry.packetId}`,
        'the same receipt in the outbox',
        'none',
      );
    }
    for (const entry of (outbox?.receipts ?? []).filter((receipt) => !stored.has(text(receipt)))) {
      this.#report(
        'RECEIPT_MISSING',
        entry.laneId,
        `packet ${entry.packetId}`,
        'the same receipt under its key',
        'none',
      );
    }
  }

  #lane(laneId: string, packetId: PacketId): Lane | undefined {
    const lane = this.#chain.lanes.find(({ id }) => id === laneId);
    if (lane === undefined) this.#report('PACKET_UNKNOWN', laneId, `packet ${packetId}`, 'a configured lane', laneId);
    return lane;
  }

  #report(rule: FindingRule, laneId: string | undefined, about: string, expected: string, found: string): void {
    const { block, txId } = this.#facts;
    this.#findings.push({ rule, chain: this.#chain.name, block, txId, laneId, about, expected, found });
  }
}
