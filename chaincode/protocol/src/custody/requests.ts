// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one table, the requests and responses of the contract `peg`.

import { type Certificate, certificateCodec } from './certificate';
import { integer, list, oneOf, record, type Codec, text } from '../codec/codec';
import {
  type Account,
  accountCodec,
  type AssetId,
  assetIdCodec,
  type EscrowId,
  escrowIdCodec,
  hashCodec,
  type LaneId,
  laneIdCodec,
  limits,
  memoCodec,
  type NoteId,
  noteIdCodec,
  type PacketId,
  packetIdCodec,
  quantityCodec,
  timeMsCodec,
  type TxId,
  txIdCodec,
} from '../codec/identifiers';
import {
  codeCodec,
  type EscrowNote,
  escrowNoteCodec,
  type InFlight,
  inFlightCodec,
  type Note,
  noteCodec,
  type Packet,
  type PacketKind,
  packetKindCodec,
  packetCodec,
  receiptEntryCodec,
} from '../records/records';

/** Requests and answers of the contract `peg`; docs/spec/06-ledger.md. */

interface Output {
  readonly recipient: Account;
  readonly quantity: bigint;
  readonly memo: string;
}
const outputCodec: Codec<Output> = record({ recipient: accountCodec, quantity: quantityCodec, memo: memoCodec });
const outputs = list(outputCodec, 1, limits.outputs);
const noteIds = list(noteIdCodec, 1, limits.notesSpent);

export interface IssueRequest {
  readonly asset: AssetId;
  readonly outputs: readonly Output[];
}
export const issueRequestCodec: Codec<IssueRequest> = record({ asset: assetIdCodec, outputs });

export interface TransferRequest {
  readonly noteIds: readonly NoteId[];
  readonly outputs: readonly Output[];
}
export const transferRequestCodec: Codec<TransferRequest> = record({ noteIds, outputs });

export interface RetireRequest {
  readonly noteIds: readonly NoteId[];
  readonly quantity: bigint;
}
export const retireRequestCodec: Codec<RetireRequest> = record({ noteIds, quantity: quantityCodec });

export interface SendOutput {
  readonly kind: PacketKind;
  readonly recipient: Account;
  readonly quantity: bigint;
  readonly memo: string;
}
const sendOutputCodec: Codec<SendOutput> = record({
  kind: packetKindCodec,
  recipient: accountCodec,
  quantity: quantityCodec,
  memo: memoCodec,
});

export interface SendRequest {
  readonly laneId: LaneId;
  readonly noteIds: readonly NoteId[];
  readonly outputs: readonly SendOutput[];
  readonly deadlineMs: bigint;
}
export const sendRequestCodec: Codec<SendRequest> = record({
  laneId: laneIdCodec,
  noteIds,
  outputs: list(sendOutputCodec, 1, limits.outputs),
  deadlineMs: timeMsCodec,
});

/** Argument of `receive` and `settle`; `escrowIds` names escrow notes that may be consumed. */
export interface CertificateRequest {
  readonly certificate: Certificate;
  readonly escrowIds: readonly EscrowId[];
}
export const certificateRequestCodec: Codec<CertificateRequest> = record({
  certificate: certificateCodec,
  escrowIds: list(escrowIdCodec, 0, limits.escrowParts),
});

/** Escrow notes of one lane, asset and label that become one. */
export interface MergeEscrowRequest {
  readonly laneId: LaneId;
  readonly escrowIds: readonly EscrowId[];
}
export const mergeEscrowRequestCodec: Codec<MergeEscrowRequest> = record({
  laneId: laneIdCodec,
  escrowIds: list(escrowIdCodec, 2, limits.escrowParts),
});

export interface PacketRequest {
  readonly packetId: PacketId;
}
export const packetRequestCodec: Codec<PacketRequest> = record({ packetId: packetIdCodec });
export interface PacketsRequest {
  readonly packetIds: readonly PacketId[];
}
export const packetsRequestCodec: Codec<PacketsRequest> = record({
  packetIds: list(packetIdCodec, 1, limits.pageSize),
});
export const emptyRequestCodec = record({});

