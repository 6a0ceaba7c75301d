// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one class, because Fabric takes the functions of a contract from one class.

import {
  certificateRequestCodec,
  channelOf,
  claimIn,
  configurationCodec,
  decodeRequest,
  emptyRequestCodec,
  encode,
  encodeBatch,
  escrowIdOf,
  escrowPageCodec,
  exportRequestCodec,
  inFlightPageCodec,
  issueRequestCodec,
  listEscrowRequestCodec,
  listInFlightRequestCodec,
  listNotesRequestCodec,
  mergeEscrowResponseCodec,
  mergeEscrowRequestCodec,
  notesResponseCodec,
  notesPageCodec,
  packetRequestCodec,
  packetsRequestCodec,
  pegEventCodec,
  receiptsResponseCodec,
  Refused,
  resultsResponseCodec,
  retireRequestCodec,
  sendResponseCodec,
  sendRequestCodec,
  shardIn,
  transferResponseCodec,
  transferRequestCodec,
  wireVersion,
  type BatchKind,
  type CertificateRequest,
  type InFlight,
  type Lane,
  type LaneId,
  type OutboxRecord,
  type Packet,
  type PacketId,
  type TransferResponse,
  type TxId,
} from '@gridpeg/protocol';
import { Contract, Context, Info, Returns, Transaction } from 'fabric-contract-api';
import type { Changes } from '../domain/changes';
import { accept, custodyReads, type Accepted } from '../domain/custody/accept';
import { endsOf, exportBatch } from '../domain/packets/export-batch';
import { issue } from '../domain/notes/issue';
import { mergeEscrow } from '../domain/packets/merge-escrow';
import { arrivalLaneIds, receive, windowClasses } from '../domain/packets/receive';
import { retire } from '../domain/notes/retire';
import { send } from '../domain/packets/send';
import { settle, type SettleView } from '../domain/packets/settle';
import { checkLaneStatus, type LaneStep } from '../domain/packets/lane-status';
import type { Call, Transaction as TransactionFacts } from '../domain/transaction';
import { transfer } from '../domain/notes/transfer';
import { shardOf } from '../domain/packets/rate-limit';
import { GovernanceLedger } from '../ledger/governance-ledger';
import { PegLedger } from '../ledger/peg-ledger';
import { clientOf } from './caller';
import { checkCall, timeOf, txIdOf } from './transaction-of';

/**
 * The two-way peg as a Fabric contract: parse, read, decide, write, reply. Functions, requests and answers:
 * docs/spec/06-ledger.md.
 *
 * Each takes one JSON text and answers one. What it refuses comes as the error message, a JSON {@link Refused}.
 */
@Info({
  ...{ title: 'Peg', description: 'Two-way peg between Fabric channels (Gridpeg)' },
  version: wireVersion.toString(),
})
export class PegContract extends Contract {
  constructor() {
    super('peg');
  }

  /** Runs before every function. @throws Refused CLOCK_SKEW, REQUEST_MALFORMED */
  override beforeTransaction(ctx: Context): Promise<void> {
    checkCall(ctx, this.getName());
    return Promise.resolve();
  }

  /** Makes notes of an asset at home; see {@link issue}. */
  @Transaction()
  @Returns('string')
  async issue(ctx: Context, requestJson: string): Promise<string> {
    const request = decodeRequest(issueRequestCodec, requestJson);
    const { ledger, facts } = await this.#begin(ctx);
    const asset = await ledger.asset(request.asset);
    const shard = shardIn(asset.window, facts.txId);
    const [status, usage] = await Promise.all([ledger.assetStatus(asset.id), ledger.assetUsage(asset.id, shard)]);
    return this.#saveNotes(ctx, ledger, issue({ asset, status, usage, shard }, request, facts));
  }

  /** Pays, splits and merges notes; see {@link transfer}. */
  @Transaction()
  @Returns('string')
  async transfer(ctx: Context, requestJson: string): Promise<string> {
    const request = decodeRequest(transferRequestCodec, requestJson);
    const [ledger, call] = [new PegLedger(ctx.stub), callOf(ctx)];
    // Asked for together, so that the peer answers both in one message.
    const [{ chainId, members }, notes] = await Promise.all([ledger.chain(), ledger.notes(request.noteIds)]);
    return this.#saveNotes(ctx, ledger, transfer(notes, request, { chainId, members, ...call }));
  }

