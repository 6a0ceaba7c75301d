// SPDX-License-Identifier: Apache-2.0

import { encodeBlockHeader } from '../../spv/block-header';
import { type BlockProof, type BlockProofRules } from '../../spv/block-proof';
import { message } from '../proof-writer';
import {
  blockProof,
  blockStep,
  headerOf,
  lastBlock,
  linkedStep,
  rulesOf,
  type Scenario,
  scenario,
  sendingBlock,
  signedHeader,
  withData,
} from './scenario';
import { configurationPlan, signHeader, signingPlan } from './block-writer';
import { reconfiguration } from './step-corpus';
import { sendEnvelope, transactionEnvelope, validityOf } from './transaction-writer';

/** A proof that is refused, with what its verifier goes by. */
export interface ForgedProof {
  readonly proof: BlockProof;
  readonly rules: BlockProofRules;
}
export interface ProofForgery {
  readonly name: string;
  readonly code: string;
  readonly forge: (of: Scenario) => ForgedProof;
}
export type ProofForgeries = Readonly<Record<string, readonly [string, ProofForgery['forge']]>>;

/** A genuine proof with some fields changed. */
const changed =
  (
    change: (proof: BlockProof, of: Scenario) => Partial<BlockProof>,
    rules: Partial<BlockProofRules> = {},
  ): ProofForgery['forge'] =>
  (of) => ({ proof: { ...blockProof(of), ...change(blockProof(of), of) }, rules: { ...rulesOf(of), ...rules } });
const deep = (depth: bigint): ProofForgery['forge'] => changed(() => ({}), { depth });
const base64 = (bytes: Buffer): string => bytes.toString('base64');
const bytesIn = ({ envelopes }: BlockProof): Buffer[] => envelopes.map((envelope) => Buffer.from(envelope, 'base64'));
const encodedHeader = (of: Scenario, number: number): string => base64(encodeBlockHeader(headerOf(of, number)));

