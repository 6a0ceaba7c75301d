// SPDX-License-Identifier: Apache-2.0

import { decimal, integer, list, record, type Codec, text } from './codec';
import { hash } from './hash';

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

/** `<channel name>-<hash of the genesis block's header>`. */
export type ChainId = Id<'ChainId'>;
export type LaneId = Id<'LaneId'>;
/** `<home chain's name>/<name>`. */
export type AssetId = Id<'AssetId'>;
export type MspId = Id<'MspId'>;
/** `<MSP id>/<common name>`. */
export type Account = Id<'Account'>;
export type TxId = Id<'TxId'>;
export type PacketId = Id<'PacketId'>;
/** `<owner tag>-<transaction id>-<index>`. */
export type NoteId = Id<'NoteId'>;
/** `<transaction id>-<index>`. */
export type EscrowId = Id<'EscrowId'>;

/** Bounds of docs/spec; a change of one is a change of the protocol. */
export const limits = {
  quantity: 10n ** 18n - 1n,
  pathLength: 8,
  notesSpent: 50,
  outputs: 50,
  batchEntries: 100,
  escrowParts: 200,
  endorsements: 16,
  skewSeconds: 60,
  deadlineAheadMs: 30n * 24n * 3600n * 1000n,
  delayMs: 14n * 24n * 3600n * 1000n,
  proposalLifeMs: 30n * 24n * 3600n * 1000n,
  configurationLength: 1_000_000,
  firstEpoch: 1_000_000_000,
  pageSize: 1000,
  /** Trust records of one chain that are kept for evidence after urgent changes. */
  formerTrust: 8,
} as const;

const hex64 = '[0-9a-f]{64}';
export const hashCodec = text(new RegExp(`^${hex64}$`), '64 lower-case hex digits');
export const chainIdCodec = text<ChainId>(
  new RegExp(`^[a-z][a-z0-9.-]{0,63}-${hex64}$`),
  '<channel name>-<64 hex digits>',
);
export const laneIdCodec = text<LaneId>(/^[a-z][a-z0-9-]{0,63}$/, 'a lane id ([a-z][a-z0-9-]*)');
export const assetIdCodec = text<AssetId>(
  /^[a-z][a-z0-9.-]{0,63}\/[a-z][a-z0-9-]{0,31}$/,
  '<home chain>/<asset>, as city/energy',
);
export const mspIdCodec = text<MspId>(/^[A-Za-z0-9.-]{1,64}$/, 'an MSP id');
export const accountCodec = text<Account>(
  /^[A-Za-z0-9.-]{1,64}\/[A-Za-z0-9@._-]{1,128}$/,
  '<MSP id>/<common name>, as GridMSP/User1@grid.example.com',
);
export const txIdCodec = text<TxId>(new RegExp(`^${hex64}$`), 'a transaction id (64 hex digits)');
export const packetIdCodec = text<PacketId>(new RegExp(`^${hex64}$`), 'a packet id (64 hex digits)');
export const noteIdCodec = text<NoteId>(new RegExp(`^[0-9a-f]{16}-${hex64}-(0|[1-9][0-9]{0,3})$`), 'a note id');
export const escrowIdCodec = text<EscrowId>(new RegExp(`^${hex64}-(0|[1-9][0-9]{0,3})$`), 'an escrow id');
export const memoCodec = text(/^[\x20-\x7e]{0,128}$/, 'at most 128 printable ASCII characters');
export const indexCodec = integer(0, 9999);
/** A quantity in the asset's unit; that of energy is the watt-hour. */
export const quantityCodec: Codec<bigint> = decimal(1n, limits.quantity);
/** Unix milliseconds. */
export const timeMsCodec: Codec<bigint> = decimal(0n, 10n ** 15n - 1n);

/** Where an asset is at home and the lanes it came through, oldest first; at home the path is empty. */
export interface Label {
  readonly home: ChainId;
  readonly path: readonly LaneId[];
}
export const labelCodec: Codec<Label> = record({ home: chainIdCodec, path: list(laneIdCodec, 0, limits.pathLength) });

/** Notes are fungible when asset and label are equal. */
export function sameClass(a: { asset: AssetId; label: Label }, b: { asset: AssetId; label: Label }): boolean {
  return classOf(a) === classOf(b);
}

/** One text per fungible class, for maps and comparison. */
export function classOf(value: { asset: AssetId; label: Label }): string {
  return [value.asset, value.label.home, ...value.label.path].join(' ');
}

/** One hash per label, for keys. */
export function labelHashOf({ home, path }: Label): string {
  return hash('gridpeg/v1/label', home, ...path);
}

/** The channel's name within a chain id. */
export function channelOf(chainId: ChainId): string {
  return chainId.slice(0, -65);
}

/** The organization within an account. */
export function mspOf(account: Account): MspId {
  return mspIdCodec.decode(account.slice(0, account.indexOf('/')), 'account');
}

/** @returns the id of packet `index` of a transaction; docs/spec/01-encoding.md section 1.4 */
export function packetIdOf(source: ChainId, txId: TxId, index: number): PacketId {
  return packetIdCodec.decode(hash('gridpeg/v1/packet-id', source, txId, index), 'packetId');
}

/** First 16 hex digits of the owner hash: lets one key hold a note and still list notes by owner. */
export function ownerTagOf(owner: Account): string {
  return hash('gridpeg/v1/owner', owner).slice(0, 16);
}

export function noteIdOf(owner: Account, txId: TxId, index: number): NoteId {
  return noteIdCodec.decode(`${ownerTagOf(owner)}-${txId}-${index.toString()}`, 'noteId');
}

export function escrowIdOf(txId: TxId, index: number): EscrowId {
  return escrowIdCodec.decode(`${txId}-${index.toString()}`, 'escrowId');
}
