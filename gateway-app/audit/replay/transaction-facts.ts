// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one pass over a transaction, of which every step adds to the same facts.

import {
  accountCodec,
  BoundedCache,
  readCertificate,
  roleOf,
  type Account,
  type ObjectType,
  type PacketId,
} from '@gridpeg/protocol';
import { type AuditTransaction, type StateWrite } from '../blocks/audit-block';
import { type Report } from '../report/finding';
import { Balances, notesPool } from './balances';
import { functionOf, isPegFunction, writers } from './known-writers';
import { parseRecord, recordKey, type LedgerRecords, type RecordKey } from './ledger-record';
import { inFlightTypes, type Flight, type InFlightType, type LedgerState } from './ledger-state';

type KeysWritten = { readonly [T in ObjectType]: (readonly string[])[] };
type Written = { readonly [T in ObjectType]: LedgerRecords[T][] };

/** What one transaction asked for and did: the change of each pool, and the records that must account for it. */
export interface TransactionFacts {
  readonly transaction: AuditTransaction;
  /** As `contract:function`; empty when another chaincode called this one. */
  readonly name: string;
  /** Undefined when the certificate names no account. */
  readonly caller: Account | undefined;
  readonly role: string | undefined;
  /** What was made minus what was consumed, by pool and class. */
  readonly change: Balances;
  readonly written: Written;
  readonly spentNotes: readonly LedgerRecords['note'][];
  /** Records that were replaced or deleted, see {@link recordBefore}. */
  readonly before: ReadonlyMap<string, LedgerRecords[ObjectType]>;
  /** Packets that are no longer in flight. */
  readonly arrived: ReadonlyMap<string, Flight>;
  /** Attributes of the keys that were written, by type. */
  readonly keys: KeysWritten;
  /** Attributes of the keys that were deleted, by type. */
  readonly deleted: KeysWritten;
}

/** Types whose records are written once, and only where there was nothing. */
const once: ReadonlySet<ObjectType> = new Set([
  ...(['note', 'escrow', 'supply', 'outbox', ...inFlightTypes, 'settled', 'receipt', 'absence'] as const),
]);

/**
 * Applies a transaction's writes to what is alive on its ledger, and says what it did. Writes that no function of the
 * peg makes are reported here: records of a type that the function called never writes, other keys, deletions, keys
 * with a policy of their own.
 */
export function collectFacts(
  transaction: AuditTransaction,
  chaincodeName: string,
  state: LedgerState,
  report: Report,
): TransactionFacts {
  const name = functionOf(transaction.call, chaincodeName);
  const builder = new FactsBuilder(transaction, name, state, report);
  for (const write of transaction.writes) builder.take(write);
  for (const key of transaction.metadataKeys) {
    report('KEY_FOREIGN', `metadata of ${shown(key)}`, 'no key with a policy of its own', 'one');
  }
  return { transaction, name, ...callerOf(transaction), ...builder.facts() };
}

class FactsBuilder {
  readonly #transaction: AuditTransaction;
  readonly #name: string;
  readonly #state: LedgerState;
  readonly #report: Report;
  readonly #change = new Balances();
  readonly #written = perType() as Written;
  readonly #keys = perType() as KeysWritten;
  readonly #deleted = perType() as KeysWritten;
  readonly #spentNotes: LedgerRecords['note'][] = [];
  readonly #before = new Map<string, LedgerRecords[ObjectType]>();
  readonly #arrived = new Map<string, Flight>();
  readonly #seen = new Set<string>();

  constructor(transaction: AuditTransaction, name: string, state: LedgerState, report: Report) {
    this.#transaction = transaction;
    this.#name = name;
    this.#state = state;
    this.#report = report;
  }

