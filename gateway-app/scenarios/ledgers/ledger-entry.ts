// SPDX-License-Identifier: Apache-2.0

import {
  decode,
  noteIdCodec,
  outboxRecordCodec,
  parseStateKey,
  txIdCodec,
  type NoteId,
  type Packet,
  type Receipt,
  type TxId,
} from '@gridpeg/protocol';

/** What one VALID transaction did, as far as the day needs to know. */
export interface LedgerEntry {
  readonly txId: TxId;
  readonly packets: readonly Packet[];
  /** They are in the order in which they were decided. */
  readonly receipts: readonly Receipt[];
  readonly spent: readonly NoteId[];
}

/** The entries of one block, in order. */
export interface LedgerBlock {
  readonly number: bigint;
  readonly entries: readonly LedgerEntry[];
}

/**
 * Reads what a transaction wrote.
 *
 * @param transaction - `writes`: in the namespace of the chaincode; a value is undefined when its key was deleted
 * @throws Refused REQUEST_MALFORMED when a record cannot be decoded; a day must not take it for absent
 */
export function ledgerEntry(transaction: {
  readonly txId: string;
  readonly writes: ReadonlyArray<{ readonly key: string; readonly value: string | undefined }>;
}): LedgerEntry {
  const writes = transaction.writes.map(({ key, value }) => ({ key: parseStateKey(key), value }));
  const outbox = writes.find(({ key, value }) => key?.type === 'outbox' && value !== undefined)?.value;
  const { packets, receipts } =
    outbox === undefined ? { packets: [], receipts: [] } : decode(outboxRecordCodec, outbox);
  const spent = writes.flatMap(({ key, value }) =>
    key?.type === 'note' && value === undefined ? [noteIdCodec.decode(key.attributes.join('-'), 'noteId')] : [],
  );
  return { txId: txIdCodec.decode(transaction.txId, 'txId'), packets, receipts, spent };
}