/** What is wrong with where the block is. */
export const placeForgeries: ProofForgeries = {
  'a depth that the chain has not reached': ['DEPTH_TOO_SMALL', deep(3n)],
  'a depth without end': ['DEPTH_TOO_SMALL', deep(2n ** 64n)],
  'a block above the head followed': ['HEADER_NOT_FOLLOWED', changed(() => ({ anchor: [], links: [] }))],
  'a block above its anchor': [
    'HEADER_NOT_FOLLOWED',
    changed((_, of) => ({ anchor: [signedHeader(of, 3)], links: [] })),
  ],
  'links to another header than its anchor': [
    'HEADER_UNLINKED',
    changed((_, of) => ({ anchor: [signedHeader(of, 5)] }), { depth: 0n }),
  ],
  'a link missing': ['HEADER_UNLINKED', changed(({ links }) => ({ links: links.slice(1) }))],
  'a link too many': ['HEADER_UNLINKED', changed(({ links }) => ({ links: [...links, ...links.slice(1)] }))],
  'links exchanged': ['HEADER_UNLINKED', changed(({ links }) => ({ links: [...links].reverse() }))],
  'no links': ['HEADER_UNLINKED', changed(() => ({ links: [] }))],
  'a link changed': ['HEADER_UNLINKED', changed(({ links }) => ({ links: links.map(() => 'c'.repeat(64)) }))],
  'the anchor of another chain': [
    'HEADER_UNLINKED',
    changed((_, of) => ({ anchor: [signedHeader(scenario(of.kind, { capabilities: [] }), lastBlock)] })),
  ],
  'the anchor of a channel that the same orderers have': [
    'HEADER_UNLINKED',
    changed((_, of) => ({ anchor: [signedHeader(scenario(of.kind, { channel: 'microgrid' }), lastBlock)] })),
  ],
  'a whole proof of a channel that the same orderers have': [
    'PROOF_FOREIGN',
    (of: Scenario): ForgedProof => ({
      proof: blockProof(scenario(of.kind, { channel: 'microgrid' })),
      rules: rulesOf(of),
    }),
  ],
  'an anchor as high as the head followed, which is another header': [
    'HEADER_UNLINKED',
    (of: Scenario): ForgedProof => {
      const other = scenario(of.kind, { capabilities: [] });
      return { proof: { ...blockProof(other), steps: [linkedStep(of, lastBlock)] }, rules: rulesOf(of) };
    },
  ],
  'the head followed in a fork': [
    'HEADER_UNLINKED',
    (of: Scenario): ForgedProof => {
      const fork = withData(of, [...(of.envelopes[sendingBlock] ?? []), transactionEnvelope(of.channel, 'fork')]);
      return { proof: { ...blockProof(fork), anchor: [], steps: [linkedStep(of, lastBlock)] }, rules: rulesOf(of) };
    },
  ],
  'another number of its block': [
    'HEADER_UNLINKED',
    changed((_, of) => ({ header: base64(encodeBlockHeader({ ...headerOf(of, sendingBlock), number: 3n })) })),
  ],
  'another block before': [
    'HEADER_UNLINKED',
    changed((_, of) => ({
      header: base64(encodeBlockHeader({ ...headerOf(of, sendingBlock), previousHash: 'd'.repeat(64) })),
    })),
  ],
  'another data hash': [
    'HEADER_UNLINKED',
    changed((_, of) => ({
      header: base64(encodeBlockHeader({ ...headerOf(of, sendingBlock), dataHash: 'd'.repeat(64) })),
    })),
  ],
  'the header of another block': ['HEADER_UNLINKED', changed((_, of) => ({ header: encodedHeader(of, 3) }))],
  'bytes behind the header': [
    'PROOF_MALFORMED',
    changed((_, of) => ({ header: base64(Buffer.concat([encodeBlockHeader(headerOf(of, 4)), Buffer.alloc(1)])) })),
  ],
  'no header': ['PROOF_MALFORMED', changed(() => ({ header: '' }))],
  'steps that are known, and an anchor under the configuration before': [
    'CONFIGURATION_STALE',
    changed((_, of) => ({ steps: [linkedStep(of, lastBlock), reconfiguration(of)] })),
  ],
  'an anchor that holds a configuration': [
    'CONFIGURATION_SKIPPED',
    changed((proof, of) => ({ anchor: [reconfiguration(of).signed], links: [...proof.links, 'a'.repeat(64)] })),
  ],
  'an anchor that those signed who were replaced': [
    'ORDERERS_TOO_FEW',
    changed((_, of) => {
      const { consenters } = configurationPlan(of.kind);
      const signers = of.kind === 'bft' ? consenters.slice(1, 3) : consenters.slice(1, 2);
      return { anchor: [signHeader(headerOf(of, lastBlock), signingPlan(of.kind, { signers }))] };
    }),
  ],
  'a step that is not newer': [
    'HEADER_NOT_NEWER',
    changed((_, of) => ({ steps: [linkedStep(of, lastBlock), blockStep(of, sendingBlock)] })),
  ],
};

const dataOf =
  (change: (data: Buffer[], of: Scenario) => readonly Buffer[]): ProofForgery['forge'] =>
  (of) => ({
    proof: { ...blockProof(of), envelopes: change(bytesIn(blockProof(of)), of).map(base64) },
    rules: rulesOf(of),
  });
/** Data that orderers signed and that is no list of envelopes. */
const signedData =
  (change: (data: Buffer[], of: Scenario) => readonly Buffer[]): ProofForgery['forge'] =>
  (of) => {
    const other = withData(of, change([...(of.envelopes[sendingBlock] ?? [])], of));
    return { proof: blockProof(other), rules: rulesOf(of) };
  };
