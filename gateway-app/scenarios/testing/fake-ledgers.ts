// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one fake of three ledgers that know each other.

import {
  accountCodec,
  chainIdCodec,
  laneIdCodec,
  noteIdOf,
  packetHashOf,
  packetIdOf,
  txIdCodec,
  type Account,
  type InFlight,
  type IssueRequest,
  type LaneId,
  type Note,
  type NotesResponse,
  type Packet,
  type PacketId,
  type ReceiptEntry,
  type SendResponse,
  type SendRequest,
  type TransferResponse,
  type TxId,
} from '@gridpeg/protocol';
import { PegError, type Committed } from '../../client';
import { type EventSource, type Party } from '../day-chain';
import { type LedgerBlock, type LedgerEntry } from '../ledgers/ledger-entry';

/**
 * Ledgers that agree at once: a send is received, and settled, before it returns. Rules are the chaincode's business.
 */
export class FakeLedgers {
  readonly notes = new Map<string, Note[]>();
  readonly transfers = new Map<PacketId, TransferResponse>();
  readonly receipts = new Map<PacketId, ReceiptEntry>();
  readonly sent: SendRequest[] = [];
  /** What sending does before anything else. */
  beforeSend: (request: SendRequest) => void = () => undefined;
  /** Lanes whose packets nobody relays. */
  readonly dead = new Set<LaneId>();
  readonly refused = new Set<LaneId>();
  ignoresDeadlines = false;
  readonly #log = new Map<string, LedgerEntry[]>();
  #transactions = 0;

  party(chain: string, account: Account): Party {
    return {
      chain,
      account,
      client: {
        issue: (request) => Promise.resolve(this.#issue(chain, request)),
        send: (request) => Promise.resolve().then(() => this.#send(chain, account, request)),
        notes: (owner) => Promise.resolve(this.#on(chain).filter((note) => note.owner === owner)),
        getReceipts: (ids) => Promise.resolve(ids.flatMap((id) => this.receipts.get(id) ?? [])),
        getTransfer: (id) => {
          const found = this.transfers.get(id);
          return found === undefined ? Promise.reject(new Error(`no transfer ${id}`)) : Promise.resolve(found);
        },
        inFlightPages: () => this.#inFlightPages(chain),
        pegEvents: () => silence(),
      },
      blocks: (from) => this.#blocks(chain, from),
    };
  }

  /** Ends every send after some transactions, as a killed process does. */
  cutAfter(sends: number): void {
    const last = this.sent.length + sends;
    this.beforeSend = () => {
      if (this.sent.length >= last) throw new Error('killed');
    };
  }

  /** A page each. */
  async *#inFlightPages(chain: string): AsyncGenerator<readonly InFlight[], void> {
    for (const { packet, state } of this.transfers.values()) {
      if (state !== 'in-flight' || !packet.laneId.startsWith(`${chain}-`)) continue;
      const { id: packetId, laneId, txId, index } = packet;
      yield await Promise.resolve([{ version: 1, packetId, laneId, txId, index }]);
    }
  }

  async *#blocks(chain: string, from: bigint): AsyncGenerator<LedgerBlock, void> {
    const entries = this.#log.get(chain) ?? [];
    for (let number = from; number < BigInt(entries.length); number += 1n) {
      yield await Promise.resolve({ number, entries: entries.slice(Number(number), Number(number) + 1) });
    }
  }

  #write(chain: string, entry: Partial<LedgerEntry> & Pick<LedgerEntry, 'txId'>): void {
    const entries = this.#log.get(chain) ?? [];
    this.#log.set(chain, [...entries, { packets: [], receipts: [], spent: [], ...entry }]);
  }

  total(chain: string, owner: Account): bigint {
    return sum(this.#on(chain).filter((note) => note.owner === owner));
  }

  #on(chain: string): Note[] {
    const notes = this.notes.get(chain) ?? [];
    this.notes.set(chain, notes);
    return notes;
  }

  #nextTxId(): TxId {
    this.#transactions += 1;
    return txIdCodec.decode(this.#transactions.toString(16).padStart(64, '0'), '');
  }

