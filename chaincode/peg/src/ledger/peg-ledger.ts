// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one class, so that all keys and records of value are in one place.

import {
  absenceCodec,
  assetStatusCodec,
  assetUsageCodec,
  chainRecordCodec,
  currentAsset,
  escrowNoteCodec,
  labelHashOf,
  laneCodec,
  laneStatusCodec,
  notaryKeyHashOf,
  notaryStatusCodec,
  noteKeyAttributes,
  noteCodec,
  outboxRecordCodec,
  ownerTagOf,
  questionHashOf,
  receiptEntryCodec,
  Refused,
  settledCodec,
  stateKey,
  storedAssetCodec,
  storedConfigurationCodec,
  supplyRecordCodec,
  trustRecordCodec,
  rateLimitUsageCodec,
  type Absence,
  type AbsenceQuestion,
  type Account,
  type Asset,
  type AssetId,
  type AssetStatusRecord,
  type AssetUsage,
  type ChainId,
  type ChainRecord,
  type EscrowId,
  type EscrowNote,
  type Lane,
  type LaneId,
  type LaneStatusRecord,
  type MspId,
  type Notary,
  type Note,
  type NoteId,
  type OutboxRecord,
  type PacketId,
  type ReceiptEntry,
  type Settled,
  type TrustRecord,
  type TxId,
  type RateLimitUsage,
} from '@gridpeg/protocol';
import type { Changes } from '../domain/changes';
import type { AbsenceView } from '../domain/evidence/declare-absence';
import { suspendedAmong } from '../domain/governance/governance-changes';
import type { ValueClass } from '../domain/packets/rate-limit';
import { InFlightIndex } from './in-flight-index';
import type { StateStub } from '../shim/state-messages';
import { StateStore, type Page } from './state-store';

/** Keys of what moves value; docs/spec/06-ledger.md. */
export class PegLedger {
  readonly #store: StateStore;
  /** Which packets are not settled. */
  readonly inFlight: InFlightIndex;

  constructor(stub: StateStub) {
    this.#store = new StateStore(stub);
    this.inFlight = new InFlightIndex(this.#store);
  }

  /** @throws Refused CHAIN_NOT_CONFIGURED */
  async chain(): Promise<ChainRecord> {
    const chain = await this.#store.get(chainRecordCodec, 'chain');
    if (chain === undefined) throw new Refused({ code: 'CHAIN_NOT_CONFIGURED' });
    const members = chain.version === 1 ? await this.#membersConfigured() : chain.members;
    return { ...chain, version: 3, members };
  }

  /** For a chain record from before it named the members. */
  async #membersConfigured(): Promise<readonly MspId[]> {
    const configuration = await this.#store.get(storedConfigurationCodec, 'configuration');
    if (configuration === undefined) throw new Error('a chain record without a configuration');
    return configuration.members;
  }

  /** @throws Refused ASSET_UNKNOWN */
  async asset(id: AssetId): Promise<Asset> {
    const asset = await this.#store.get(storedAssetCodec, 'asset', id);
    if (asset === undefined) throw new Refused({ code: 'ASSET_UNKNOWN', asset: id });
    return currentAsset(asset);
  }

  /** Undefined for an asset that was never paused. */
  assetStatus(id: AssetId): Promise<AssetStatusRecord | undefined> {
    return this.#store.get(assetStatusCodec, 'asset-standing', id);
  }

  /** What a shard of the asset's window has issued; undefined before its first use. */
  assetUsage(id: AssetId, shard: number): Promise<AssetUsage | undefined> {
    return this.#store.get(assetUsageCodec, 'asset-usage', id, shard.toString());
  }

  /** @throws Refused LANE_UNKNOWN */
  async lane(id: LaneId): Promise<Lane> {
    const lane = await this.#store.get(laneCodec, 'lane', id);
    if (lane === undefined) throw new Refused({ code: 'LANE_UNKNOWN', laneId: id });
    return lane;
  }

  lanes(ids: readonly LaneId[]): Promise<ReadonlyMap<LaneId, Lane>> {
    return this.#store.each(ids, (id) => this.#store.get(laneCodec, 'lane', id));
  }

  /** Governance writes a trust record for both ends of every lane, so a missing one is a broken ledger. */
  async trust(chainId: ChainId): Promise<TrustRecord> {
    const trust = await this.#store.get(trustRecordCodec, 'trust', chainId);
    if (trust === undefined) throw new Error(`no trust record for ${chainId}`);
    return trust;
  }

  /** Undefined for a lane that was never paused or frozen. */
  laneStatus(id: LaneId): Promise<LaneStatusRecord | undefined> {
    return this.#store.get(laneStatusCodec, 'standing', id);
  }

  /** Standings of these lanes, those that there are. */
  laneStatuses(ids: readonly LaneId[]): Promise<ReadonlyMap<LaneId, LaneStatusRecord>> {
    return this.#store.each(ids, (id) => this.laneStatus(id));
  }

