// SPDX-License-Identifier: Apache-2.0

import {
  channelOf,
  shardIn,
  type Account,
  type Batch,
  type BatchKind,
  type ChainId,
  type EscrowId,
  type EscrowNote,
  type LaneId,
  type Note,
  type NoteId,
  type PacketBatch,
  type ReceiptBatch,
  type ResultsResponse,
  type SendOutput,
  type TxId,
} from '@gridpeg/protocol';
import { chainIds, configurationOf, grid, txIdNamed } from '@gridpeg/protocol/testing';
import type { Changes } from '../domain/changes';
import { exportBatch } from '../domain/packets/export-batch';
import { configured } from '../domain/governance/governance-changes';
import { issue } from '../domain/notes/issue';
import { mergeEscrow } from '../domain/packets/merge-escrow';
import { arrivalLaneIds, receive, windowClasses } from '../domain/packets/receive';
import { retire } from '../domain/notes/retire';
import { send } from '../domain/packets/send';
import { settle } from '../domain/packets/settle';
import type { Transaction } from '../domain/transaction';
import { shardOf } from '../domain/packets/rate-limit';
import { GovernanceLedger } from '../ledger/governance-ledger';
import { PegLedger } from '../ledger/peg-ledger';
import { MemoryStub } from './memory-stub';

type Results = ResultsResponse['results'];
let transactions = 0;

/** One chain in memory: the pure decisions over a ledger, without contract, proofs and certificates. */
export class MemoryChain {
  readonly stub: MemoryStub;
  readonly ledger: PegLedger;
  timeMs = 1_700_000_000_000n;

  constructor(readonly id: ChainId) {
    this.stub = new MemoryStub(channelOf(id), grid.client);
    this.ledger = new PegLedger(this.stub);
  }

  static async configured(id: ChainId): Promise<MemoryChain> {
    const chain = new MemoryChain(id);
    await new GovernanceLedger(chain.stub).save(configured(configurationOf(id), new Map(), txIdNamed('configured')));
    chain.stub.commit();
    return chain;
  }

