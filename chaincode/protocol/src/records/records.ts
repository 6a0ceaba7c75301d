// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one table, the records of value in the order of the specification.

import { list, oneOf, record, type Codec, type Decoded, text, version1 } from '../codec/codec';
import {
  type Account,
  accountCodec,
  type AssetId,
  assetIdCodec,
  type ChainId,
  chainIdCodec,
  type EscrowId,
  escrowIdCodec,
  hashCodec,
  indexCodec,
  type Label,
  labelCodec,
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
export const noteCodec: Codec<Note> = record({
  version: version1,
  id: noteIdCodec,
  owner: accountCodec,
  asset: assetIdCodec,
  label: labelCodec,
  quantity: quantityCodec,
  memo: memoCodec,
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
export const escrowNoteCodec: Codec<EscrowNote> = record({
  version: version1,
  id: escrowIdCodec,
  laneId: laneIdCodec,
  asset: assetIdCodec,
  label: labelCodec,
  quantity: quantityCodec,
});

/** An issue or a retirement of an asset on its home chain. */
export interface SupplyRecord {
  readonly version: 1;
  readonly kind: 'issued' | 'retired';
  readonly asset: AssetId;
  readonly quantity: bigint;
  readonly account: Account;
}
export const supplyRecordCodec: Codec<SupplyRecord> = record({
  version: version1,
  kind: oneOf('issued', 'retired'),
  asset: assetIdCodec,
  quantity: quantityCodec,
  account: accountCodec,
});

export const packetKindCodec = oneOf('transfer', 'retirement');
export type PacketKind = Decoded<typeof packetKindCodec>;

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
export const packetCodec: Codec<Packet> = record({
  version: version1,
  id: packetIdCodec,
  laneId: laneIdCodec,
  sourceChainId: chainIdCodec,
  destinationChainId: chainIdCodec,
  txId: txIdCodec,
  index: indexCodec,
  kind: packetKindCodec,
  sender: accountCodec,
  recipient: accountCodec,
  asset: assetIdCodec,
  label: labelCodec,
  quantity: quantityCodec,
  memo: memoCodec,
  deadlineMs: timeMsCodec,
});

/** A refusal code as it travels; empty when there is none. Codes of newer versions are text as well. */
export const codeCodec = text(/^[A-Z_]{0,64}$/, 'a refusal code or nothing');

const outcomeCodec = oneOf('received', 'refused');
type Outcome = Decoded<typeof outcomeCodec>;

/** The destination's permanent answer to one packet, as it travels. */
export interface Receipt {
  readonly version: 1;
  readonly packetId: PacketId;
  readonly packetHash: string;
  readonly laneId: LaneId;
  readonly outcome: Outcome;
  readonly code: string;
}
export const receiptCodec: Codec<Receipt> = record({
  version: version1,
  packetId: packetIdCodec,
  packetHash: hashCodec,
  laneId: laneIdCodec,
  outcome: outcomeCodec,
  code: codeCodec,
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
export const receiptEntryCodec: Codec<ReceiptEntry> = record({
  version: version1,
  packetId: packetIdCodec,
  packetHash: hashCodec,
  laneId: laneIdCodec,
  outcome: outcomeCodec,
  code: codeCodec,
  txId: txIdCodec,
});

/** All that one transaction states to other chains; never changed. */
export interface OutboxRecord {
  readonly version: 1;
  readonly packets: readonly Packet[];
  readonly receipts: readonly Receipt[];
}
export const outboxRecordCodec: Codec<OutboxRecord> = record({
  version: version1,
  packets: list(packetCodec, 0, limits.batchEntries),
  receipts: list(receiptCodec, 0, limits.batchEntries),
});

/** Points from a packet that is not settled to its outbox record. */
export interface InFlight {
  readonly version: 1;
  readonly packetId: PacketId;
  readonly laneId: LaneId;
  readonly txId: TxId;
  readonly index: number;
}
export const inFlightCodec: Codec<InFlight> = record({
  version: version1,
  packetId: packetIdCodec,
  laneId: laneIdCodec,
  txId: txIdCodec,
  index: indexCodec,
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
export const settledCodec: Codec<Settled> = record({
  version: version1,
  packetId: packetIdCodec,
  laneId: laneIdCodec,
  txId: txIdCodec,
  index: indexCodec,
  outcome: oneOf('delivered', 'refunded'),
  code: codeCodec,
  settledTxId: txIdCodec,
});