  take({ key, value }: StateWrite): void {
    const found = recordKey(key);
    if (this.#seen.has(key)) this.#report('RECORD_CHANGED', shown(key), 'written once by a transaction', 'twice');
    this.#seen.add(key);
    if (found === undefined) {
      // Contracts that a consortium adds to the chaincode have keys of their own.
      if (this.#name === '' || isPegFunction(this.#name)) {
        this.#report('KEY_FOREIGN', shown(key), 'a key of the peg', this.#name);
      }
      return;
    }
    const allowed = writers[found.type][value === undefined ? 'delete' : 'put'];
    if (!allowed.includes(this.#name)) {
      const verb = value === undefined ? 'deleted' : 'written';
      this.#report('WRITER_FOREIGN', nameOf(found), `${verb} by ${allowed.join(', ') || 'nobody'}`, this.#name);
    }
    if (value === undefined) this.#delete(found);
    else this.#put(found.type, found.attributes, key, value);
  }

  facts(): Omit<TransactionFacts, 'transaction' | 'name' | 'caller' | 'role'> {
    const former = new Set(this.#written.inflight.map(({ packetId }) => packetId));
    for (const packet of this.#written.outbox.flatMap(({ packets }) => packets)) {
      this.#state.depart(packet, former.has(packet.id) ? 'inflight' : 'lane-inflight');
    }
    return {
      change: this.#change,
      written: this.#written,
      spentNotes: this.#spentNotes,
      before: this.#before,
      arrived: this.#arrived,
      keys: this.#keys,
      deleted: this.#deleted,
    };
  }

  #delete(key: RecordKey): void {
    const { type, attributes } = key;
    this.#deleted[type].push(attributes);
    if (type === 'inflight' || type === 'lane-inflight') {
      this.#land(type, attributes);
      return;
    }
    const before = this.#state.get(type, ...attributes);
    // A consent that is taken back may never have been given: `withdraw` deletes its key in any case.
    if (before === undefined && type !== 'consent') this.#report('RECORD_CHANGED', nameOf(key), 'a record', 'none');
    if (before !== undefined) this.#replace(key, before);
    this.#state.delete(type, attributes);
  }

  #replace(key: RecordKey, before: LedgerRecords[ObjectType]): void {
    this.#before.set(nameOf(key), before);
    this.#count(before, -1n);
    if (key.type === 'note') this.#spentNotes.push(before as LedgerRecords['note']);
  }

  /** The entry that ends is the one that was written: another one would leave the packet in flight for chaincode. */
  #land(type: InFlightType, attributes: readonly string[]): void {
    const [id = ''] = attributes.slice(-1);
    const flight = this.#state.flights.get(id as PacketId);
    const [laneId] = type === 'inflight' ? [flight?.laneId] : attributes;
    if (flight?.entry !== type || flight.laneId !== laneId)
      this.#report('RECORD_CHANGED', `${type} ${id}`, 'a packet in flight', 'none');
    else {
      this.#arrived.set(id, flight);
      this.#state.flights.delete(id as PacketId);
    }
  }

  #put(type: ObjectType, attributes: readonly string[], key: string, value: string): void {
    const after = parseRecord(type, attributes, value);
    const name = nameOf({ type, attributes });
    if (once.has(type)) this.#onlyOnce(type, attributes, key);
    if (after === undefined) {
      this.#report('RECORD_MALFORMED', name, `a record of type ${type}`, value.slice(0, 200));
      return;
    }
    const before = this.#state.get(type, ...attributes);
    if (before !== undefined) this.#replace({ type, attributes }, before);
    this.#count(after, 1n);
    this.#state.put(type, attributes, after);
    (this.#written[type] as LedgerRecords[ObjectType][]).push(after);
    this.#keys[type].push(attributes);
  }

  /** The key belongs to this very transaction, or the ledger had nothing under it when it was written. */
  #onlyOnce(type: ObjectType, attributes: readonly string[], key: string): void {
    const { txId, absent } = this.#transaction;
    const own = { note: 1, escrow: 1, supply: 0, outbox: 0 } as const;
    const place = type in own ? own[type as keyof typeof own] : undefined;
    const readsFirst = type === 'receipt' || type === 'absence';
    const isFresh = place === undefined ? !readsFirst || absent.has(key) : attributes[place] === txId;
    const isFirst = this.#state.get(type, ...attributes) === undefined;
    if (!isFresh || !isFirst) {
      this.#report(
        'RECORD_CHANGED',
        nameOf({ type, attributes }),
        'written once, where there was nothing',
        'otherwise',
      );
    }
  }

  /** Adds notes and escrow; other records carry no value by themselves. */
  #count(value: LedgerRecords[ObjectType], sign: 1n | -1n): void {
    if (!('label' in value) || !('quantity' in value)) return;
    this.#change.add('laneId' in value ? value.laneId : notesPool, value, sign);
  }
}

function perType(): Readonly<Record<ObjectType, never[]>> {
  return Object.fromEntries(Object.keys(writers).map((type) => [type, []])) as unknown as Record<ObjectType, never[]>;
}

type Maker = Pick<TransactionFacts, 'caller' | 'role'>;
/**
 * A cache, because few clients make very many transactions, and reading a certificate takes as long as all the rest.
 */
const makers = new BoundedCache<Maker>({ entries: 1024, characters: 4 * 2 ** 20 });

/** The account that made it, as chaincode names accounts; docs/adr/0003-accounts.md. */
function callerOf({ creator: { mspId, certificate } }: AuditTransaction): Maker {
  const unknown = { caller: undefined, role: undefined };
  return makers.getOrCompute(`${mspId} ${certificate}`, () => readMaker(mspId, certificate)) ?? unknown;
}

function readMaker(mspId: string, certificate: string): Maker | undefined {
  try {
    const facts = readCertificate(certificate);
    const caller = accountCodec.decode(`${mspId}/${facts.commonNames.join(' ')}`, 'creator');
    return { caller, role: roleOf(facts) };
  } catch {
    return undefined;
  }
}

/** The record that a transaction replaced or deleted under a key, if there was one. */
export function recordBefore<T extends ObjectType>(
  before: TransactionFacts['before'],
  type: T,
  ...attributes: readonly string[]
): LedgerRecords[T] | undefined {
  return before.get(nameOf({ type, attributes })) as LedgerRecords[T] | undefined;
}

/** A key as reports name it. */
function nameOf({ type, attributes }: RecordKey): string {
  return [type, ...attributes].join(' ');
}

function shown(key: string): string {
  return JSON.stringify(key.slice(0, 200));
}
