// SPDX-License-Identifier: Apache-2.0

import {
  packetIdOf,
  type ChainId,
  type EscrowNote,
  type InFlight,
  type Lane,
  type Note,
  type OutboxRecord,
  type Packet,
  type PacketId,
  type ReceiptEntry,
  type Settled,
  type SupplyRecord,
  txIdShape,
} from '@gridpeg/protocol';
import { type AuditBlock, type AuditTransaction, type StateWrite } from './audit-block';
import { type Finding, type FindingRule } from './audit-report';
import { Balances, notesPurse } from './balances';
import { auditedKey, parseRecord, type AuditedType, type LedgerRecords } from './ledger-record';

/** What one transaction did: the change of each purse, and the records that must account for it. */
export interface TransactionFacts {
  readonly block: bigint;
  readonly txId: string;
  /** Made minus consumed, by purse and class. */
  readonly change: Balances;
  readonly supply: readonly SupplyRecord[];
  readonly outbox: OutboxRecord | undefined;
  readonly receipts: readonly ReceiptEntry[];
  readonly settled: readonly Settled[];
}

type Report = (rule: FindingRule, about: string, expected: string, found: string) => void;
type State = { readonly [T in AuditedType]: Map<string, LedgerRecords[T]> };

/** Records that are written once and stay. */
const permanent: ReadonlySet<AuditedType> = new Set(['supply', 'outbox', 'settled', 'receipt']);

/** One chain's ledger, rebuilt from the write sets of its VALID transactions. */
export class ChainReplay {
  readonly name: string;
  readonly chainId: ChainId;
  readonly transactions: TransactionFacts[] = [];
  readonly findings: Finding[] = [];
  readonly packets = new Map<PacketId, Packet>();
  readonly #state: State = {
    note: new Map(),
    escrow: new Map(),
    supply: new Map(),
    outbox: new Map(),
    inflight: new Map(),
    settled: new Map(),
    receipt: new Map(),
    lane: new Map(),
  };

  constructor(name: string, chainId: ChainId, blocks: readonly AuditBlock[]) {
    this.name = name;
    this.chainId = chainId;
    for (const block of blocks) for (const transaction of block.transactions) this.#apply(block.number, transaction);
  }

  get notes(): readonly Note[] {
    return [...this.#state.note.values()];
  }

  get escrow(): readonly EscrowNote[] {
    return [...this.#state.escrow.values()];
  }

  get supply(): readonly SupplyRecord[] {
    return [...this.#state.supply.values()];
  }

  get lanes(): readonly Lane[] {
    return [...this.#state.lane.values()];
  }

  inFlight(packetId: PacketId): InFlight | undefined {
    return this.#state.inflight.get(keyOf([packetId]));
  }

  settled(packetId: PacketId): Settled | undefined {
    return this.#state.settled.get(keyOf([packetId]));
  }

  receipt(packetId: PacketId): ReceiptEntry | undefined {
    return this.#state.receipt.get(keyOf([packetId]));
  }

  #apply(block: bigint, { txId, writes }: AuditTransaction): void {
    const written: { [T in AuditedType]: LedgerRecords[T][] } = {
      note: [],
      escrow: [],
      supply: [],
      outbox: [],
      inflight: [],
      settled: [],
      receipt: [],
      lane: [],
    };
    const change = new Balances();
    const report: Report = (rule, about, expected, found) => {
      this.findings.push({ rule, chain: this.name, block, txId, laneId: undefined, about, expected, found });
    };
    for (const write of writes) {
      const key = auditedKey(write.key);
      if (key !== undefined) this.#write(key.type, key.attributes, write, change, written[key.type], report);
    }
    checkInFlightEnds(writes, written.settled, report);
    const [outbox] = written.outbox;
    for (const packet of outbox?.packets ?? []) this.#admit(packet, txId, report);
    this.transactions.push({
      block,
      txId,
      change,
      supply: written.supply,
      outbox,
      receipts: written.receipt,
      settled: written.settled,
    });
  }

  #write<T extends AuditedType>(
    type: T,
    attributes: readonly string[],
    { value }: StateWrite,
    change: Balances,
    written: LedgerRecords[T][],
    report: Report,
  ): void {
    const about = `${type} ${attributes.join(' ')}`;
    const records = this.#state[type];
    const key = keyOf(attributes);
    const before = records.get(key);
    const after = value === undefined ? undefined : parseRecord(type, attributes, value);
    if (value !== undefined && after === undefined)
      report('RECORD_MALFORMED', about, `a record of type ${type}`, value.slice(0, 200));
    if (before !== undefined && permanent.has(type)) report('RECORD_CHANGED', about, 'written once', 'written again');
    if (before === undefined && value === undefined) report('RECORD_CHANGED', about, 'a record to delete', 'none');
    addTo(change, before, -1n);
    addTo(change, after, 1n);
    if (after === undefined) records.delete(key);
    else {
      records.set(key, after);
      written.push(after);
    }
  }

  #admit(packet: Packet, txId: string, report: Report): void {
    const { id, sourceChainId, index } = packet;
    const expected = packetIdOf(this.chainId, txIdShape.read(txId, 'txId'), index);
    if (id !== expected || sourceChainId !== this.chainId || packet.txId !== txId) {
      report(
        'PACKET_DIFFERS',
        `packet ${id}`,
        `id ${expected} of this chain and transaction`,
        `${id} of ${sourceChainId} ${packet.txId}`,
      );
    }
    if (this.packets.has(id)) report('RECORD_CHANGED', `packet ${id}`, 'sent once', 'sent again');
    if (this.inFlight(id) === undefined) report('PACKET_UNKNOWN', `packet ${id}`, 'an in-flight entry', 'none');
    this.packets.set(id, packet);
  }
}

/** Adds notes and escrow; other records carry no value by themselves. */
function addTo(change: Balances, value: LedgerRecords[AuditedType] | undefined, sign: 1n | -1n): void {
  if (value === undefined || !('label' in value)) return;
  change.add('laneId' in value ? value.laneId : notesPurse, value, sign);
}

/** An in-flight entry ends only where a settled one begins. */
function checkInFlightEnds(writes: readonly StateWrite[], settled: readonly Settled[], report: Report): void {
  const ended = new Set<string>(settled.map(({ packetId }) => packetId));
  for (const { key, value } of writes) {
    const [packetId] = inFlightKey(key);
    if (packetId === undefined || value !== undefined || ended.has(packetId)) continue;
    report('RECORD_CHANGED', `packet ${packetId}`, 'in flight until it is settled', 'neither');
  }
}

function inFlightKey(key: string): readonly string[] {
  const found = auditedKey(key);
  return found?.type === 'inflight' ? found.attributes : [];
}

function keyOf(attributes: readonly string[]): string {
  return attributes.join('\u0000');
}
