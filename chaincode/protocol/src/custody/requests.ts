// SPDX-License-Identifier: Apache-2.0

import { type Certificate, certificateShape } from './certificate';
import { integer, list, oneOf, record, type Shape, text } from '../codec/codec';
import {
  type Account,
  accountShape,
  type AssetId,
  assetIdShape,
  type EscrowId,
  escrowIdShape,
  hashShape,
  type LaneId,
  laneIdShape,
  limits,
  memoShape,
  type NoteId,
  noteIdShape,
  type PacketId,
  packetIdShape,
  quantityShape,
  timeMsShape,
  type TxId,
  txIdShape,
} from '../codec/identifiers';
import {
  codeShape,
  type EscrowNote,
  escrowNoteShape,
  type InFlight,
  inFlightShape,
  type Note,
  noteShape,
  type Packet,
  type PacketKind,
  packetKindShape,
  packetShape,
  receiptEntryShape,
} from '../records/records';

/** Requests and answers of the contract `peg`; docs/spec/06-ledger.md. */

interface Output {
  readonly recipient: Account;
  readonly quantity: bigint;
  readonly memo: string;
}
const outputShape: Shape<Output> = record({ recipient: accountShape, quantity: quantityShape, memo: memoShape });
const outputs = list(outputShape, 1, limits.outputs);
const noteIds = list(noteIdShape, 1, limits.notesSpent);

export interface IssueRequest {
  readonly asset: AssetId;
  readonly outputs: readonly Output[];
}
export const issueRequestShape: Shape<IssueRequest> = record({ asset: assetIdShape, outputs });

export interface TransferRequest {
  readonly noteIds: readonly NoteId[];
  readonly outputs: readonly Output[];
}
export const transferRequestShape: Shape<TransferRequest> = record({ noteIds, outputs });

export interface RetireRequest {
  readonly noteIds: readonly NoteId[];
  readonly quantity: bigint;
}
export const retireRequestShape: Shape<RetireRequest> = record({ noteIds, quantity: quantityShape });

export interface SendOutput {
  readonly kind: PacketKind;
  readonly recipient: Account;
  readonly quantity: bigint;
  readonly memo: string;
}
const sendOutputShape: Shape<SendOutput> = record({
  kind: packetKindShape,
  recipient: accountShape,
  quantity: quantityShape,
  memo: memoShape,
});

export interface SendRequest {
  readonly laneId: LaneId;
  readonly noteIds: readonly NoteId[];
  readonly outputs: readonly SendOutput[];
  readonly deadlineMs: bigint;
}
export const sendRequestShape: Shape<SendRequest> = record({
  laneId: laneIdShape,
  noteIds,
  outputs: list(sendOutputShape, 1, limits.outputs),
  deadlineMs: timeMsShape,
});

/** Argument of `receive` and `settle`; `escrowIds` names escrow notes that may be consumed. */
export interface CertificateRequest {
  readonly certificate: Certificate;
  readonly escrowIds: readonly EscrowId[];
}
export const certificateRequestShape: Shape<CertificateRequest> = record({
  certificate: certificateShape,
  escrowIds: list(escrowIdShape, 0, limits.escrowParts),
});

/** Escrow notes of one lane, asset and label that become one. */
export interface MergeEscrowRequest {
  readonly laneId: LaneId;
  readonly escrowIds: readonly EscrowId[];
}
export const mergeEscrowRequestShape: Shape<MergeEscrowRequest> = record({
  laneId: laneIdShape,
  escrowIds: list(escrowIdShape, 2, limits.escrowParts),
});

export interface PacketRequest {
  readonly packetId: PacketId;
}
export const packetRequestShape: Shape<PacketRequest> = record({ packetId: packetIdShape });
export interface PacketsRequest {
  readonly packetIds: readonly PacketId[];
}
export const packetsRequestShape: Shape<PacketsRequest> = record({
  packetIds: list(packetIdShape, 1, limits.pageSize),
});
export const emptyRequestShape = record({});

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
export const listNotesRequestShape: Shape<ListNotesRequest> = record({ owner: accountShape, pageSize, bookmark });
export interface ListEscrowRequest {
  readonly laneId: LaneId;
  readonly pageSize: number;
  readonly bookmark: string;
}
export const listEscrowRequestShape: Shape<ListEscrowRequest> = record({ laneId: laneIdShape, pageSize, bookmark });
/** Without a lane it is of all lanes, which is what was asked for before wire version 3. */
export interface ListInFlightRequest extends PageRequest {
  readonly laneId?: LaneId;
}
const listOfLane = record<ListInFlightRequest & { readonly laneId: LaneId }>({
  laneId: laneIdShape,
  pageSize,
  bookmark,
});
const listOfAllLanes = record<PageRequest>({ pageSize, bookmark });
export const listInFlightRequestShape: Shape<ListInFlightRequest> = {
  read: (value, field) => {
    const hasLane = typeof value === 'object' && value !== null && 'laneId' in value;
    return (hasLane ? listOfLane : listOfAllLanes).read(value, field);
  },
  write: ({ laneId, ...page }) =>
    laneId === undefined ? listOfAllLanes.write(page) : listOfLane.write({ laneId, ...page }),
};