  async issue(owner: Account, caller: Account, quantity: bigint): Promise<NoteId> {
    const [asset] = configurationOf(this.id).assets;
    if (asset === undefined) throw new Error('nothing is at home here');
    const outputs = [{ recipient: owner, quantity, memo: '' }];
    const { changes } = await this.#commit(caller, async (facts) => {
      const shard = shardIn(asset.window, facts.txId);
      const usage = await this.ledger.assetUsage(asset.id, shard);
      return issue({ asset, status: undefined, usage, shard }, { asset: asset.id, outputs }, facts);
    });
    return changes.notes[0]?.id ?? Promise.reject(new Error('no note'));
  }

  async send(
    notes: readonly Note[],
    laneId: LaneId,
    outputs: readonly SendOutput[],
    deadlineMs: bigint,
  ): Promise<TxId> {
    const lane = await this.ledger.lane(laneId);
    const { organizations } = await this.ledger.trust(lane.destinationChainId);
    const recipients = organizations.map(({ mspId }) => mspId);
    const noteIds = notes.map(({ id }) => id);
    const stored = await this.ledger.notes(noteIds);
    const owner = stored[0]?.owner ?? Promise.reject(new Error('no notes'));
    const request = { laneId, noteIds, outputs, deadlineMs };
    return (await this.#commit(await owner, (facts) => send(stored, request, lane, recipients, facts))).txId;
  }

  async retire(note: Note, quantity: bigint): Promise<void> {
    const stored = await this.ledger.notes([note.id]);
    await this.#commit(note.owner, (facts) => retire(stored, { noteIds: [note.id], quantity }, facts));
  }

  /** What honest peers of this chain answer. */
  async export(kind: BatchKind, laneId: LaneId, txIds: readonly TxId[]): Promise<Batch> {
    const records = await this.ledger.outbox(txIds);
    return exportBatch(kind, await this.ledger.lane(laneId), txIds, [...records.values()], this.id);
  }

  async receive(batch: PacketBatch, escrowIds: readonly EscrowId[]): Promise<{ txId: TxId; results: Results }> {
    const lane = await this.ledger.lane(batch.laneId);
    const arrivalLanes = await this.ledger.lanes(arrivalLaneIds(batch, lane));
    const view = {
      lane,
      arrivalLanes,
      laneStatuses: await this.ledger.laneStatuses([...arrivalLanes.values()].map(({ returnLaneId }) => returnLaneId)),
      receipts: await this.ledger.receipts(batch.entries.map(({ id }) => id)),
      escrow: await this.ledger.escrow(lane.returnLaneId, escrowIds),
      insufficient: new Map(),
    };
    let results: Results = [];
    const { txId } = await this.#commit(grid.client.mspId as unknown as Account, async (facts) => {
      const usages = await this.ledger.usages(lane.id, windowClasses(batch, lane), shardOf(lane, facts.txId));
      const decided = receive(batch, { ...view, usages }, facts);
      results = decided.results;
      return decided.changes;
    });
    return { txId, results };
  }

  async settle(batch: ReceiptBatch, escrowIds: readonly EscrowId[]): Promise<Results> {
    const lane = await this.ledger.lane(batch.laneId);
    const packetIds = batch.entries.map(({ packetId }) => packetId);
    const entries = await this.ledger.inFlight.of(lane.id, packetIds);
    const inFlight = new Map();
    for (const [packetId, entry] of entries) {
      const packet = (await this.ledger.outbox([entry.txId])).get(entry.txId)?.packets[entry.index];
      inFlight.set(packetId, { entry, packet });
    }
    const settled = new Set((await this.ledger.settled(packetIds)).keys());
    const escrow = await this.ledger.escrow(lane.id, escrowIds);
    let results: Results = [];
    await this.#commit(grid.client.mspId as unknown as Account, (facts) => {
      const decided = settle(batch, { lane, inFlight, settled, escrow, insufficient: new Map() }, facts);
      results = decided.results;
      return decided.changes;
    });
    return results;
  }

  async mergeEscrow(laneId: LaneId, escrowIds: readonly EscrowId[]): Promise<void> {
    const found = await this.ledger.escrow(laneId, escrowIds);
    await this.#commit(grid.client.mspId as unknown as Account, (facts) =>
      mergeEscrow(found, { laneId, escrowIds }, facts),
    );
  }

  /** Every record of one object type, decoded as plain JSON. */
  records(type: string): readonly unknown[] {
    const found = [...this.stub.state].filter(([key]) => key.startsWith(`\u0000${type}\u0000`));
    return found.map(([, value]): unknown => JSON.parse(value.toString('utf8')));
  }

  async notes(): Promise<readonly Note[]> {
    const ids = (this.records('note') as { id: NoteId }[]).map(({ id }) => id);
    return this.ledger.notes(ids);
  }

  async escrow(laneId: LaneId): Promise<readonly EscrowNote[]> {
    const ids = (this.records('escrow') as { id: EscrowId; laneId: LaneId }[]).filter((e) => e.laneId === laneId);
    return this.ledger.escrow(
      laneId,
      ids.map(({ id }) => id),
    );
  }

  async #commit(
    caller: Account,
    decide: (facts: Transaction) => Changes | Promise<Changes>,
  ): Promise<{ readonly txId: TxId; readonly changes: Changes }> {
    transactions += 1;
    const txId = txIdNamed(transactions.toString());
    const { members } = configurationOf(this.id);
    const changes = await decide({ chainId: this.id, members, txId, timeMs: this.timeMs, caller });
    this.stub.begin(txId, Number(this.timeMs));
    await this.ledger.save(txId, changes);
    this.stub.commit();
    return { txId, changes };
  }
}

/** The three chains of the consortium, configured. */
export async function threeChains(): Promise<readonly [MemoryChain, MemoryChain, MemoryChain]> {
  const [city, microgrid, charging] = chainIds;
  if (city === undefined || microgrid === undefined || charging === undefined) throw new Error('three chains');
  return [
    await MemoryChain.configured(city),
    await MemoryChain.configured(microgrid),
    await MemoryChain.configured(charging),
  ];
}