  /** Ends value at home; see {@link retire}. */
  @Transaction()
  @Returns('string')
  async retire(ctx: Context, requestJson: string): Promise<string> {
    const request = decodeRequest(retireRequestCodec, requestJson);
    const [ledger, call] = [new PegLedger(ctx.stub), callOf(ctx)];
    return this.#saveNotes(ctx, ledger, retire(await ledger.notes(request.noteIds), request, call));
  }

  /** Locks or burns notes and writes packets to the outbox; see {@link send}. */
  @Transaction()
  @Returns('string')
  async send(ctx: Context, requestJson: string): Promise<string> {
    const request = decodeRequest(sendRequestCodec, requestJson);
    const { ledger, facts } = await this.#begin(ctx);
    const lane = await laneFor('send', request.laneId, ledger);
    const [notes, { organizations }] = await Promise.all([
      ledger.notes(request.noteIds),
      ledger.trust(lane.destinationChainId),
    ]);
    const recipients = organizations.map(({ mspId }) => mspId);
    const changes = send(notes, request, lane, recipients, facts);
    await this.#save(ctx, ledger, facts.txId, changes);
    const packetIds = changes.packets.map(({ id }) => id);
    return encode(sendResponseCodec, { txId: facts.txId, packetIds, noteIds: changes.notes.map(({ id }) => id) });
  }

  /** Makes one escrow note of several; see {@link mergeEscrow}. */
  @Transaction()
  @Returns('string')
  async mergeEscrow(ctx: Context, requestJson: string): Promise<string> {
    const request = decodeRequest(mergeEscrowRequestCodec, requestJson);
    const { ledger, facts } = await this.#begin(ctx);
    // Refunds of a paused lane may need it, so it goes wherever settling goes.
    const lane = await laneFor('settle', request.laneId, ledger);
    const changes = mergeEscrow(await ledger.escrow(lane.id, request.escrowIds), request, facts);
    await this.#save(ctx, ledger, facts.txId, changes);
    return encode(mergeEscrowResponseCodec, { txId: facts.txId, escrowId: escrowIdOf(facts.txId, 0) });
  }

  /** Mints, releases or refuses the packets of a certificate; see {@link receive}. */
  @Transaction()
  @Returns('string')
  async receive(ctx: Context, requestJson: string): Promise<string> {
    const request = decodeRequest(certificateRequestCodec, requestJson);
    const { ledger, facts } = await this.#begin(ctx);
    const { batch, lane, insufficient } = await this.#accept('packets', 'receive', request, ledger, facts);
    const [arrivalLanes, receipts, escrow, usages] = await Promise.all([
      ledger.lanes(arrivalLaneIds(batch, lane)),
      ledger.receipts(batch.entries.map(({ id }) => id)),
      ledger.escrow(lane.returnLaneId, request.escrowIds),
      ledger.usages(lane.id, windowClasses(batch, lane), shardOf(lane, facts.txId)),
    ]);
    const laneStatuses = await ledger.laneStatuses([...arrivalLanes.values()].map(({ returnLaneId }) => returnLaneId));
    const view = { lane, arrivalLanes, laneStatuses, receipts, escrow, usages, insufficient };
    const { changes, results } = receive(batch, view, facts);
    await this.#save(ctx, ledger, facts.txId, changes);
    return encode(resultsResponseCodec, { txId: facts.txId, results });
  }

  /** Marks packets delivered, or refunds them, by the receipts of a certificate; see {@link settle}. */
  @Transaction()
  @Returns('string')
  async settle(ctx: Context, requestJson: string): Promise<string> {
    const request = decodeRequest(certificateRequestCodec, requestJson);
    const { ledger, facts } = await this.#begin(ctx);
    const { batch, lane, insufficient } = await this.#accept('receipts', 'settle', request, ledger, facts);
    const packetIds = batch.entries.map(({ packetId }) => packetId);
    const inFlight = await this.#inFlight(ledger, lane.id, packetIds);
    const [settled, escrow] = await Promise.all([
      ledger.settled(packetIds.filter((id) => !inFlight.has(id))),
      ledger.escrow(lane.id, request.escrowIds),
    ]);
    const view = { lane, inFlight, settled: new Set(settled.keys()), escrow, insufficient };
    const { changes, results } = settle(batch, view, facts);
    await this.#save(ctx, ledger, facts.txId, changes);
    return encode(resultsResponseCodec, { txId: facts.txId, results });
  }

