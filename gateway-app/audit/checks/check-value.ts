// SPDX-License-Identifier: Apache-2.0

import { labelBehind, unwinds, type Lane, type Packet, type ReceiptEntry, type Settled } from '@gridpeg/protocol';
import { type Report } from '../report/finding';
import { Balances, notesPool } from '../replay/balances';
import { type CarriedBatch } from '../replay/carried-batch';
import { inFlightTypes, type Flight, type LedgerState } from '../replay/ledger-state';
import { type TransactionFacts } from '../replay/transaction-facts';

/** Where value would lie that came home by a retirement: what supply records or onward packets must account for. */
const endedPool = 'ended:';

/**
 * Compares what a transaction made and consumed with what its packets, receipts, settlements and supply records account
 * for; docs/spec/07-audit.md point 2.
 */
export function checkValue(facts: TransactionFacts, carried: CarriedBatch, state: LedgerState, report: Report): void {
  const check = new ValueCheck(facts, carried, state, report);
  check.run();
}

class ValueCheck {
  readonly #facts: TransactionFacts;
  readonly #carried: CarriedBatch;
  readonly #state: LedgerState;
  readonly #report: Report;
  readonly #expected = new Balances();

  constructor(facts: TransactionFacts, carried: CarriedBatch, state: LedgerState, report: Report) {
    this.#facts = facts;
    this.#carried = carried;
    this.#state = state;
    this.#report = report;
  }

  run(): void {
    const { written, change } = this.#facts;
    for (const receipt of written.receipt) this.#receive(receipt);
    for (const entry of written.settled) this.#settle(entry);
    const packets = written.outbox.flatMap((outbox) => outbox.packets);
    // A receiving transaction sends only what its retirements pass on; any other transaction sends what its caller
    // held.
    for (const packet of packets) {
      if (written.receipt.length > 0) this.#expected.add(endedPool, packet, -1n);
      else this.#send(packet);
    }
    this.#departures(packets);
    this.#travellingReceipts();
    this.#supply();
    for (const { pool, about, expected, found } of Balances.differences(this.#expected, change)) {
      this.#balance(pool, about, expected, found);
    }
  }

  #balance(pool: string, about: string, expected: bigint, found: bigint): void {
    if (pool === endedPool) {
      // What ended is in the records of this very transaction: received retirements against supply records and onward
      // packets.
      this.#report('RETIREMENT_BALANCE', about, '0 left over', expected.toString());
      return;
    }
    const isEscrow = pool !== notesPool;
    const rule = isEscrow ? 'ESCROW_BALANCE' : 'NOTE_BALANCE';
    this.#report(rule, about, expected.toString(), found.toString(), isEscrow ? pool : undefined);
  }

  #supply(): void {
    const { supply, receipt } = this.#facts.written;
    for (const { kind, asset, quantity } of supply) {
      const value = { asset, quantity, label: { home: this.#state.chainId, path: [] } };
      if (kind === 'issued') this.#expected.add(notesPool, value);
      else this.#expected.add(receipt.length > 0 ? endedPool : notesPool, value, -1n);
    }
  }

  #send(packet: Packet): void {
    this.#expected.add(notesPool, packet, -1n);
    const lane = this.#lane(packet.laneId, packet.id);
    if (lane !== undefined && !unwinds(packet.label, lane)) this.#expected.add(lane.id, packet);
  }

