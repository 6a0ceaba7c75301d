// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { type ProposalBytes } from '@gridpeg/protocol';
import { message } from '@gridpeg/protocol/testing';
import { common } from '@hyperledger/fabric-protos';

const parts = ['channelHeader', 'signatureHeader', 'proposalPayload'] as const;
const chunks = ({ channelHeader, signatureHeader, proposalPayload }: ProposalBytes): readonly Buffer[] => [
  channelHeader,
  signatureHeader,
  proposalPayload,
];

/** The bytes that the parts are cut from, cut at two other places. */
export function cut(bytes: Buffer, first: number, second: number): ProposalBytes {
  return {
    channelHeader: bytes.subarray(0, first),
    signatureHeader: bytes.subarray(first, second),
    proposalPayload: bytes.subarray(second),
  };
}

/** Where fields of a protobuf message end, from a place on to where no more can be read. No message ends elsewhere. */
export function fieldEnds(bytes: Buffer, from: number): readonly number[] {
  const ends = [from];
  for (let end = endOfField(bytes, from); end !== undefined; end = endOfField(bytes, end)) ends.push(end);
  return ends;
}

function endOfField(bytes: Buffer, start: number): number | undefined {
  const [tag, afterTag] = varint(bytes, start);
  if (afterTag === undefined) return undefined;
  const [length, afterLength] = varint(bytes, afterTag);
  const fixed = { 1: 8, 5: 4 }[tag & 7];
  const ends = { 0: afterLength, 2: afterLength && afterLength + length }[tag & 7] ?? (fixed && afterTag + fixed);
  return ends !== undefined && ends <= bytes.length ? ends : undefined;
}

function varint(bytes: Buffer, start: number): readonly [value: number, end: number | undefined] {
  let value = 0;
  for (let index = 0; index < 10; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) return [0, undefined];
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return [value, start + index + 1];
  }
  return [0, undefined];
}

/** Changes of a proposal that any reader of a channel can send to its peers, by name. */
export class ProposalForger {
  readonly #random: () => number;
  readonly #real: readonly ProposalBytes[];

  constructor(real: readonly ProposalBytes[], random: () => number) {
    [this.#real, this.#random] = [real, random];
  }

  get ways(): ReadonlyArray<readonly [string, () => ProposalBytes]> {
    return [
      ['as it is', () => this.#pick(this.#real)],
      ['cut where fields end', () => this.#cutAtFields(Buffer.concat(chunks(this.#pick(this.#real))))],
      ['cut anywhere', () => this.#cutAnywhere()],
      ['padded with a field', () => this.#change((bytes) => this.#join(bytes, this.#field(this.#someBytes())))],
      ['padded with bytes', () => this.#change((bytes) => this.#join(bytes, this.#someBytes()))],
      ['a field repeated', () => this.#change((bytes) => this.#repeat(bytes))],
      ['a part repeated', () => this.#change((bytes) => Buffer.concat([bytes, bytes]))],
      ['a part nested in another', () => this.#nest()],
      ['hidden in the channel header of another', () => this.#hideInHeader()],
      ['hidden in the signature header of another', () => this.#hideInSignatureHeader()],
      ['hidden in the payload of another', () => this.#hideInPayload()],
      [
        'parts of two',
        () => ({ ...this.#pick(this.#real), [this.#pick(parts)]: this.#pick(chunks(this.#pick(this.#real))) }),
      ],
      ['fields exchanged', () => this.#change((bytes) => this.#exchange(bytes))],
      [
        'cut, padded and nested',
        () => this.#cutAtFields(Buffer.concat([...chunks(this.#nest()), this.#field(this.#someBytes())])),
      ],
    ];
  }

  #pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.#random() * from.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }

  #someBytes(): Buffer {
    const length = this.#pick([0, 1, 2, 24, 64, 200]);
    return Buffer.from(Array.from({ length }, () => Math.floor(this.#random() * 256)));
  }

  #field(content: Buffer): Buffer {
    const number = this.#pick([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 99]);
    return message([number, this.#random() < 0.8 ? content : Math.floor(this.#random() * 300)]);
  }

  #join(bytes: Buffer, more: Buffer): Buffer {
    return Buffer.concat(this.#random() < 0.5 ? [bytes, more] : [more, bytes]);
  }

  #change(change: (bytes: Buffer) => Buffer): ProposalBytes {
    const proposal = this.#pick(this.#real);
    const part = this.#pick(parts);
    return { ...proposal, [part]: change(proposal[part]) };
  }

  #fields(bytes: Buffer): readonly Buffer[] {
    const ends = fieldEnds(bytes, 0);
    return ends.slice(1).map((end, index) => bytes.subarray(ends[index], end));
  }

  #repeat(bytes: Buffer): Buffer {
    return this.#join(bytes, this.#pick(this.#fields(bytes)));
  }

  #exchange(bytes: Buffer): Buffer {
    const fields = this.#fields(bytes);
    const at = Math.floor(this.#random() * fields.length);
    return Buffer.concat([...fields.slice(at), ...fields.slice(0, at)]);
  }

  #cutAtFields(bytes: Buffer): ProposalBytes {
    const first = this.#pick(fieldEnds(bytes, 0));
    return cut(bytes, first, this.#pick(fieldEnds(bytes, first)));
  }

  #cutAnywhere(): ProposalBytes {
    const bytes = Buffer.concat(chunks(this.#pick(this.#real)));
    const first = Math.floor(this.#random() * bytes.length);
    return cut(bytes, first, first + Math.floor(this.#random() * (bytes.length - first)));
  }

  #nest(): ProposalBytes {
    const other = this.#pick(this.#real);
    const inner = this.#pick([...chunks(other), Buffer.concat(chunks(other))]);
    return this.#change((bytes) => this.#join(bytes, this.#field(inner)));
  }

  /** A header that begins as another proposal's whole bytes, and then names its own channel and transaction again. */
  #hideInHeader(): ProposalBytes {
    const [asked, shown] = [this.#pick(this.#real), this.#pick(this.#real)];
    return { ...asked, channelHeader: Buffer.concat([...chunks(shown), asked.channelHeader]) };
  }

  /** The same with all but the header in the signature header, whose creator and nonce come last. */
  #hideInSignatureHeader(): ProposalBytes {
    const [asked, shown] = [this.#pick(this.#real), this.#pick(this.#real)];
    const signatureHeader = Buffer.concat([shown.signatureHeader, shown.proposalPayload, asked.signatureHeader]);
    const channelHeader = common.ChannelHeader.deserializeBinary(asked.channelHeader);
    const { nonce, creator } = lastOf(signatureHeader);
    channelHeader.setTxId(createHash('sha256').update(nonce).update(creator).digest('hex'));
    return { ...asked, signatureHeader, channelHeader: Buffer.from(channelHeader.serializeBinary()) };
  }

  /** Fields of the invocation that the peer does not know, with another proposal in them. */
  #hideInPayload(): ProposalBytes {
    const [asked, shown] = [this.#pick(this.#real), this.#pick(this.#real)];
    const invocation = this.#fields(asked.proposalPayload)[0]?.subarray(3) ?? Buffer.alloc(0);
    const input = this.#join(invocation, this.#field(Buffer.concat(chunks(shown))));
    return { ...asked, proposalPayload: message([1, input]) };
  }
}

function lastOf(signatureHeader: Buffer): { readonly nonce: Uint8Array; readonly creator: Uint8Array } {
  const header = common.SignatureHeader.deserializeBinary(signatureHeader);
  return { nonce: header.getNonce_asU8(), creator: header.getCreator_asU8() };
}