const bookmark = text(/^[^]{0,1024}$/, 'a bookmark of at most 1024 characters');
const pageSize = integer(1, limits.pageSize);
/** Which part of a list is asked for. */
export interface PageRequest {
  readonly pageSize: number;
  readonly bookmark: string;
}
export const pageRequestFields = { pageSize, bookmark };
export interface ListNotesRequest {
  readonly owner: Account;
  readonly pageSize: number;
  readonly bookmark: string;
}
export const listNotesRequestCodec: Codec<ListNotesRequest> = record({ owner: accountCodec, pageSize, bookmark });
export interface ListEscrowRequest {
  readonly laneId: LaneId;
  readonly pageSize: number;
  readonly bookmark: string;
}
export const listEscrowRequestCodec: Codec<ListEscrowRequest> = record({ laneId: laneIdCodec, pageSize, bookmark });
/** Without a lane it is of all lanes, which is what was asked for before wire version 3. */
export interface ListInFlightRequest extends PageRequest {
  readonly laneId?: LaneId;
}
const listOfLane = record<ListInFlightRequest & { readonly laneId: LaneId }>({
  laneId: laneIdCodec,
  pageSize,
  bookmark,
});
const listOfAllLanes = record<PageRequest>({ pageSize, bookmark });
export const listInFlightRequestCodec: Codec<ListInFlightRequest> = {
  decode: (value, field) => {
    const hasLane = typeof value === 'object' && value !== null && 'laneId' in value;
    return (hasLane ? listOfLane : listOfAllLanes).decode(value, field);
  },
  encode: ({ laneId, ...page }) =>
    laneId === undefined ? listOfAllLanes.encode(page) : listOfLane.encode({ laneId, ...page }),
};

export interface NotesResponse {
  readonly txId: TxId;
  readonly noteIds: readonly NoteId[];
}
export const notesResponseCodec: Codec<NotesResponse> = record({
  txId: txIdCodec,
  noteIds: list(noteIdCodec, 0, limits.outputs + 1),
});

export interface SendResponse {
  readonly txId: TxId;
  readonly packetIds: readonly PacketId[];
  readonly noteIds: readonly NoteId[];
}
export const sendResponseCodec: Codec<SendResponse> = record({
  txId: txIdCodec,
  packetIds: list(packetIdCodec, 1, limits.outputs),
  noteIds: list(noteIdCodec, 0, 1),
});

export interface MergeEscrowResponse {
  readonly txId: TxId;
  readonly escrowId: EscrowId;
}
export const mergeEscrowResponseCodec: Codec<MergeEscrowResponse> = record({
  txId: txIdCodec,
  escrowId: escrowIdCodec,
});

/** What became of one entry of a batch; `skipped` wrote nothing and may be tried again. */
export interface EntryResult {
  readonly packetId: PacketId;
  readonly result: 'received' | 'refused' | 'delivered' | 'refunded' | 'already-done' | 'skipped';
  readonly code: string;
}
const entryResultCodec: Codec<EntryResult> = record({
  packetId: packetIdCodec,
  result: oneOf('received', 'refused', 'delivered', 'refunded', 'already-done', 'skipped'),
  code: codeCodec,
});

export interface ResultsResponse {
  readonly txId: TxId;
  readonly results: readonly EntryResult[];
}
export const resultsResponseCodec: Codec<ResultsResponse> = record({
  txId: txIdCodec,
  results: list(entryResultCodec, 1, limits.batchEntries),
});

export interface ConfigurationResponse {
  readonly txId: TxId;
  readonly hash: string;
}
export const configurationResponseCodec: Codec<ConfigurationResponse> = record({ txId: txIdCodec, hash: hashCodec });

/** A packet and what became of it at its source. */
export interface TransferResponse {
  readonly packet: Packet;
  readonly state: 'in-flight' | 'delivered' | 'refunded';
  readonly code: string;
  readonly settledTxId: string;
}
export const transferResponseCodec: Codec<TransferResponse> = record({
  packet: packetCodec,
  state: oneOf('in-flight', 'delivered', 'refunded'),
  code: codeCodec,
  settledTxId: text(/^([0-9a-f]{64})?$/, 'a transaction id or nothing'),
});

export const receiptsResponseCodec = list(receiptEntryCodec, 0, limits.pageSize);
export interface NotesPage {
  readonly entries: readonly Note[];
  readonly bookmark: string;
}
export const notesPageCodec: Codec<NotesPage> = record({ entries: list(noteCodec, 0, limits.pageSize), bookmark });
export interface EscrowPage {
  readonly entries: readonly EscrowNote[];
  readonly bookmark: string;
}
export const escrowPageCodec: Codec<EscrowPage> = record({
  entries: list(escrowNoteCodec, 0, limits.pageSize),
  bookmark,
});
export interface InFlightPage {
  readonly entries: readonly InFlight[];
  readonly bookmark: string;
}
export const inFlightPageCodec: Codec<InFlightPage> = record({
  entries: list(inFlightCodec, 0, limits.pageSize),
  bookmark,
});

export interface Mention {
  readonly id: PacketId;
  readonly laneId: LaneId;
}
const mention: Codec<Mention> = record({ id: packetIdCodec, laneId: laneIdCodec });
const mentions = list(mention, 0, limits.batchEntries);
/** Payload of the event `peg`: wakes relays, proves nothing. */
export interface PegEvent {
  readonly version: number;
  readonly packets: readonly Mention[];
  readonly receipts: readonly Mention[];
  readonly settled: readonly Mention[];
}
export const pegEventCodec: Codec<PegEvent> = record({
  version: integer(1, 1),
  packets: mentions,
  receipts: mentions,
  settled: mentions,
});
