// SPDX-License-Identifier: Apache-2.0

import { list, oneOf, record, text, version1, type Shaped } from './codec';
import {
  accountShape,
  assetIdShape,
  chainIdShape,
  escrowIdShape,
  hashShape,
  indexShape,
  labelShape,
  laneIdShape,
  limits,
  memoShape,
  noteIdShape,
  packetIdShape,
  quantityShape,
  timeMsShape,
  txIdShape,
} from './identifiers';

/** What lies on a ledger, field by field as docs/spec/02-notes.md and 03-transfer.md order them. */

export const noteShape = record({
  version: version1,
  id: noteIdShape,
  owner: accountShape,
  asset: assetIdShape,
  label: labelShape,
  quantity: quantityShape,
  memo: memoShape,
});
/** A holding, spent whole; one whose path is not empty is a voucher. */
export type Note = Shaped<typeof noteShape>;

export const escrowNoteShape = record({
  version: version1,
  id: escrowIdShape,
  laneId: laneIdShape,
  asset: assetIdShape,
  label: labelShape,
  quantity: quantityShape,
});
/** Value locked into one lane; `label` as it was on this chain. */
export type EscrowNote = Shaped<typeof escrowNoteShape>;

export const supplyRecordShape = record({
  version: version1,
  kind: oneOf('issued', 'retired'),
  asset: assetIdShape,
  quantity: quantityShape,
  account: accountShape,
});
/** An issue or a retirement of an asset on its home chain. */
export type SupplyRecord = Shaped<typeof supplyRecordShape>;

export const packetKindShape = oneOf('transfer', 'retirement');
export type PacketKind = Shaped<typeof packetKindShape>;

export const packetShape = record({
  version: version1,
  id: packetIdShape,
  laneId: laneIdShape,
  sourceChainId: chainIdShape,
  destinationChainId: chainIdShape,
  txId: txIdShape,
  index: indexShape,
  kind: packetKindShape,
  sender: accountShape,
  recipient: accountShape,
  asset: assetIdShape,
  label: labelShape,
  quantity: quantityShape,
  memo: memoShape,
  deadlineMs: timeMsShape,
});
/** One immutable outgoing record; `label` as it was on the source chain, `deadlineMs` 0 for a retirement. */
export type Packet = Shaped<typeof packetShape>;

/** A refusal code as it travels; empty when there is none. Codes that a newer counterpart may know are text to us. */
export const codeShape = text(/^[A-Z_]{0,64}$/, 'a refusal code or nothing');

export const outcomeShape = oneOf('received', 'refused');
export type Outcome = Shaped<typeof outcomeShape>;

export const receiptShape = record({
  version: version1,
  packetId: packetIdShape,
  packetHash: hashShape,
  laneId: laneIdShape,
  outcome: outcomeShape,
  code: codeShape,
});
/** The destination's permanent answer to one packet, as it travels. */
export type Receipt = Shaped<typeof receiptShape>;

export const receiptEntryShape = record({
  version: version1,
  packetId: packetIdShape,
  packetHash: hashShape,
  laneId: laneIdShape,
  outcome: outcomeShape,
  code: codeShape,
  txId: txIdShape,
});
/** The same answer under its own key, with the transaction whose outbox holds the receipt. */
export type ReceiptEntry = Shaped<typeof receiptEntryShape>;

export const outboxRecordShape = record({
  version: version1,
  packets: list(packetShape, 0, limits.batchEntries),
  receipts: list(receiptShape, 0, limits.batchEntries),
});
/** All that one transaction has to tell other chains; never changed. */
export type OutboxRecord = Shaped<typeof outboxRecordShape>;

export const inFlightShape = record({
  version: version1,
  packetId: packetIdShape,
  laneId: laneIdShape,
  txId: txIdShape,
  index: indexShape,
});
/** Points from a packet that is not settled to its outbox record. */
export type InFlight = Shaped<typeof inFlightShape>;

export const settledShape = record({
  version: version1,
  packetId: packetIdShape,
  laneId: laneIdShape,
  txId: txIdShape,
  index: indexShape,
  outcome: oneOf('delivered', 'refunded'),
  code: codeShape,
  settledTxId: txIdShape,
});
/** What became of a packet at its source. */
export type Settled = Shaped<typeof settledShape>;
