// SPDX-License-Identifier: Apache-2.0

import { list, oneOf, record, type Shape, type Shaped, text, version1 } from '../codec/codec';
import {
  type Account,
  accountShape,
  type AssetId,
  assetIdShape,
  type ChainId,
  chainIdShape,
  type EscrowId,
  escrowIdShape,
  hashShape,
  indexShape,
  type Label,
  labelShape,
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

/** What lies on a ledger, field by field as docs/spec/02-notes.md and 03-transfer.md order them. */

/** A holding, spent whole; one whose path is not empty is a voucher. */
export interface Note {
  readonly version: 1;
  readonly id: NoteId;
  readonly owner: Account;
  readonly asset: AssetId;
  readonly label: Label;
  readonly quantity: bigint;
  readonly memo: string;
}
export const noteShape: Shape<Note> = record({
  version: version1,
  id: noteIdShape,
  owner: accountShape,
  asset: assetIdShape,
  label: labelShape,
  quantity: quantityShape,
  memo: memoShape,
});

/** Value locked into one lane; `label` as it was on this chain. */
export interface EscrowNote {
  readonly version: 1;
  readonly id: EscrowId;
  readonly laneId: LaneId;
  readonly asset: AssetId;
  readonly label: Label;
  readonly quantity: bigint;
}
export const escrowNoteShape: Shape<EscrowNote> = record({
  version: version1,
  id: escrowIdShape,
  laneId: laneIdShape,
  asset: assetIdShape,
  label: labelShape,
  quantity: quantityShape,
});

/** An issue or a retirement of an asset on its home chain. */
export interface SupplyRecord {
  readonly version: 1;
  readonly kind: 'issued' | 'retired';
  readonly asset: AssetId;
  readonly quantity: bigint;
  readonly account: Account;
}
export const supplyRecordShape: Shape<SupplyRecord> = record({
  version: version1,
  kind: oneOf('issued', 'retired'),
  asset: assetIdShape,
  quantity: quantityShape,
  account: accountShape,
});

export const packetKindShape = oneOf('transfer', 'retirement');
export type PacketKind = Shaped<typeof packetKindShape>;

/** One immutable outgoing record; `label` as it was on the source chain, `deadlineMs` 0 for a retirement. */
export interface Packet {
  readonly version: 1;
  readonly id: PacketId;
  readonly laneId: LaneId;
  readonly sourceChainId: ChainId;
  readonly destinationChainId: ChainId;
  readonly txId: TxId;
  readonly index: number;
  readonly kind: PacketKind;
  readonly sender: Account;
  readonly recipient: Account;
  readonly asset: AssetId;
  readonly label: Label;
  readonly quantity: bigint;
  readonly memo: string;
  readonly deadlineMs: bigint;
}
export const packetShape: Shape<Packet> = record({
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

/** A refusal code as it travels; empty when there is none. Codes that a newer counterpart may know are text to us. */
export const codeShape = text(/^[A-Z_]{0,64}$/, 'a refusal code or nothing');

const outcomeShape = oneOf('received', 'refused');
type Outcome = Shaped<typeof outcomeShape>;

/** The destination's permanent answer to one packet, as it travels. */
export interface Receipt {
  readonly version: 1;
  readonly packetId: PacketId;
  readonly packetHash: string;
  readonly laneId: LaneId;
  readonly outcome: Outcome;
  readonly code: string;
}
export const receiptShape: Shape<Receipt> = record({
  version: version1,
  packetId: packetIdShape,
  packetHash: hashShape,
  laneId: laneIdShape,
  outcome: outcomeShape,
  code: codeShape,
});

/** The same answer under its own key, with the transaction whose outbox holds the receipt. */
export interface ReceiptEntry {
  readonly version: 1;
  readonly packetId: PacketId;
  readonly packetHash: string;
  readonly laneId: LaneId;
  readonly outcome: Outcome;
  readonly code: string;
  readonly txId: TxId;
}
export const receiptEntryShape: Shape<ReceiptEntry> = record({
  version: version1,
  packetId: packetIdShape,
  packetHash: hashShape,
  laneId: laneIdShape,
  outcome: outcomeShape,
  code: codeShape,
  txId: txIdShape,
});

/** All that one transaction has to tell other chains; never changed. */
export interface OutboxRecord {
  readonly version: 1;
  readonly packets: readonly Packet[];
  readonly receipts: readonly Receipt[];
}
export const outboxRecordShape: Shape<OutboxRecord> = record({
  version: version1,
  packets: list(packetShape, 0, limits.batchEntries),
  receipts: list(receiptShape, 0, limits.batchEntries),
});

/** Points from a packet that is not settled to its outbox record. */
export interface InFlight {
  readonly version: 1;
  readonly packetId: PacketId;
  readonly laneId: LaneId;
  readonly txId: TxId;
  readonly index: number;
}
export const inFlightShape: Shape<InFlight> = record({
  version: version1,
  packetId: packetIdShape,
  laneId: laneIdShape,
  txId: txIdShape,
  index: indexShape,
});

/** What became of a packet at its source. */
export interface Settled {
  readonly version: 1;
  readonly packetId: PacketId;
  readonly laneId: LaneId;
  readonly txId: TxId;
  readonly index: number;
  readonly outcome: 'delivered' | 'refunded';
  readonly code: string;
  readonly settledTxId: TxId;
}
export const settledShape: Shape<Settled> = record({
  version: version1,
  packetId: packetIdShape,
  laneId: laneIdShape,
  txId: txIdShape,
  index: indexShape,
  outcome: oneOf('delivered', 'refunded'),
  code: codeShape,
  settledTxId: txIdShape,
});
