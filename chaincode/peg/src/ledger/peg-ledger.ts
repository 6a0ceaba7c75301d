// SPDX-License-Identifier: Apache-2.0

import {
  approvalShape,
  assetShape,
  chainRecordShape,
  configurationShape,
  decode,
  encode,
  escrowNoteShape,
  inFlightShape,
  laneShape,
  noteKeyAttributes,
  noteShape,
  outboxRecordShape,
  ownerTagOf,
  receiptEntryShape,
  Refused,
  settledShape,
  stateKey,
  supplyRecordShape,
  trustRecordShape,
  type Account,
  type Asset,
  type AssetId,
  type ChainId,
  type ChainRecord,
  type Configuration,
  type EscrowId,
  type EscrowNote,
  type InFlight,
  type Lane,
  type LaneId,
  type MspId,
  type Note,
  type NoteId,
  type ObjectType,
  type OutboxRecord,
  type PacketId,
  type ReceiptEntry,
  type Settled,
  type Shape,
  type TrustRecord,
  type TxId,
} from '@gridpeg/protocol';
import type { ChaincodeStub } from 'fabric-shim';
import type { Changes } from '../domain/changes';

/** The part of Fabric's stub that touches state. */
export type StateStub = Pick<
  ChaincodeStub,
  'getState' | 'putState' | 'deleteState' | 'getStateByPartialCompositeKeyWithPagination'
>;

/** One page of a listing. */
export interface Page<T> {
  readonly entries: readonly T[];
  readonly bookmark: string;
}

/**
 * The only code that knows keys and bytes; docs/spec/06-ledger.md.
 *
 * Reads go one after another: the Node shim has one state message under way at a time.
 */
export class PegLedger {
  readonly #stub: StateStub;

  constructor(stub: StateStub) {
    this.#stub = stub;
  }

  /** @throws Refused CHAIN_NOT_CONFIGURED */
  async chain(): Promise<ChainRecord> {
    const chain = await this.#get(chainRecordShape, 'chain');
    if (chain === undefined) throw new Refused({ code: 'CHAIN_NOT_CONFIGURED' });
    return chain;
  }

  configuration(): Promise<Configuration | undefined> {
    return this.#get(configurationShape, 'configuration');
  }

  /** @throws Refused ASSET_UNKNOWN */
  async asset(id: AssetId): Promise<Asset> {
    const asset = await this.#get(assetShape, 'asset', id);
    if (asset === undefined) throw new Refused({ code: 'ASSET_UNKNOWN', asset: id });
    return asset;
  }

  /** @throws Refused LANE_UNKNOWN */
  async lane(id: LaneId): Promise<Lane> {
    const lane = await this.#get(laneShape, 'lane', id);
    if (lane === undefined) throw new Refused({ code: 'LANE_UNKNOWN', laneId: id });
    return lane;
  }

  lanes(ids: readonly LaneId[]): Promise<ReadonlyMap<LaneId, Lane>> {
    return this.#each(ids, (id) => this.#get(laneShape, 'lane', id));
  }

  /** Governance writes a trust record for both ends of every lane, so a missing one is a broken ledger. */
  async trust(chainId: ChainId): Promise<TrustRecord> {
    const trust = await this.#get(trustRecordShape, 'trust', chainId);
    if (trust === undefined) throw new Error(`no trust record for ${chainId}`);
    return trust;
  }

  /** @throws Refused NOTE_SPENT */
  async notes(ids: readonly NoteId[]): Promise<readonly Note[]> {
    const notes: Note[] = [];
    for (const id of ids) {
      const note = await this.#get(noteShape, 'note', ...noteKeyAttributes(id));
      if (note === undefined) throw new Refused({ code: 'NOTE_SPENT', noteId: id });
      notes.push(note);
    }
    return notes;
  }

  /** Escrow notes of a lane, those that are still there: a relay may name one that another has just consumed. */
  async escrow(laneId: LaneId, ids: readonly EscrowId[]): Promise<readonly EscrowNote[]> {
    const found = await this.#each(ids, (id) => this.#get(escrowNoteShape, 'escrow', laneId, ...id.split('-')));
    return [...found.values()];
  }

  receipts(ids: readonly PacketId[]): Promise<ReadonlyMap<PacketId, ReceiptEntry>> {
    return this.#each(ids, (id) => this.#get(receiptEntryShape, 'receipt', id));
  }

  inFlight(ids: readonly PacketId[]): Promise<ReadonlyMap<PacketId, InFlight>> {
    return this.#each(ids, (id) => this.#get(inFlightShape, 'inflight', id));
  }

  settled(ids: readonly PacketId[]): Promise<ReadonlyMap<PacketId, Settled>> {
    return this.#each(ids, (id) => this.#get(settledShape, 'settled', id));
  }

  /** @throws Refused OUTBOX_UNKNOWN */
  async outbox(txIds: readonly TxId[]): Promise<ReadonlyMap<TxId, OutboxRecord>> {
    const records = await this.#each(txIds, (txId) => this.#get(outboxRecordShape, 'outbox', txId));
    const missing = txIds.find((txId) => !records.has(txId));
    if (missing !== undefined) throw new Refused({ code: 'OUTBOX_UNKNOWN', txId: missing });
    return records;
  }

