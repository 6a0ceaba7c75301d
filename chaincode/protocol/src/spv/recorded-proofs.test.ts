// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { type Codec, decode } from '../codec/codec';
import { trustRecordCodec } from '../records/configuration';
import { codeOf } from '../testing';
import { type BlockProof, blockProofCodec, type BlockProofRules, verifyBlockProof } from './block-proof';
import { follow, followStepsCodec } from './follow';
import { type FollowedChain, followedConfigurationCodec, followedHeadCodec } from './followed-chain';

interface Recorded {
  readonly trust: unknown;
  readonly followed: { readonly configuration: unknown; readonly head: unknown };
  readonly first: unknown;
  readonly firstPacket: string;
  /** To the configuration of the channel that came then: the grid has a second authority. */
  readonly step: unknown;
  readonly after: { readonly configuration: unknown; readonly head: unknown };
  readonly second: unknown;
  readonly secondPacket: string;
}

const read = <T>(codec: Codec<T>, value: unknown): T => decode(codec, JSON.stringify(value));
const readFollowed = ({ configuration, head }: Recorded['followed']): FollowedChain => ({
  configuration: read(followedConfigurationCodec, configuration),
  head: read(followedHeadCodec, head),
});

describe.each(['raft', 'bft'] as const)('block proofs that a real network gave under %s', (kind) => {
  const file = join(__dirname, '..', '..', 'vectors', 'recorded', `${kind}.json.br`);
  const recorded = JSON.parse(brotliDecompressSync(readFileSync(file)).toString('utf8')) as Recorded;
  const trust = read(trustRecordCodec, recorded.trust);
  const followed = readFollowed(recorded.followed);
  const rules: BlockProofRules = { followed, trust, depth: 0n };
  const first = read(blockProofCodec, recorded.first);
  const second = read(blockProofCodec, recorded.second);
  const verdictOf = (proof: BlockProof, changes: Partial<BlockProofRules> = {}): string =>
    codeOf(() => verifyBlockProof(proof, { ...rules, ...changes }));

  test('are accepted, before and after the channel is configured anew', () => {
    const packetsIn = (proof: BlockProof): readonly string[] =>
      verifyBlockProof(proof, rules).transactions.flatMap(({ record }) => record.packets.map(({ id }) => id));
    expect(packetsIn(first)).toEqual([recorded.firstPacket]);
    expect(packetsIn(second)).toEqual([recorded.secondPacket]);
    expect(first.transactions[0]?.validity.endorsements).toHaveLength(3);
  });
  test('T12: follow the configuration that the channel has from then on', () => {
    const after = follow(followed, read(followStepsCodec, [recorded.step]));
    expect(after).toEqual(readFollowed(recorded.after));
    const authorities = ({ configuration }: FollowedChain): number | undefined =>
      configuration.organizations.find(({ mspId }) => mspId === 'GridMSP')?.caCertificates.length;
    expect([authorities(followed), authorities(after)]).toEqual([1, 2]);
    expect(verdictOf({ ...second, steps: [] })).toBe('CONFIGURATION_SKIPPED');
    expect(verdictOf(first, { followed: after })).toBe('CONFIGURATION_STALE');
    expect(verdictOf({ ...second, steps: [] }, { followed: after })).toBe('accepted');
  });
  test('are refused when any one of their signatures is missing, or an envelope, or depth', () => {
    const [validity] = first.transactions.map((transaction) => transaction.validity);
    const endorsements = validity?.endorsements ?? [];
    const unendorsed = first.transactions.map((one) => ({
      ...one,
      validity: { ...one.validity, endorsements: endorsements.slice(0, trust.minimumOrganizations - 1) },
    }));
    expect(verdictOf({ ...first, transactions: unendorsed })).toBe('ENDORSEMENTS_TOO_FEW');
    const anchor = first.anchor.map((signed) => ({
      ...signed,
      signatures: signed.signatures.map((one) => ({ ...one, signature: endorsements[0]?.signature ?? '' })),
    }));
    expect(verdictOf({ ...first, anchor })).toBe('SIGNATURE_INVALID');
    expect(verdictOf({ ...first, envelopes: [...first.envelopes, ...first.envelopes] })).toBe('BLOCK_DATA_DIFFERS');
    expect(verdictOf(first, { depth: 1000n })).toBe('DEPTH_TOO_SMALL');
    expect(verdictOf(first, { trust: { ...trust, chaincodeName: 'other' } })).toBe('OUTBOX_NOT_WRITTEN');
  });
});
