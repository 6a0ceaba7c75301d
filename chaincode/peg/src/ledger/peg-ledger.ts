// SPDX-License-Identifier: Apache-2.0

import {
  absenceShape,
  assetStandingShape,
  assetUsageShape,
  chainRecordShape,
  currentAsset,
  escrowNoteShape,
  labelHashOf,
  laneShape,
  laneStandingShape,
  notaryKeyHashOf,
  notaryStandingShape,
  noteKeyAttributes,
  noteShape,
  outboxRecordShape,
  ownerTagOf,
  questionHashOf,
  receiptEntryShape,
  Refused,
  settledShape,
  stateKey,
  storedAssetShape,
  storedConfigurationShape,
  supplyRecordShape,
  trustRecordShape,
  usageShape,
  type Absence,
  type AbsenceQuestion,
  type Account,
  type Asset,
  type AssetId,
  type AssetStanding,
  type AssetUsage,
  type ChainId,
  type ChainRecord,
  type EscrowId,
  type EscrowNote,
  type Lane,
  type LaneId,
  type LaneStanding,
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
  type Usage,
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
    const chain = await this.#store.get(chainRecordShape, 'chain');
    if (chain === undefined) throw new Refused({ code: 'CHAIN_NOT_CONFIGURED' });
    const members = chain.version === 1 ? await this.#membersConfigured() : chain.members;
    return { ...chain, version: 3, members };
  }

  /** For a chain record from before it named the members. */
  async #membersConfigured(): Promise<readonly MspId[]> {
    const configuration = await this.#store.get(storedConfigurationShape, 'configuration');
    if (configuration === undefined) throw new Error('a chain record without a configuration');
    return configuration.members;
  }

  /** @throws Refused ASSET_UNKNOWN */
  async asset(id: AssetId): Promise<Asset> {
    const asset = await this.#store.get(storedAssetShape, 'asset', id);
    if (asset === undefined) throw new Refused({ code: 'ASSET_UNKNOWN', asset: id });
    return currentAsset(asset);
  }

  /** Undefined for an asset that was never paused. */
  assetStanding(id: AssetId): Promise<AssetStanding | undefined> {
    return this.#store.get(assetStandingShape, 'asset-standing', id);
  }

  /** What a shard of the asset's window has issued; undefined before its first use. */
  assetUsage(id: AssetId, shard: number): Promise<AssetUsage | undefined> {
    return this.#store.get(assetUsageShape, 'asset-usage', id, shard.toString());
  }

  /** @throws Refused LANE_UNKNOWN */
  async lane(id: LaneId): Promise<Lane> {
    const lane = await this.#store.get(laneShape, 'lane', id);
    if (lane === undefined) throw new Refused({ code: 'LANE_UNKNOWN', laneId: id });
    return lane;
  }

  lanes(ids: readonly LaneId[]): Promise<ReadonlyMap<LaneId, Lane>> {
    return this.#store.each(ids, (id) => this.#store.get(laneShape, 'lane', id));
  }

  /** Governance writes a trust record for both ends of every lane, so a missing one is a broken ledger. */
  async trust(chainId: ChainId): Promise<TrustRecord> {
    const trust = await this.#store.get(trustRecordShape, 'trust', chainId);
    if (trust === undefined) throw new Error(`no trust record for ${chainId}`);
    return trust;
  }

  /** Undefined for a lane that was never paused or frozen. */
  standing(id: LaneId): Promise<LaneStanding | undefined> {
    return this.#store.get(laneStandingShape, 'standing', id);
  }

  /** Standings of these lanes, those that there are. */
  standings(ids: readonly LaneId[]): Promise<ReadonlyMap<LaneId, LaneStanding>> {
    return this.#store.each(ids, (id) => this.standing(id));
  }

  /** Of these notaries' keys those that are suspended. */
  async suspended(notaries: readonly Notary[]): Promise<ReadonlySet<string>> {
    const keys = notaries.map(({ publicKey }) => publicKey);
    const known = await this.#store.each(keys, (key) =>
      this.#store.get(notaryStandingShape, 'notary', notaryKeyHashOf(key)),
    );
    return suspendedAmong(known);
  }

  /** What a shard of the lane has let in of these assets and labels, as far as there are records. */
  async usages(laneId: LaneId, values: readonly ValueClass[], shard: number): Promise<readonly Usage[]> {
    const found = await this.#store.each(values, (value) =>
      this.#store.get(usageShape, 'usage', ...usageAttributes({ ...value, laneId, shard })),
    );
    return [...found.values()].filter((usage) => usage.version === 2);
  }

  /** @throws Refused NOTE_SPENT; CHAIN_NOT_CONFIGURED where there can be no notes yet */
  async notes(ids: readonly NoteId[]): Promise<readonly Note[]> {
    const found = await this.#store.each(ids, (id) => this.#store.get(noteShape, 'note', ...noteKeyAttributes(id)));
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
      this.#store.get(escrowNoteShape, 'escrow', laneId, ...id.split('-')),
    );
    return [...found.values()];
  }

  receipts(ids: readonly PacketId[]): Promise<ReadonlyMap<PacketId, ReceiptEntry>> {
    return this.#store.each(ids, (id) => this.#store.get(receiptEntryShape, 'receipt', id));
  }

  settled(ids: readonly PacketId[]): Promise<ReadonlyMap<PacketId, Settled>> {
    return this.#store.each(ids, (id) => this.#store.get(settledShape, 'settled', id));
  }

  /** What this ledger has of what a question is about; read so that its commit would make the transaction invalid. */
  async asked(question: AbsenceQuestion): Promise<AbsenceView> {
    const store = this.#store;
    if (question.kind === 'packets') {
      const outbox = await store.get(outboxRecordShape, 'outbox', question.statement.entry.txId);
      return { outbox, receipt: undefined };
    }
    const receipt = await store.get(receiptEntryShape, 'receipt', question.statement.entry.packetId);
    return { outbox: undefined, receipt };
  }

  absence(questionHash: string): Promise<Absence | undefined> {
    return this.#store.get(absenceShape, 'absence', questionHash);
  }

  saveAbsence(absence: Absence): Promise<void> {
    return this.#store.put(stateKey('absence', questionHashOf(absence.question)), absenceShape, absence);
  }

  /** @throws Refused OUTBOX_UNKNOWN */
  async outbox(txIds: readonly TxId[]): Promise<ReadonlyMap<TxId, OutboxRecord>> {
    const records = await this.#store.each(txIds, (txId) => this.#store.get(outboxRecordShape, 'outbox', txId));
    const missing = txIds.find((txId) => !records.has(txId));
    if (missing !== undefined) throw new Refused({ code: 'OUTBOX_UNKNOWN', txId: missing });
    return records;
  }

  /** Writes what a decision decided. */
  async save(txId: TxId, changes: Changes): Promise<void> {
    const store = this.#store;
    await Promise.all([
      ...changes.spentNotes.map((note) => store.delete(noteKey(note))),
      ...changes.notes.map((note) => store.put(noteKey(note), noteShape, note)),
      ...changes.spentEscrow.map((note) => store.delete(escrowKey(note))),
      ...changes.escrow.map((note) => store.put(escrowKey(note), escrowNoteShape, note)),
      ...changes.supply.map((entry, index) =>
        store.put(stateKey('supply', txId, index.toString()), supplyRecordShape, entry),
      ),
      ...this.#saveOutbox(txId, changes),
      ...changes.settled.flatMap((entry) => [
        this.inFlight.delete(entry),
        store.put(stateKey('settled', entry.packetId), settledShape, entry),
      ]),
      ...changes.usages.map((usage) => store.put(stateKey('usage', ...usageAttributes(usage)), usageShape, usage)),
      ...(changes.assetUsages ?? []).map((usage) => store.put(assetUsageKey(usage), assetUsageShape, usage)),
    ]);
  }

  #saveOutbox(txId: TxId, { packets, receipts }: Changes): readonly Promise<void>[] {
    if (packets.length + receipts.length === 0) return [];
    const store = this.#store;
    const travelling = receipts.map(({ txId: _, ...receipt }) => receipt);
    return [
      store.put(stateKey('outbox', txId), outboxRecordShape, { version: 1, packets, receipts: travelling }),
      ...packets.map((packet) => this.inFlight.put(packet)),
      ...receipts.map((entry) => store.put(stateKey('receipt', entry.packetId), receiptEntryShape, entry)),
    ];
  }

  /** Never called by a transaction that writes. */
  listNotes(owner: Account, pageSize: number, bookmark: string): Promise<Page<Note>> {
    return this.#store.list(noteShape, 'note', [ownerTagOf(owner)], pageSize, bookmark);
  }

  /** Never called by a transaction that writes. */
  listEscrow(laneId: LaneId, pageSize: number, bookmark: string): Promise<Page<EscrowNote>> {
    return this.#store.list(escrowNoteShape, 'escrow', [laneId], pageSize, bookmark);
  }
}

function noteKey({ id }: Note): string {
  return stateKey('note', ...noteKeyAttributes(id));
}

function usageAttributes({ laneId, asset, label, shard }: Omit<Usage, 'version' | 'startMs' | 'used'>): string[] {
  return [laneId, asset, labelHashOf(label), shard.toString()];
}

function assetUsageKey({ asset, shard }: AssetUsage): string {
  return stateKey('asset-usage', asset, shard.toString());
}

function escrowKey({ laneId, id }: EscrowNote): string {
  return stateKey('escrow', laneId, ...id.split('-'));
}