  #issue(chain: string, { asset, outputs }: IssueRequest): Committed<NotesResponse> {
    const txId = this.#nextTxId();
    const made = outputs.map(({ recipient, quantity, memo }, index) =>
      this.#make(
        chain,
        { owner: recipient, asset, quantity, memo, label: { home: chainId(chain), path: [] } },
        txId,
        index,
      ),
    );
    return { answer: { txId, noteIds: made.map(({ id }) => id) }, txId, blockNumber: 1n };
  }

  #make(chain: string, note: Omit<Note, 'id' | 'version'>, txId: TxId, index: number): Note {
    const made: Note = { ...note, version: 1, id: noteIdOf(note.owner, txId, index) };
    this.#on(chain).push(made);
    return made;
  }

  #send(chain: string, sender: Account, request: SendRequest): Committed<SendResponse> {
    this.beforeSend(request);
    const spent = this.#on(chain).filter(({ id, owner }) => request.noteIds.includes(id) && owner === sender);
    if (spent.length !== request.noteIds.length) throw new PegError({ code: 'NOTE_SPENT' });
    if (sum(request.outputs) > sum(spent)) throw new PegError({ code: 'QUANTITY_EXCEEDS_NOTES' });
    this.notes.set(
      chain,
      this.#on(chain).filter((note) => !spent.includes(note)),
    );
    this.sent.push(request);
    const txId = this.#nextTxId();
    const [first] = spent;
    if (first === undefined) throw new Error('requests name at least one note');
    const packets = request.outputs.map((output, index): Packet => {
      const [, destination = ''] = request.laneId.split('-');
      const ends = { sourceChainId: chainId(chain), destinationChainId: chainId(destination) };
      const { asset, label } = first;
      const id = packetIdOf(ends.sourceChainId, txId, index);
      const { laneId, deadlineMs } = request;
      return { version: 1, id, laneId, ...ends, txId, index, sender, asset, label, deadlineMs, ...output };
    });
    const change = sum(spent) - sum(request.outputs);
    if (change > 0n) this.#make(chain, { ...first, quantity: change, memo: '' }, txId, packets.length);
    this.#write(chain, { txId, packets, spent: spent.map(({ id }) => id) });
    // In another order than they were sent: a certificate may have any.
    this.#relay(chain, packets.toReversed());
    return { answer: { txId, packetIds: packets.map(({ id }) => id), noteIds: [] }, txId, blockNumber: 1n };
  }

  /** One transaction receives all packets of one lane. */
  #relay(chain: string, packets: readonly Packet[]): void {
    for (const packet of packets) {
      this.transfers.set(packet.id, { packet, state: 'in-flight', code: '', settledTxId: '' });
    }
    const [first] = packets;
    if (first === undefined || this.dead.has(first.laneId)) return;
    const txId = this.#nextTxId();
    const [, destination = ''] = first.laneId.split('-');
    let notes = 0;
    const receipts = packets.map((packet): ReceiptEntry => {
      const receipt = this.#receive(packet, txId);
      const makesNote = receipt.outcome === 'received' && packet.kind === 'transfer';
      if (makesNote) {
        this.#make(destination, { ...packet, owner: packet.recipient, label: this.#labelAfter(packet) }, txId, notes);
        notes += 1;
      } else if (receipt.outcome === 'refused') this.#make(chain, { ...packet, owner: packet.sender }, txId, 0);
      return receipt;
    });
    this.#write(destination, { txId, receipts });
  }

  #receive(packet: Packet, txId: TxId): ReceiptEntry {
    const isLate = packet.deadlineMs < BigInt(Date.now() + 1000) && !this.ignoresDeadlines;
    const [outcome, code, state] = this.refused.has(packet.laneId)
      ? (['refused', 'LANE_UNKNOWN', 'refunded'] as const)
      : packet.kind === 'transfer' && isLate
        ? (['refused', 'DEADLINE_PASSED', 'refunded'] as const)
        : (['received', '', 'delivered'] as const);
    const { id: packetId, laneId } = packet;
    const packetHash = packetHashOf(packet);
    const receipt: ReceiptEntry = { version: 1, packetId, packetHash, laneId, outcome, code, txId };
    this.receipts.set(packetId, receipt);
    this.transfers.set(packetId, { packet, state, code, settledTxId: txId });
    return receipt;
  }

  #labelAfter({ label, laneId }: Packet): Note['label'] {
    const back = laneIdCodec.decode(laneId.split('-').reverse().join('-'), '');
    const path = label.path.at(-1) === back ? label.path.slice(0, -1) : [...label.path, laneId];
    return { ...label, path };
  }
}

function silence(): EventSource {
  return { close: () => undefined, [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) };
}

/** Of quantities. */
export const sum = (parts: ReadonlyArray<{ readonly quantity: bigint }>): bigint =>
  parts.reduce((total, { quantity }) => total + quantity, 0n);
const chainId = (name: string): ReturnType<typeof chainIdCodec.decode> =>
  chainIdCodec.decode(`${name}-${'0'.repeat(64)}`, '');
/** The account of an organization's user. */
export const accountOf = (msp: string): Account => accountCodec.decode(`${msp}/User1@example.com`, '');