  #receive({ packetId, laneId, outcome, packetHash }: ReceiptEntry): void {
    const lane = this.#lane(laneId, packetId);
    if (lane === undefined) return;
    const about = `packet ${packetId}`;
    const packet = this.#carried.packets.get(packetId);
    if (packet?.value.laneId !== laneId) {
      this.#report('PACKET_UNKNOWN', about, 'in the certificate', 'not there', laneId);
      return;
    }
    if (packet.hash !== packetHash) this.#report('PACKET_DIFFERS', about, packet.hash, packetHash, laneId);
    if (outcome === 'refused') return;
    const behind = { ...packet.value, label: labelBehind(packet.value.label, lane) };
    if (unwinds(packet.value.label, lane)) this.#expected.add(lane.returnLaneId, behind, -1n);
    this.#expected.add(packet.value.kind === 'retirement' ? endedPool : notesPool, behind);
  }

  #settle({ packetId, laneId, outcome }: Settled): void {
    const about = `packet ${packetId}`;
    const lane = this.#lane(laneId, packetId);
    const flight = this.#facts.arrived.get(packetId);
    if (lane === undefined || flight === undefined) {
      this.#report('PACKET_UNKNOWN', about, 'in flight from this chain', 'not there', laneId);
      return;
    }
    this.#compareReceipt(packetId, flight, outcome);
    if (outcome === 'delivered') return;
    this.#expected.add(notesPool, flight);
    if (!unwinds(flight.label, lane)) this.#expected.add(lane.id, flight, -1n);
  }

  #compareReceipt(packetId: string, { laneId, packetHash }: Flight, outcome: Settled['outcome']): void {
    const about = `packet ${packetId}`;
    const receipt = this.#carried.receipts.get(packetId);
    const wanted = outcome === 'delivered' ? 'received' : 'refused';
    if (receipt?.outcome !== wanted) {
      const rule = outcome === 'delivered' ? 'RECEIPT_MISSING' : 'REFUND_UNPROVEN';
      this.#report(rule, about, `a receipt in the certificate: ${wanted}`, receipt?.outcome ?? 'none', laneId);
    } else if (receipt.packetHash !== packetHash) {
      this.#report('PACKET_DIFFERS', about, packetHash, receipt.packetHash, laneId);
    }
  }

  /** Each packet of the outbox is of this transaction and in flight, and nothing else is. */
  #departures(packets: readonly Packet[]): void {
    const { transaction, written } = this.#facts;
    const entries = inFlightTypes.flatMap((type) => written[type]);
    const inFlight = new Set(entries.map(inFlightText));
    if (inFlight.size < entries.length) {
      this.#report('RECORD_CHANGED', 'in-flight entries', 'one for a packet', 'two under different keys');
    }
    for (const packet of packets) {
      const { id, index, sourceChainId, txId, laneId } = packet;
      const expected = this.#state.packetId(transaction.txId, index);
      if (id !== expected || sourceChainId !== this.#state.chainId || txId !== transaction.txId) {
        this.#report('PACKET_DIFFERS', `packet ${id}`, `${expected} of this transaction`, `${id} of ${txId}`, laneId);
      }
      if (!inFlight.delete(inFlightText({ packetId: id, laneId, txId, index }))) {
        this.#report('PACKET_UNKNOWN', `packet ${id}`, 'an in-flight entry', 'none', laneId);
      }
    }
    for (const text of inFlight) this.#report('PACKET_UNKNOWN', `in-flight entry ${text}`, 'its packet', 'none');
    const ended = new Set<string>(written.settled.map(({ packetId }) => packetId));
    for (const [id, { laneId }] of this.#facts.arrived) {
      if (!ended.has(id)) this.#report('RECORD_CHANGED', `packet ${id}`, 'in flight until settled', 'neither', laneId);
    }
  }

  /**
   * Each receipt under its own key also lies in the outbox of its transaction, in its short form, and no other does.
   */
  #travellingReceipts(): void {
    const { written, transaction } = this.#facts;
    const text = (receipt: Omit<ReceiptEntry, 'txId'>): string =>
      [receipt.packetId, receipt.packetHash, receipt.laneId, receipt.outcome, receipt.code].join(' ');
    const outbox = written.outbox.flatMap(({ receipts }) => receipts);
    const stored = new Set(written.receipt.filter(({ txId }) => txId === transaction.txId).map(text));
    const travelling = new Set(outbox.map(text));
    const differing = (places: readonly Omit<ReceiptEntry, 'txId'>[], others: ReadonlySet<string>, where: string) => {
      for (const { laneId, packetId } of places.filter((receipt) => !others.has(text(receipt)))) {
        this.#report('RECEIPT_MISSING', `packet ${packetId}`, `the same receipt ${where}`, 'none', laneId);
      }
    };
    differing(written.receipt, travelling, 'in the outbox');
    differing(outbox, stored, 'under its key');
  }

  #lane(laneId: string, packetId: string): Lane | undefined {
    const lane = this.#state.get('lane', laneId);
    if (lane === undefined) this.#report('PACKET_UNKNOWN', `packet ${packetId}`, 'a configured lane', laneId, laneId);
    return lane;
  }
}

function inFlightText(entry: {
  readonly packetId: string;
  readonly laneId: string;
  readonly txId: string;
  readonly index: number;
}): string {
  return [entry.packetId, entry.laneId, entry.txId, entry.index].join(' ');
}