const cut = (data: Buffer[], place: number): readonly Buffer[] => {
  const whole = Buffer.concat(data);
  return [whole.subarray(0, place), whole.subarray(place)];
};
const respelt = (data: Buffer[], change: (envelope: Buffer) => Buffer): readonly Buffer[] =>
  data.map((envelope, place) => (place === 0 ? change(envelope) : envelope));
/** The parts of an envelope that is longer than 127 bytes: tag and two bytes of length, payload, signature. */
const payloadEnd = (envelope: Buffer): number => 3 + ((envelope[1] ?? 0) & 0x7f) + ((envelope[2] ?? 0) << 7);

/** What is wrong with the block's data. */
export const dataForgeries: ProofForgeries = {
  'an envelope missing': ['BLOCK_DATA_DIFFERS', dataOf((data) => data.slice(0, 2))],
  'the first envelope missing': ['BLOCK_DATA_DIFFERS', dataOf((data) => data.slice(1))],
  'an envelope too many': ['BLOCK_DATA_DIFFERS', dataOf((data) => [...data, ...data.slice(0, 1)])],
  'an empty envelope too many': ['ENVELOPE_MALFORMED', dataOf((data) => [...data, Buffer.alloc(0)])],
  'an empty envelope in front': ['ENVELOPE_MALFORMED', dataOf((data) => [Buffer.alloc(0), ...data])],
  'envelopes exchanged': ['BLOCK_DATA_DIFFERS', dataOf((data) => [...data].reverse())],
  'a bit of another envelope changed': [
    'BLOCK_DATA_DIFFERS',
    dataOf((data) => respelt(data, (envelope) => Buffer.concat([envelope.subarray(0, -1), Buffer.from('X')]))),
  ],
  'all envelopes as one': ['ENVELOPE_MALFORMED', dataOf((data) => [Buffer.concat(data)])],
  'two envelopes as one': [
    'ENVELOPE_MALFORMED',
    dataOf(([a, ...rest]) => [Buffer.concat([a ?? Buffer.alloc(0), rest[0] ?? Buffer.alloc(0)]), ...rest.slice(1)]),
  ],
  'an envelope split between payload and signature': [
    'ENVELOPE_MALFORMED',
    dataOf(([a = Buffer.alloc(0), ...rest]) => [...cut([a], payloadEnd(a)), ...rest]),
  ],
  'an envelope split in its payload': ['ENVELOPE_MALFORMED', dataOf((data) => cut(data, 40))],
  'the boundary between two envelopes one byte on': [
    'ENVELOPE_MALFORMED',
    dataOf((data) => cut(data, (data[0]?.length ?? 0) + 1)),
  ],
  'the boundary between two envelopes one byte back': [
    'ENVELOPE_MALFORMED',
    dataOf((data) => cut(data, (data[0]?.length ?? 0) - 1)),
  ],
  'an envelope of a payload only, which orderers signed': [
    'ENVELOPE_MALFORMED',
    signedData((data) => respelt(data, (envelope) => envelope.subarray(0, payloadEnd(envelope)))),
  ],
  'an envelope with an empty signature': [
    'ENVELOPE_MALFORMED',
    signedData((data) =>
      respelt(data, (envelope) => Buffer.concat([envelope.subarray(0, payloadEnd(envelope)), message([2, ''])])),
    ),
  ],
  'an envelope with an empty payload': [
    'ENVELOPE_MALFORMED',
    signedData((data) => [message([1, ''], [2, 'x']), ...data.slice(1)]),
  ],
  'an envelope with its fields exchanged': [
    'ENVELOPE_MALFORMED',
    signedData((data) =>
      respelt(data, (envelope) =>
        Buffer.concat([envelope.subarray(payloadEnd(envelope)), envelope.subarray(0, payloadEnd(envelope))]),
      ),
    ),
  ],
  'an envelope with two payloads': [
    'ENVELOPE_MALFORMED',
    signedData((data) => respelt(data, (envelope) => Buffer.concat([envelope, message([1, 'x'])]))),
  ],
  'an envelope with two signatures': [
    'ENVELOPE_MALFORMED',
    signedData((data) => respelt(data, (envelope) => Buffer.concat([envelope, message([2, 'x'])]))),
  ],
  'an envelope with a length in a longer spelling': [
    'ENVELOPE_MALFORMED',
    signedData((data) => [Buffer.from([0x0a, 0x81, 0x00, 0x61, 0x12, 0x01, 0x62]), ...data.slice(1)]),
  ],
  'an envelope with a tag in a longer spelling': [
    'ENVELOPE_MALFORMED',
    signedData((data) => [Buffer.from([0x8a, 0x00, 0x01, 0x61, 0x12, 0x01, 0x62]), ...data.slice(1)]),
  ],
  'an unknown field between payload and signature': [
    'ENVELOPE_MALFORMED',
    signedData((data) => [message([1, 'a'], [3, 'x'], [2, 'b']), ...data.slice(1)]),
  ],
  'an unknown field in front': [
    'ENVELOPE_MALFORMED',
    signedData((data) => [message([3, 'x'], [1, 'a'], [2, 'b']), ...data.slice(1)]),
  ],
  'an unknown field that is cut short': [
    'ENVELOPE_MALFORMED',
    signedData((data) => [Buffer.concat([message([1, 'a'], [2, 'b']), Buffer.from([0x1a, 9, 1])]), ...data.slice(1)]),
  ],
  'a group that does not end': [
    'ENVELOPE_MALFORMED',
    signedData((data) => [Buffer.concat([message([1, 'a'], [2, 'b']), Buffer.from([0x1b])]), ...data.slice(1)]),
  ],
  'a group that ends as another': [
    'ENVELOPE_MALFORMED',
    signedData((data) => [Buffer.concat([message([1, 'a'], [2, 'b']), Buffer.from([0x1b, 0x24])]), ...data.slice(1)]),
  ],
  'a field of number 0': [
    'ENVELOPE_MALFORMED',
    signedData((data) => [Buffer.concat([message([1, 'a'], [2, 'b']), Buffer.from([0x00, 1])]), ...data.slice(1)]),
  ],
  'a field of a wire type that there is not': [
    'ENVELOPE_MALFORMED',
    signedData((data) => [Buffer.concat([message([1, 'a'], [2, 'b']), Buffer.from([0x1e, 1])]), ...data.slice(1)]),
  ],
  'text as an envelope': ['ENVELOPE_MALFORMED', signedData((data) => [Buffer.from('text'), ...data.slice(1)])],
  'a place that the block has not': [
    'PROOF_MALFORMED',
    changed((proof) => ({ transactions: proof.transactions.map((one) => ({ ...one, index: 3 })) })),
  ],
  'a place twice': [
    'PROOF_MALFORMED',
    changed((proof) => ({ transactions: [...proof.transactions, ...proof.transactions] })),
  ],
  'places in another order': [
    'PROOF_MALFORMED',
    (of: Scenario): ForgedProof => {
      const second = sendEnvelope(of.channel, 'send', of.send);
      const other = withData(of, [second, ...(of.envelopes[sendingBlock] ?? [])]);
      const validity = validityOf(of.channel, of.send, second);
      const places = [2, 0].map((index) => ({ index, validity }));
      return { proof: { ...blockProof({ ...other, index: 0 }), transactions: places }, rules: rulesOf(of) };
    },
  ],
  'more bytes than a proof may have': [
    'PROOF_MALFORMED',
    changed((proof) => ({ envelopes: [...proof.envelopes, 'A'.repeat(14 * 1024 * 1024)] })),
  ],
  'a transaction of another place': [
    'OUTBOX_NOT_WRITTEN',
    changed((proof) => ({ transactions: proof.transactions.map((one) => ({ ...one, index: 0 })) })),
  ],
};
