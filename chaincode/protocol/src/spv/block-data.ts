// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { Refused } from '../codec/refusal';
import { type BlockHeader } from './block-header';
import { readEnvelope, readHeader, readPayload, readWholeChannelHeader } from './fabric-block';

/**
 * Verifies that these envelopes are a block's whole data. The data hash covers their bytes without their lengths, so
 * each must also be an envelope as Fabric's orderers write it: then the bytes can be split in one way only.
 *
 * @throws Refused BLOCK_DATA_DIFFERS, ENVELOPE_MALFORMED
 */
export function verifyBlockData(envelopes: readonly Buffer[], { number, dataHash }: BlockHeader): void {
  const hash = createHash('sha256');
  for (const envelope of envelopes) hash.update(envelope);
  if (hash.digest('hex') !== dataHash) throw new Refused({ code: 'BLOCK_DATA_DIFFERS', block: number.toString() });
  const index = envelopes.findIndex((envelope) => !isOneEnvelope(envelope));
  if (index >= 0) throw new Refused({ code: 'ENVELOPE_MALFORMED', index });
}

const payloadTag = 0x0a;
const signatureTag = 0x12;

/**
 * Whether bytes are payload and signature, neither empty, and then nothing but fields that Fabric does not know: what
 * Fabric's protoutil.VerifyTransactionsAreWellFormed takes.
 */
function isOneEnvelope(bytes: Buffer): boolean {
  const signature = fieldEnd(bytes, 0, payloadTag);
  let end = signature === undefined ? undefined : fieldEnd(bytes, signature, signatureTag);
  while (end !== undefined && end < bytes.length) end = unknownFieldEnd(bytes, end);
  return end === bytes.length;
}

/** Where a length-delimited field ends, which may be too far; undefined when another one is there, or an empty one. */
function fieldEnd(bytes: Buffer, start: number, tag: number): number | undefined {
  if (bytes[start] !== tag) return undefined;
  const length = readVarint(bytes, start + 1);
  if (length === undefined || length.value === 0 || !length.isShortest) return undefined;
  return length.end + length.value;
}

/** Where a field ends that an envelope does not have, a group with all that is in it. */
function unknownFieldEnd(bytes: Buffer, start: number): number | undefined {
  const open: number[] = [];
  let end: number | undefined = start;
  do {
    const tag = readVarint(bytes, end);
    if (tag === undefined || !isAllowed(tag.value, open)) return undefined;
    end = valueEnd(bytes, tag.end, tag.value % 8);
  } while (end !== undefined && open.length > 0);
  return end;
}

/** Whether a field may be there, by its tag. @param open - numbers of the groups around it, which it changes */
function isAllowed(tag: number, open: number[]): boolean {
  const number = Math.floor(tag / 8);
  const wireType = tag % 8;
  if (number === 0 || (open.length === 0 && number <= 2 && wireType === 2)) return false;
  if (wireType === 3) open.push(number);
  return wireType !== 4 || open.pop() === number;
}

/** By the wire types of protobuf: number, eight bytes, length and bytes, a group's beginning or end, four bytes. */
function valueEnd(bytes: Buffer, start: number, wireType: number): number | undefined {
  if (wireType === 0) return readVarint(bytes, start)?.end;
  if (wireType === 1) return within(bytes, start + 8);
  if (wireType === 3 || wireType === 4) return start;
  if (wireType === 5) return within(bytes, start + 4);
  const length = wireType === 2 ? readVarint(bytes, start) : undefined;
  return length === undefined ? undefined : within(bytes, length.end + length.value);
}

function within(bytes: Buffer, end: number): number | undefined {
  return end <= bytes.length ? end : undefined;
}

interface Varint {
  readonly value: number;
  readonly end: number;
  /** Whether it has no byte that says nothing. */
  readonly isShortest: boolean;
}

/** At most ten bytes; values of 2^32 and more come out as they are, but no length here is as large. */
function readVarint(bytes: Buffer, start: number): Varint | undefined {
  let value = 0;
  for (let place = 0; place < 10; place += 1) {
    const byte = bytes[start + place];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80) return { value, end: start + place + 1, isShortest: byte !== 0 || place === 0 };
  }
  return undefined;
}

/** The channel that an envelope names; undefined when it cannot be read as Fabric writes it. */
export function channelNamedIn(envelope: Buffer): string | undefined {
  try {
    const { header } = readPayload(readEnvelope(envelope).payload);
    return readWholeChannelHeader(readHeader(header).channelHeader).channelId.toString('utf8');
  } catch {
    return undefined;
  }
}