  /** Of these notaries' keys those that are suspended. */
  async suspended(notaries: readonly Notary[]): Promise<ReadonlySet<string>> {
    const keys = notaries.map(({ publicKey }) => publicKey);
    const known = await this.#store.each(keys, (key) =>
      this.#store.get(notaryStatusCodec, 'notary', notaryKeyHashOf(key)),
    );
    return suspendedAmong(known);
  }

  /** What a shard of the lane has let in of these assets and labels, as far as there are records. */
  async usages(laneId: LaneId, values: readonly ValueClass[], shard: number): Promise<readonly RateLimitUsage[]> {
    const found = await this.#store.each(values, (value) =>
      this.#store.get(rateLimitUsageCodec, 'usage', ...usageAttributes({ ...value, laneId, shard })),
    );
    return [...found.values()].filter((usage) => usage.version === 2);
  }

  /** @throws Refused NOTE_SPENT; CHAIN_NOT_CONFIGURED where there can be no notes yet */
  async notes(ids: readonly NoteId[]): Promise<readonly Note[]> {
    const found = await this.#store.each(ids, (id) => this.#store.get(noteCodec, 'note', ...noteKeyAttributes(id)));
    const missing = ids.find((id) => !found.has(id));
    if (missing !== undefined) {
      await this.chain();
      throw new Refused({ code: 'NOTE_SPENT', noteId: missing });
    }
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  /** Escrow notes of a lane, those that are still there: a relay may name one that another has just consumed. */
  async escrow(laneId: LaneId, ids: readonly EscrowId[]): Promise<readonly EscrowNote[]> {
    const found = await this.#store.each(ids, (id) =>
      this.#store.get(escrowNoteCodec, 'escrow', laneId, ...id.split('-')),
    );
    return [...found.values()];
  }

  receipts(ids: readonly PacketId[]): Promise<ReadonlyMap<PacketId, ReceiptEntry>> {
    return this.#store.each(ids, (id) => this.#store.get(receiptEntryCodec, 'receipt', id));
  }

  settled(ids: readonly PacketId[]): Promise<ReadonlyMap<PacketId, Settled>> {
    return this.#store.each(ids, (id) => this.#store.get(settledCodec, 'settled', id));
  }

  /** What this ledger has of what a question is about; read so that its commit would make the transaction invalid. */
  async asked(question: AbsenceQuestion): Promise<AbsenceView> {
    const store = this.#store;
    if (question.kind === 'packets') {
      const outbox = await store.get(outboxRecordCodec, 'outbox', question.statement.entry.txId);
      return { outbox, receipt: undefined };
    }
    const receipt = await store.get(receiptEntryCodec, 'receipt', question.statement.entry.packetId);
    return { outbox: undefined, receipt };
  }

  absence(questionHash: string): Promise<Absence | undefined> {
    return this.#store.get(absenceCodec, 'absence', questionHash);
  }

  saveAbsence(absence: Absence): Promise<void> {
    return this.#store.put(stateKey('absence', questionHashOf(absence.question)), absenceCodec, absence);
  }

  /** @throws Refused OUTBOX_UNKNOWN */
  async outbox(txIds: readonly TxId[]): Promise<ReadonlyMap<TxId, OutboxRecord>> {
    const records = await this.#store.each(txIds, (txId) => this.#store.get(outboxRecordCodec, 'outbox', txId));
    const missing = txIds.find((txId) => !records.has(txId));
    if (missing !== undefined) throw new Refused({ code: 'OUTBOX_UNKNOWN', txId: missing });
    return records;
  }

  /** Writes what a decision decided. */
  async save(txId: TxId, changes: Changes): Promise<void> {
    const store = this.#store;
    await Promise.all([
      ...changes.spentNotes.map((note) => store.delete(noteKey(note))),
      ...changes.notes.map((note) => store.put(noteKey(note), noteCodec, note)),
      ...changes.spentEscrow.map((note) => store.delete(escrowKey(note))),
      ...changes.escrow.map((note) => store.put(escrowKey(note), escrowNoteCodec, note)),
      ...changes.supply.map((entry, index) =>
        store.put(stateKey('supply', txId, index.toString()), supplyRecordCodec, entry),
      ),
      ...this.#saveOutbox(txId, changes),
      ...changes.settled.flatMap((entry) => [
        this.inFlight.delete(entry),
        store.put(stateKey('settled', entry.packetId), settledCodec, entry),
      ]),
      ...changes.usages.map((usage) =>
        store.put(stateKey('usage', ...usageAttributes(usage)), rateLimitUsageCodec, usage),
      ),
      ...(changes.assetUsages ?? []).map((usage) => store.put(assetUsageKey(usage), assetUsageCodec, usage)),
    ]);
  }

  #saveOutbox(txId: TxId, { packets, receipts }: Changes): readonly Promise<void>[] {
    if (packets.length + receipts.length === 0) return [];
    const store = this.#store;
    const stored = receipts.map(({ txId: _, ...receipt }) => receipt);
    return [
      store.put(stateKey('outbox', txId), outboxRecordCodec, { version: 1, packets, receipts: stored }),
      ...packets.map((packet) => this.inFlight.put(packet)),
      ...receipts.map((entry) => store.put(stateKey('receipt', entry.packetId), receiptEntryCodec, entry)),
    ];
  }

  /** Never called by a transaction that writes. */
  listNotes(owner: Account, pageSize: number, bookmark: string): Promise<Page<Note>> {
    return this.#store.list(noteCodec, 'note', [ownerTagOf(owner)], pageSize, bookmark);
  }

  /** Never called by a transaction that writes. */
  listEscrow(laneId: LaneId, pageSize: number, bookmark: string): Promise<Page<EscrowNote>> {
    return this.#store.list(escrowNoteCodec, 'escrow', [laneId], pageSize, bookmark);
  }
}

function noteKey({ id }: Note): string {
  return stateKey('note', ...noteKeyAttributes(id));
}

function usageAttributes({
  laneId,
  asset,
  label,
  shard,
}: Omit<RateLimitUsage, 'version' | 'startMs' | 'used'>): string[] {
  return [laneId, asset, labelHashOf(label), shard.toString()];
}

function assetUsageKey({ asset, shard }: AssetUsage): string {
  return stateKey('asset-usage', asset, shard.toString());
}

function escrowKey({ laneId, id }: EscrowNote): string {
  return stateKey('escrow', laneId, ...id.split('-'));
}