  /** How many of the voters approved this very configuration. */
  async approvals(configuration: Configuration, hash: string, voters: readonly MspId[]): Promise<number> {
    const sequence = configuration.sequence.toString();
    return (await this.#each(voters, (voter) => this.#get(approvalShape, 'approval', sequence, hash, voter))).size;
  }

  approve(configuration: Configuration, hash: string, voter: MspId, account: Account): Promise<void> {
    const key = stateKey('approval', configuration.sequence.toString(), hash, voter);
    return this.#put(key, approvalShape, { version: 1, account });
  }

  /** Replaces the configuration and the records made from it. */
  async configure(configuration: Configuration): Promise<void> {
    const { chainId, sequence, assets, chains, lanes } = configuration;
    await this.#put(stateKey('configuration'), configurationShape, configuration);
    await this.#put(stateKey('chain'), chainRecordShape, { version: 1, chainId, sequence });
    for (const asset of assets) await this.#put(stateKey('asset', asset.id), assetShape, asset);
    for (const chain of chains) await this.#put(stateKey('trust', chain.chainId), trustRecordShape, chain);
    for (const lane of lanes) await this.#put(stateKey('lane', lane.id), laneShape, lane);
  }

  /** Writes what a decision decided. */
  async save(txId: TxId, changes: Changes): Promise<void> {
    for (const note of changes.spentNotes)
      await this.#stub.deleteState(stateKey('note', ...noteKeyAttributes(note.id)));
    for (const note of changes.notes) await this.#put(stateKey('note', ...noteKeyAttributes(note.id)), noteShape, note);
    for (const note of changes.spentEscrow) await this.#stub.deleteState(escrowKey(note));
    for (const note of changes.escrow) await this.#put(escrowKey(note), escrowNoteShape, note);
    for (const [index, entry] of changes.supply.entries()) {
      await this.#put(stateKey('supply', txId, index.toString()), supplyRecordShape, entry);
    }
    await this.#saveOutbox(txId, changes);
    for (const entry of changes.settled) {
      await this.#stub.deleteState(stateKey('inflight', entry.packetId));
      await this.#put(stateKey('settled', entry.packetId), settledShape, entry);
    }
  }

  async #saveOutbox(txId: TxId, { packets, receipts }: Changes): Promise<void> {
    if (packets.length + receipts.length === 0) return;
    const travelling = receipts.map(({ txId: _, ...receipt }) => receipt);
    await this.#put(stateKey('outbox', txId), outboxRecordShape, { version: 1, packets, receipts: travelling });
    for (const { id: packetId, laneId, index } of packets) {
      await this.#put(stateKey('inflight', packetId), inFlightShape, { version: 1, packetId, laneId, txId, index });
    }
    for (const entry of receipts) await this.#put(stateKey('receipt', entry.packetId), receiptEntryShape, entry);
  }

  /** Never called by a transaction that writes. */
  listNotes(owner: Account, pageSize: number, bookmark: string): Promise<Page<Note>> {
    return this.#list(noteShape, 'note', [ownerTagOf(owner)], pageSize, bookmark);
  }

  /** Never called by a transaction that writes. */
  listEscrow(laneId: LaneId, pageSize: number, bookmark: string): Promise<Page<EscrowNote>> {
    return this.#list(escrowNoteShape, 'escrow', [laneId], pageSize, bookmark);
  }

  /** Never called by a transaction that writes. */
  listInFlight(pageSize: number, bookmark: string): Promise<Page<InFlight>> {
    return this.#list(inFlightShape, 'inflight', [], pageSize, bookmark);
  }

  async #list<T>(
    shape: Shape<T>,
    type: ObjectType,
    attributes: string[],
    pageSize: number,
    bookmark: string,
  ): Promise<Page<T>> {
    const page = await this.#stub.getStateByPartialCompositeKeyWithPagination(type, attributes, pageSize, bookmark);
    const entries: T[] = [];
    for (let next = await page.iterator.next(); !next.done; next = await page.iterator.next()) {
      entries.push(decode(shape, Buffer.from(next.value.value).toString('utf8')));
    }
    await page.iterator.close();
    return { entries, bookmark: bookmarkOf(page) };
  }

  async #each<K, T>(ids: readonly K[], read: (id: K) => Promise<T | undefined>): Promise<ReadonlyMap<K, T>> {
    const found = new Map<K, T>();
    for (const id of new Set(ids)) {
      const value = await read(id);
      if (value !== undefined) found.set(id, value);
    }
    return found;
  }

  async #get<T>(shape: Shape<T>, type: ObjectType, ...attributes: readonly string[]): Promise<T | undefined> {
    const bytes = await this.#stub.getState(stateKey(type, ...attributes));
    return bytes.length === 0 ? undefined : decode(shape, Buffer.from(bytes).toString('utf8'));
  }

  #put<T>(key: string, shape: Shape<T>, value: NoInfer<T>): Promise<void> {
    return this.#stub.putState(key, Buffer.from(encode(shape, value), 'utf8'));
  }
}

/** The shim leaves the metadata of an empty page out, whatever its types say. */
function bookmarkOf({ metadata }: { readonly metadata?: { readonly bookmark: string } }): string {
  return metadata?.bookmark ?? '';
}

function escrowKey({ laneId, id }: EscrowNote): string {
  return stateKey('escrow', laneId, ...id.split('-'));
}
