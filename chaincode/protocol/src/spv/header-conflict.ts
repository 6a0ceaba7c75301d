// SPDX-License-Identifier: Apache-2.0

import { record, type Codec } from '../codec/codec';
import { Refused } from '../codec/refusal';
import { blockHashOf } from './block-header';
import { type FollowedConfiguration } from './followed-chain';
import { type SignedBlock, signedBlockCodec, verifySignedBlock } from './signed-block';
import { readSignedHeader } from './signed-header';

/** Two headers at one height, each signed by enough orderers; docs/spec/13-light-client.md section 13.6. */
export interface HeaderConflict {
  readonly first: SignedBlock;
  readonly second: SignedBlock;
}
export const headerConflictCodec: Codec<HeaderConflict> = record({ first: signedBlockCodec, second: signedBlockCodec });

/** What a conflict proves. */
export interface ProvenConflict {
  readonly number: bigint;
  /** Of the two headers. */
  readonly hashes: readonly [string, string];
  /** Who signed both: numbers of consenters under BFT, else MSP ids with common names. There may be nobody. */
  readonly signers: readonly string[];
}

/**
 * Verifies that a channel's orderers signed two headers with one number.
 *
 * @param configuration - the one in force at that height; about a configuration block, the one before
 * @throws Refused EVIDENCE_INVALID, or the codes of {@link verifySignedBlock}
 */
export function verifyHeaderConflict(
  { first, second }: HeaderConflict,
  configuration: FollowedConfiguration,
): ProvenConflict {
  const one = readSignedHeader(first.signed).header;
  const other = readSignedHeader(second.signed).header;
  if (one.number <= configuration.number) throw invalid('first.header', 'a block after the configuration');
  if (one.number !== other.number) throw invalid('second.header', 'the number of the first');
  const hashes = [blockHashOf(one), blockHashOf(other)] as const;
  if (hashes[0] === hashes[1]) throw invalid('second.header', 'another header');
  const signers = new Set(verifySignedBlock(first, configuration).signers);
  const both = verifySignedBlock(second, configuration).signers.filter((signer) => signers.has(signer));
  return { number: one.number, hashes, signers: both };
}

function invalid(field: string, expected: string): Refused {
  return new Refused({ code: 'EVIDENCE_INVALID', field, expected });
}
