// SPDX-License-Identifier: Apache-2.0

import { certificateShape } from './certificate';
import { integer, list, oneOf, record, text, type Shaped } from './codec';
import {
  accountShape,
  assetIdShape,
  escrowIdShape,
  hashShape,
  laneIdShape,
  limits,
  memoShape,
  noteIdShape,
  packetIdShape,
  quantityShape,
  timeMsShape,
  txIdShape,
} from './identifiers';
import {
  codeShape,
  escrowNoteShape,
  inFlightShape,
  noteShape,
  packetKindShape,
  packetShape,
  receiptEntryShape,
} from './records';

/** Requests and answers of the contract `peg`; docs/spec/06-ledger.md. */

export const outputShape = record({ recipient: accountShape, quantity: quantityShape, memo: memoShape });
export type Output = Shaped<typeof outputShape>;
const outputs = list(outputShape, 1, limits.outputs);
const noteIds = list(noteIdShape, 1, limits.notesSpent);

export const issueRequestShape = record({ asset: assetIdShape, outputs });
export type IssueRequest = Shaped<typeof issueRequestShape>;

export const transferRequestShape = record({ noteIds, outputs });
export type TransferRequest = Shaped<typeof transferRequestShape>;

export const retireRequestShape = record({ noteIds, quantity: quantityShape });
export type RetireRequest = Shaped<typeof retireRequestShape>;

export const sendOutputShape = record({
  kind: packetKindShape,
  recipient: accountShape,
  quantity: quantityShape,
  memo: memoShape,
});
export type SendOutput = Shaped<typeof sendOutputShape>;

export const sendRequestShape = record({
  laneId: laneIdShape,
  noteIds,
  outputs: list(sendOutputShape, 1, limits.outputs),
  deadlineMs: timeMsShape,
});
export type SendRequest = Shaped<typeof sendRequestShape>;

export const certificateRequestShape = record({
  certificate: certificateShape,
  escrowIds: list(escrowIdShape, 0, limits.batchEntries * 2),
});
/** Argument of `receive` and `settle`; `escrowIds` names escrow notes that may be consumed. */
export type CertificateRequest = Shaped<typeof certificateRequestShape>;

export const packetRequestShape = record({ packetId: packetIdShape });
export const packetsRequestShape = record({ packetIds: list(packetIdShape, 1, limits.pageSize) });
export const emptyRequestShape = record({});

const bookmark = text(/^[^]{0,1024}$/, 'a bookmark of at most 1024 characters');
const pageSize = integer(1, limits.pageSize);
export const listNotesRequestShape = record({ owner: accountShape, pageSize, bookmark });
export const listEscrowRequestShape = record({ laneId: laneIdShape, pageSize, bookmark });
export const listInFlightRequestShape = record({ pageSize, bookmark });

export const notesAnswerShape = record({ txId: txIdShape, noteIds: list(noteIdShape, 0, limits.outputs + 1) });
export type NotesAnswer = Shaped<typeof notesAnswerShape>;

export const sendAnswerShape = record({
  txId: txIdShape,
  packetIds: list(packetIdShape, 1, limits.outputs),
  noteIds: list(noteIdShape, 0, 1),
});
export type SendAnswer = Shaped<typeof sendAnswerShape>;

export const entryResultShape = record({
  packetId: packetIdShape,
  result: oneOf('received', 'refused', 'delivered', 'refunded', 'already-done', 'skipped'),
  code: codeShape,
});
/** What became of one entry of a batch; `skipped` wrote nothing and may be tried again. */
export type EntryResult = Shaped<typeof entryResultShape>;

export const resultsAnswerShape = record({ txId: txIdShape, results: list(entryResultShape, 1, limits.batchEntries) });
export type ResultsAnswer = Shaped<typeof resultsAnswerShape>;

export const configurationAnswerShape = record({ txId: txIdShape, hash: hashShape });

export const transferAnswerShape = record({
  packet: packetShape,
  state: oneOf('in-flight', 'delivered', 'refunded'),
  code: codeShape,
  settledTxId: text(/^([0-9a-f]{64})?$/, 'a transaction id or nothing'),
});
/** A packet and what became of it at its source. */
export type TransferAnswer = Shaped<typeof transferAnswerShape>;

export const receiptsAnswerShape = list(receiptEntryShape, 0, limits.pageSize);
export const notesPageShape = record({ entries: list(noteShape, 0, limits.pageSize), bookmark });
export const escrowPageShape = record({ entries: list(escrowNoteShape, 0, limits.pageSize), bookmark });
export const inFlightPageShape = record({ entries: list(inFlightShape, 0, limits.pageSize), bookmark });

const mention = record({ id: packetIdShape, laneId: laneIdShape });
const mentions = list(mention, 0, limits.batchEntries);
export const pegEventShape = record({
  version: integer(1, 1),
  packets: mentions,
  receipts: mentions,
  settled: mentions,
});
/** Payload of the event `peg`: wakes relays, proves nothing. */
export type PegEvent = Shaped<typeof pegEventShape>;