  /** The configuration in force. */
  @Transaction(false)
  @Returns('string')
  async getConfiguration(ctx: Context, requestJson: string): Promise<string> {
    decodeRequest(emptyRequestCodec, requestJson);
    return encode(configurationCodec, await new GovernanceLedger(ctx.stub).configurationInForce());
  }

  /** Committed packets of a lane, for an endorsed proof. */
  @Transaction(false)
  @Returns('string')
  exportPackets(ctx: Context, requestJson: string): Promise<string> {
    return this.#export('packets', ctx, requestJson);
  }

  /** Committed receipts of a lane, for an endorsed proof. */
  @Transaction(false)
  @Returns('string')
  exportReceipts(ctx: Context, requestJson: string): Promise<string> {
    return this.#export('receipts', ctx, requestJson);
  }

  /** A packet sent from here and what became of it. */
  @Transaction(false)
  @Returns('string')
  async getTransfer(ctx: Context, requestJson: string): Promise<string> {
    const { packetId } = decodeRequest(packetRequestCodec, requestJson);
    const ledger = new PegLedger(ctx.stub);
    const settled = (await ledger.settled([packetId])).get(packetId);
    const entry = settled ?? (await ledger.inFlight.find(packetId));
    if (entry === undefined) throw new Refused({ code: 'PACKET_UNKNOWN', packetId });
    const packet = packetIn(await ledger.outbox([entry.txId]), entry);
    const answer: TransferResponse =
      settled === undefined
        ? { packet, state: 'in-flight', code: '', settledTxId: '' }
        : { packet, state: settled.outcome, code: settled.code, settledTxId: settled.settledTxId };
    return encode(transferResponseCodec, answer);
  }

  /** This chain's answers to packets from elsewhere, those that there are. */
  @Transaction(false)
  @Returns('string')
  async getReceipts(ctx: Context, requestJson: string): Promise<string> {
    const { packetIds } = decodeRequest(packetsRequestCodec, requestJson);
    const receipts = await new PegLedger(ctx.stub).receipts(packetIds);
    return encode(receiptsResponseCodec, [...receipts.values()]);
  }

  /** Notes of one owner, page by page. */
  @Transaction(false)
  @Returns('string')
  async listNotes(ctx: Context, requestJson: string): Promise<string> {
    const { owner, pageSize, bookmark } = decodeRequest(listNotesRequestCodec, requestJson);
    const page = await new PegLedger(ctx.stub).listNotes(owner, pageSize, bookmark);
    return encode(notesPageCodec, { ...page, entries: page.entries.filter((note) => note.owner === owner) });
  }

  /** Escrow notes of one lane, page by page. */
  @Transaction(false)
  @Returns('string')
  async listEscrow(ctx: Context, requestJson: string): Promise<string> {
    const { laneId, pageSize, bookmark } = decodeRequest(listEscrowRequestCodec, requestJson);
    return encode(escrowPageCodec, await new PegLedger(ctx.stub).listEscrow(laneId, pageSize, bookmark));
  }

  /** Packets of a lane from here, or of all of them, that are not settled yet, page by page. */
  @Transaction(false)
  @Returns('string')
  async listInFlight(ctx: Context, requestJson: string): Promise<string> {
    const { laneId, pageSize, bookmark } = decodeRequest(listInFlightRequestCodec, requestJson);
    return encode(inFlightPageCodec, await new PegLedger(ctx.stub).inFlight.list(laneId, pageSize, bookmark));
  }

