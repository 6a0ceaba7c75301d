// SPDX-License-Identifier: Apache-2.0

import { base64Codec, list, record, type Codec } from '../codec/codec';
import { channelOf } from '../codec/identifiers';
import { foreign } from '../proof/fabric-proposal';
import { type BlockHeader } from './block-header';
import { channelNamedIn, verifyBlockData } from './block-data';
import { type FollowedConfiguration } from './followed-chain';
import { readSignedHeader, type SignedHeader, signedHeaderCodec, verifySignedHeader } from './signed-header';

/** The envelopes of one block, base64. */
export const envelopesCodec = list(base64Codec, 1, 5000);

/**
 * A block as its orderers signed it. A header alone does not say of which channel it is, and one ordering service may
 * have several; the envelopes say it.
 */
export interface SignedBlock {
  readonly signed: SignedHeader;
  readonly envelopes: readonly string[];
}
export const signedBlockCodec: Codec<SignedBlock> = record({ signed: signedHeaderCodec, envelopes: envelopesCodec });

/**
 * Verifies a block by a followed configuration: that it is of that channel, and that enough orderers signed it.
 *
 * @returns its header, and who signed it
 * @throws Refused BLOCK_DATA_DIFFERS, ENVELOPE_MALFORMED, PROOF_FOREIGN, and the codes of docs/spec/13-light-client.md
 * section 13.3
 */
export function verifySignedBlock(
  { signed, envelopes }: SignedBlock,
  configuration: FollowedConfiguration,
): { readonly header: BlockHeader; readonly signers: readonly string[] } {
  const { header, lastConfiguration } = readSignedHeader(signed);
  const signers = verifySignedHeader(signed, configuration, lastConfiguration === header.number);
  const bytes = envelopes.map((envelope) => Buffer.from(envelope, 'base64'));
  verifyBlockData(bytes, header);
  // Orderers put only envelopes of one channel into a block; a stranger's may be of a form that is not read.
  const channel = channelOf(configuration.chainId);
  if (!bytes.some((envelope) => channelNamedIn(envelope) === channel)) throw foreign('envelopes.channelId');
  return { header, signers };
}
