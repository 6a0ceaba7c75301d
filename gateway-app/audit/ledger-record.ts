// SPDX-License-Identifier: Apache-2.0

import {
  decode,
  escrowNoteShape,
  inFlightShape,
  laneShape,
  noteKeyAttributes,
  noteShape,
  outboxRecordShape,
  parseStateKey,
  receiptEntryShape,
  Refused,
  settledShape,
  supplyRecordShape,
  type EscrowNote,
  type InFlight,
  type Lane,
  type Note,
  type OutboxRecord,
  type ReceiptEntry,
  type Settled,
  type Shape,
  type SupplyRecord,
} from '@gridpeg/protocol';

/** The records that an audit adds up, by object type; docs/spec/06-ledger.md. */
export interface LedgerRecords {
  readonly note: Note;
  readonly escrow: EscrowNote;
  readonly supply: SupplyRecord;
  readonly outbox: OutboxRecord;
  readonly inflight: InFlight;
  readonly settled: Settled;
  readonly receipt: ReceiptEntry;
  readonly lane: Lane;
}
export type AuditedType = keyof LedgerRecords;

const shapes: { readonly [T in AuditedType]: Shape<LedgerRecords[T]> } = {
  note: noteShape,
  escrow: escrowNoteShape,
  supply: supplyRecordShape,
  outbox: outboxRecordShape,
  inflight: inFlightShape,
  settled: settledShape,
  receipt: receiptEntryShape,
  lane: laneShape,
};

/** The attributes of the key under which a record belongs; undefined when the record does not say. */
const attributes: { readonly [T in AuditedType]: (value: LedgerRecords[T]) => readonly string[] | undefined } = {
  note: ({ id }) => noteKeyAttributes(id),
  escrow: ({ laneId, id }) => [laneId, ...id.split('-')],
  supply: () => undefined,
  outbox: () => undefined,
  inflight: ({ packetId }) => [packetId],
  settled: ({ packetId }) => [packetId],
  receipt: ({ packetId }) => [packetId],
  lane: ({ id }) => [id],
};

/** The type of a key, and its attributes; undefined for keys that an audit does not add up. */
export function auditedKey(
  key: string,
): { readonly type: AuditedType; readonly attributes: readonly string[] } | undefined {
  const parsed = parseStateKey(key);
  if (parsed === undefined || !isAuditedType(parsed.type)) return undefined;
  return { type: parsed.type, attributes: parsed.attributes };
}

/**
 * Reads a record with the codec that chaincode writes it with.
 *
 * @returns undefined when the text is not such a record, or is one that belongs under another key
 */
export function parseRecord<T extends AuditedType>(
  type: T,
  keyAttributes: readonly string[],
  text: string,
): LedgerRecords[T] | undefined {
  try {
    const value = decode(shapes[type], text);
    const expected = attributes[type](value);
    return expected === undefined || expected.join('\u0000') === keyAttributes.join('\u0000') ? value : undefined;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

function isAuditedType(type: string): type is AuditedType {
  return Object.hasOwn(shapes, type);
}
