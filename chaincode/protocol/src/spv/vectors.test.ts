// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Codec, decode } from '../codec/codec';
import { type ChainId } from '../codec/identifiers';
import { trustRecordCodec } from '../records/configuration';
import { codeOf } from '../testing';
import { changed, type Change } from '../testing/changed-vector';
import { blockProofCodec, type BlockProofRules, verifyBlockProof } from './block-proof';
import { beginToFollow, genesisBlockCodec } from './follow';
import { followedConfigurationCodec, followedHeadCodec } from './followed-chain';
import { headerConflictCodec, verifyHeaderConflict } from './header-conflict';

interface Vector {
  readonly consensus: string;
  readonly chainId: ChainId;
  readonly genesis: unknown;
  readonly raftSignatures: number;
  readonly trust: unknown;
  readonly depth: string;
  readonly txId: string;
  readonly followed: { readonly configuration: unknown; readonly head: unknown };
  readonly proofs: Readonly<Record<'anchored' | 'followed', unknown>>;
  readonly headAfterSteps: unknown;
  readonly changes: readonly Change[];
  readonly conflict: unknown;
}
const vectors = JSON.parse(
  readFileSync(join(__dirname, '..', '..', 'vectors', 'light-client.json'), 'utf8'),
) as readonly Vector[];
const read = <T>(codec: Codec<T>, value: unknown): T => decode(codec, JSON.stringify(value));

describe.each(vectors)('light client vectors of $consensus', (vector) => {
  const followed = {
    configuration: read(followedConfigurationCodec, vector.followed.configuration),
    head: read(followedHeadCodec, vector.followed.head),
  };
  const rules: BlockProofRules = {
    followed,
    trust: read(trustRecordCodec, vector.trust),
    depth: BigInt(vector.depth),
  };
  const verdictOf = (proof: unknown): string => codeOf(() => verifyBlockProof(read(blockProofCodec, proof), rules));

  test('the first block gives what is followed', () => {
    const genesis = read(genesisBlockCodec, vector.genesis);
    expect(beginToFollow(vector.chainId, genesis, vector.raftSignatures)).toEqual(followed);
  });
  test.each(['anchored', 'followed'] as const)('the %s proof is accepted', (name) => {
    const proven = verifyBlockProof(read(blockProofCodec, vector.proofs[name]), rules);
    expect(proven.transactions.map(({ txId }) => txId)).toEqual([vector.txId]);
    expect(proven.followed.head).toEqual(
      name === 'followed' ? read(followedHeadCodec, vector.headAfterSteps) : followed.head,
    );
  });
  test.each(vector.changes)('with $name it is refused: $code', ({ path, value, code }) => {
    expect(verdictOf(JSON.parse(changed(vector.proofs.anchored, { path, value })))).toBe(code);
  });
  test('two headers at one height are evidence', () => {
    const conflict = read(headerConflictCodec, vector.conflict);
    expect(verifyHeaderConflict(conflict, followed.configuration).number).toBe(4n);
  });
});
