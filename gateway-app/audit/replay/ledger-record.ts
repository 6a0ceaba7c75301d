// SPDX-License-Identifier: Apache-2.0

import {
  absenceCodec,
  approvalCodec,
  assetStatusCodec,
  assetUsageCodec,
  chainRecordCodec,
  consentCodec,
  decode,
  escrowNoteCodec,
  evidenceRecordCodec,
  formerTrustCodec,
  inFlightCodec,
  labelHashOf,
  laneCodec,
  laneStatusCodec,
  notaryKeyHashOf,
  notaryStatusCodec,
  noteKeyAttributes,
  noteCodec,
  outboxRecordCodec,
  parseStateKey,
  pastCommitteeCodec,
  questionHashOf,
  receiptEntryCodec,
  Refused,
  replacementCodec,
  settledCodec,
  storedAssetCodec,
  storedConfigurationCodec,
  storedProposalCodec,
  supplyRecordCodec,
  trustRecordCodec,
  rateLimitUsageCodec,
  type ObjectType,
  type Codec,
  type Decoded,
} from '@gridpeg/protocol';

/** This is longer than any record. The longest is a proposal, which holds a configuration. */
const maximumLength = 4_194_304;

const records = {
  configuration: storedConfigurationCodec,
  approval: approvalCodec,
  chain: chainRecordCodec,
  asset: storedAssetCodec,
  'asset-standing': assetStatusCodec,
  'asset-usage': assetUsageCodec,
  trust: trustRecordCodec,
  'former-trust': formerTrustCodec,
  lane: laneCodec,
  note: noteCodec,
  escrow: escrowNoteCodec,
  supply: supplyRecordCodec,
  outbox: outboxRecordCodec,
  'lane-inflight': inFlightCodec,
  inflight: inFlightCodec,
  settled: settledCodec,
  receipt: receiptEntryCodec,
  usage: rateLimitUsageCodec,
  standing: laneStatusCodec,
  notary: notaryStatusCodec,
  replacement: replacementCodec,
  proposal: storedProposalCodec,
  consent: consentCodec,
  committee: pastCommitteeCodec,
  absence: absenceCodec,
  evidence: evidenceRecordCodec,
} as const satisfies { readonly [T in ObjectType]: unknown };

/** Every record of a ledger, by object type; docs/spec/06-ledger.md. */
export type LedgerRecords = { readonly [T in ObjectType]: Decoded<(typeof records)[T]> };

const shapes: { readonly [T in ObjectType]: Codec<LedgerRecords[T]> } = records;

/** The attributes of the key under which a record belongs; undefined when the record does not say. */
const attributes: { readonly [T in ObjectType]: (value: LedgerRecords[T]) => readonly string[] | undefined } = {
  configuration: () => [],
  approval: () => undefined,
  chain: () => [],
  asset: ({ id }) => [id],
  'asset-standing': ({ asset }) => [asset],
  'asset-usage': ({ asset, shard }) => [asset, shard.toString()],
  trust: ({ chainId }) => [chainId],
  'former-trust': ({ trust, slot }) => [trust.chainId, slot.toString()],
  lane: ({ id }) => [id],
  note: ({ id }) => noteKeyAttributes(id),
  escrow: ({ laneId, id }) => [laneId, ...id.split('-')],
  supply: () => undefined,
  outbox: () => undefined,
  'lane-inflight': ({ laneId, packetId }) => [laneId, packetId],
  inflight: ({ packetId }) => [packetId],
  settled: ({ packetId }) => [packetId],
  receipt: ({ packetId }) => [packetId],
  usage: (usage) => [
    ...[usage.laneId, usage.asset, ...(usage.version === 2 ? [labelHashOf(usage.label)] : [])],
    usage.shard.toString(),
  ],
  standing: ({ laneId }) => [laneId],
  notary: ({ publicKey }) => [notaryKeyHashOf(publicKey)],
  replacement: ({ chainId }) => [chainId],
  proposal: ({ organization }) => [organization],
  consent: () => undefined,
  committee: ({ chainId, committee }) => [chainId, committee.epoch.toString()],
  absence: ({ question }) => [questionHashOf(question)],
  evidence: ({ kind, about, sourceChainId, packetId }) => [kind, about, sourceChainId, packetId],
};

/** A key of the peg, taken apart. */
export interface RecordKey {
  readonly type: ObjectType;
  readonly attributes: readonly string[];
}

/** @returns undefined for a key that is none of docs/spec/06-ledger.md */
export function recordKey(key: string): RecordKey | undefined {
  const parsed = parseStateKey(key);
  if (parsed === undefined || !isObjectType(parsed.type)) return undefined;
  return { type: parsed.type, attributes: parsed.attributes };
}

/**
 * Reads a record with the codec that chaincode writes it with.
 *
 * @returns undefined when the text is not such a record, or is one that belongs under another key
 */
export function parseRecord<T extends ObjectType>(
  type: T,
  keyAttributes: readonly string[],
  text: string,
): LedgerRecords[T] | undefined {
  try {
    const value = decode(shapes[type], text, maximumLength);
    const expected = attributes[type](value);
    return expected === undefined || expected.join('\u0000') === keyAttributes.join('\u0000') ? value : undefined;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

function isObjectType(type: string): type is ObjectType {
  return Object.hasOwn(records, type);
}