export interface NotesAnswer {
  readonly txId: TxId;
  readonly noteIds: readonly NoteId[];
}
export const notesAnswerShape: Shape<NotesAnswer> = record({
  txId: txIdShape,
  noteIds: list(noteIdShape, 0, limits.outputs + 1),
});

export interface SendAnswer {
  readonly txId: TxId;
  readonly packetIds: readonly PacketId[];
  readonly noteIds: readonly NoteId[];
}
export const sendAnswerShape: Shape<SendAnswer> = record({
  txId: txIdShape,
  packetIds: list(packetIdShape, 1, limits.outputs),
  noteIds: list(noteIdShape, 0, 1),
});

export interface MergeEscrowAnswer {
  readonly txId: TxId;
  readonly escrowId: EscrowId;
}
export const mergeEscrowAnswerShape: Shape<MergeEscrowAnswer> = record({ txId: txIdShape, escrowId: escrowIdShape });

/** What became of one entry of a batch; `skipped` wrote nothing and may be tried again. */
export interface EntryResult {
  readonly packetId: PacketId;
  readonly result: 'received' | 'refused' | 'delivered' | 'refunded' | 'already-done' | 'skipped';
  readonly code: string;
}
const entryResultShape: Shape<EntryResult> = record({
  packetId: packetIdShape,
  result: oneOf('received', 'refused', 'delivered', 'refunded', 'already-done', 'skipped'),
  code: codeShape,
});

export interface ResultsAnswer {
  readonly txId: TxId;
  readonly results: readonly EntryResult[];
}
export const resultsAnswerShape: Shape<ResultsAnswer> = record({
  txId: txIdShape,
  results: list(entryResultShape, 1, limits.batchEntries),
});

export interface ConfigurationAnswer {
  readonly txId: TxId;
  readonly hash: string;
}
export const configurationAnswerShape: Shape<ConfigurationAnswer> = record({ txId: txIdShape, hash: hashShape });

/** A packet and what became of it at its source. */
export interface TransferAnswer {
  readonly packet: Packet;
  readonly state: 'in-flight' | 'delivered' | 'refunded';
  readonly code: string;
  readonly settledTxId: string;
}
export const transferAnswerShape: Shape<TransferAnswer> = record({
  packet: packetShape,
  state: oneOf('in-flight', 'delivered', 'refunded'),
  code: codeShape,
  settledTxId: text(/^([0-9a-f]{64})?$/, 'a transaction id or nothing'),
});

export const receiptsAnswerShape = list(receiptEntryShape, 0, limits.pageSize);
export interface NotesPage {
  readonly entries: readonly Note[];
  readonly bookmark: string;
}
export const notesPageShape: Shape<NotesPage> = record({ entries: list(noteShape, 0, limits.pageSize), bookmark });
export interface EscrowPage {
  readonly entries: readonly EscrowNote[];
  readonly bookmark: string;
}
export const escrowPageShape: Shape<EscrowPage> = record({
  entries: list(escrowNoteShape, 0, limits.pageSize),
  bookmark,
});
export interface InFlightPage {
  readonly entries: readonly InFlight[];
  readonly bookmark: string;
}
export const inFlightPageShape: Shape<InFlightPage> = record({
  entries: list(inFlightShape, 0, limits.pageSize),
  bookmark,
});

export interface Mention {
  readonly id: PacketId;
  readonly laneId: LaneId;
}
const mention: Shape<Mention> = record({ id: packetIdShape, laneId: laneIdShape });
const mentions = list(mention, 0, limits.batchEntries);
/** Payload of the event `peg`: wakes relays, proves nothing. */
export interface PegEvent {
  readonly version: number;
  readonly packets: readonly Mention[];
  readonly receipts: readonly Mention[];
  readonly settled: readonly Mention[];
}
export const pegEventShape: Shape<PegEvent> = record({
  version: integer(1, 1),
  packets: mentions,
  receipts: mentions,
  settled: mentions,
});