  async #begin(ctx: Context): Promise<{ readonly ledger: PegLedger; readonly facts: TransactionFacts }> {
    const call = callOf(ctx);
    const ledger = new PegLedger(ctx.stub);
    const { chainId, members } = await ledger.chain();
    return { ledger, facts: { chainId, members, ...call } };
  }

  /** Finds the records to judge a certificate by where it claims to belong, in this ledger, and judges it. */
  async #accept<Kind extends BatchKind>(
    kind: Kind,
    step: LaneStep,
    { certificate }: CertificateRequest,
    ledger: PegLedger,
    { chainId }: TransactionFacts,
  ): Promise<Accepted<Kind> & { readonly lane: Lane }> {
    const lane = await laneFor(step, claimIn(certificate).laneId, ledger);
    const trust = await ledger.trust(endsOf(kind, lane).sourceChainId);
    const { notaries } = custodyReads(certificate, lane, trust);
    const view = { trust, suspended: await ledger.suspended(notaries) };
    return { ...accept(kind, certificate, lane, view, chainId), lane };
  }

  async #inFlight(ledger: PegLedger, laneId: LaneId, packetIds: readonly PacketId[]): Promise<SettleView['inFlight']> {
    const entries = [...(await ledger.inFlight.of(laneId, packetIds)).values()];
    const outbox = await ledger.outbox(entries.map(({ txId }) => txId));
    return new Map(entries.map((entry) => [entry.packetId, { entry, packet: packetIn(outbox, entry) }]));
  }

  async #export(kind: BatchKind, ctx: Context, requestJson: string): Promise<string> {
    const { laneId, txIds } = decodeRequest(exportRequestCodec, requestJson);
    const ledger = new PegLedger(ctx.stub);
    const { chainId } = await ledger.chain();
    // The answer names the chain, so it is given on that chain's channel and nowhere else.
    if (ctx.stub.getChannelID() !== channelOf(chainId)) throw new Refused({ code: 'CHAIN_NOT_CONFIGURED' });
    const lane = await ledger.lane(laneId);
    return encodeBatch(exportBatch(kind, lane, txIds, [...(await ledger.outbox(txIds)).values()], chainId));
  }

  async #saveNotes(ctx: Context, ledger: PegLedger, changes: Changes): Promise<string> {
    const txId = txIdOf(ctx);
    await this.#save(ctx, ledger, txId, changes);
    return encode(notesResponseCodec, { txId, noteIds: changes.notes.map(({ id }) => id) });
  }

  /** Writes the changes; where other chains are concerned, wakes relays with the one event a transaction has. */
  async #save(ctx: Context, ledger: PegLedger, txId: TxId, changes: Changes): Promise<void> {
    await ledger.save(txId, changes);
    const packets = changes.packets.map(({ id, laneId }) => ({ id, laneId }));
    const receipts = changes.receipts.map(({ packetId: id, laneId }) => ({ id, laneId }));
    const settled = changes.settled.map(({ packetId: id, laneId }) => ({ id, laneId }));
    if (packets.length + receipts.length + settled.length === 0) return;
    ctx.stub.setEvent('peg', Buffer.from(encode(pegEventCodec, { version: 1, packets, receipts, settled }), 'utf8'));
  }
}

/** @throws Refused CALLER_NOT_CLIENT */
function callOf(ctx: Context): Call {
  return { txId: txIdOf(ctx), timeMs: timeOf(ctx), caller: clientOf(ctx.stub) };
}

/** A lane that lets the step through. @throws Refused LANE_UNKNOWN and what {@link checkLaneStatus} refuses */
async function laneFor(step: LaneStep, id: LaneId, ledger: PegLedger): Promise<Lane> {
  const [lane, status] = await Promise.all([ledger.lane(id), ledger.laneStatus(id)]);
  checkLaneStatus(step, id, status);
  return lane;
}

/** Written together in one transaction, so a missing packet is a broken ledger. */
function packetIn(
  outbox: ReadonlyMap<TxId, OutboxRecord>,
  { txId, packetId }: Pick<InFlight, 'txId' | 'packetId'>,
): Packet {
  const packet = outbox.get(txId)?.packets.find(({ id }) => id === packetId);
  if (packet === undefined) throw new Error(`outbox ${txId} lacks packet ${packetId}`);
  return packet;
}
