// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { base64Codec, list, oneOf, record, type Codec, variant } from '../codec/codec';
import { type ChainId, channelOf, hashCodec } from '../codec/identifiers';
import { Refused } from '../codec/refusal';
import { foreign } from '../proof/fabric-proposal';
import { type BlockHeader, blockHashOf } from './block-header';
import { readChannelConfiguration } from './channel-configuration';
import { type ConfigurationTransaction, readConfigurationTransaction } from './channel-group';
import { type FollowedChain, type FollowedConfiguration, followedConfigurationHashOf } from './followed-chain';
import { envelopesCodec, verifySignedBlock } from './signed-block';
import {
  readBlockHeader,
  readSignedHeader,
  type SignedHeader,
  signedHeaderCodec,
  verifySignedHeader,
} from './signed-header';

/** What leads from a followed header to a later one; docs/spec/13-light-client.md section 13.4. */
export type FollowStep =
  /** `links`: data hashes of the headers between the two. */
  | { readonly kind: 'header'; readonly links: readonly string[]; readonly signed: SignedHeader }
  | { readonly kind: 'block'; readonly signed: SignedHeader; readonly envelopes: readonly string[] }
  | { readonly kind: 'configuration'; readonly signed: SignedHeader; readonly envelope: string };
type StepOf<Kind> = Extract<FollowStep, { kind: Kind }>;
/** Data hashes of headers that follow each other. */
export const linksCodec = list(hashCodec, 0, 1024);
const followStepCodec: Codec<FollowStep> = variant<FollowStep>({
  header: record<StepOf<'header'>>({ kind: oneOf('header'), links: linksCodec, signed: signedHeaderCodec }),
  block: record<StepOf<'block'>>({ kind: oneOf('block'), signed: signedHeaderCodec, envelopes: envelopesCodec }),
  configuration: record<StepOf<'configuration'>>({
    kind: oneOf('configuration'),
    signed: signedHeaderCodec,
    envelope: base64Codec,
  }),
});
export const followStepsCodec: Codec<readonly FollowStep[]> = list(followStepCodec, 0, 8);

/** The first block of a chain, as the one who begins to follow it has it. */
export interface GenesisBlock {
  /** Base64, as in {@link SignedHeader}. */
  readonly header: string;
  /** The one envelope in it, base64. */
  readonly envelope: string;
}
export const genesisBlockCodec: Codec<GenesisBlock> = record({ header: base64Codec, envelope: base64Codec });

/**
 * Begins to follow a chain at its first block, whose hash is in the chain id: nothing else has to be trusted.
 *
 * @param raftSignatures - how many orderers must sign a block, should the chain be under Raft; at least 1
 * @throws Refused PROOF_MALFORMED, PROOF_FOREIGN, BLOCK_DATA_DIFFERS, CHANNEL_CONFIGURATION_INVALID
 */
export function beginToFollow(chainId: ChainId, genesis: GenesisBlock, raftSignatures: number): FollowedChain {
  const header = readBlockHeader(genesis.header);
  if (`${channelOf(chainId)}-${blockHashOf(header)}` !== chainId) throw foreign('header');
  return configured(chainId, header, configurationIn(genesis.envelope, header, chainId), raftSignatures);
}

/**
 * Follows a chain over later headers and configurations. The first step that is refused refuses all of them.
 *
 * @returns `followed` itself when every step was done before
 * @throws Refused with the codes of docs/spec/13-light-client.md sections 13.3 and 13.4
 */
export function follow(followed: FollowedChain, steps: readonly FollowStep[]): FollowedChain {
  return steps.reduce(followStep, followed);
}

function followStep(followed: FollowedChain, step: FollowStep): FollowedChain {
  const { head, configuration } = followed;
  const { header } = readSignedHeader(step.signed);
  if (header.number === head.number && blockHashOf(header) === head.hash) return followed;
  if (header.number <= head.number) {
    throw new Refused({ code: 'HEADER_NOT_NEWER', block: header.number.toString(), followed: head.number.toString() });
  }
  if (header.number === head.number + 1n && header.previousHash !== head.hash) throw unlinked(header);
  if (step.kind === 'configuration') return reconfigured(followed, header, step);
  if (step.kind === 'block') verifySkip(step, header, configuration);
  else verifyLinked(step, header, followed);
  return { configuration, head: { ...head, number: header.number, hash: blockHashOf(header) } };
}

/** A later header, which the headers between tie to the followed one. */
function verifyLinked({ links, signed }: StepOf<'header'>, header: BlockHeader, followed: FollowedChain): void {
  const last = links.reduce(linkedHeader, followed.head);
  if (header.number !== last.number + 1n || header.previousHash !== last.hash) throw unlinked(header);
  verifySignedHeader(signed, followed.configuration, false);
}

/** A later block, which says itself of which channel it is, so that its signatures suffice. */
function verifySkip(step: StepOf<'block'>, header: BlockHeader, configuration: FollowedConfiguration): void {
  verifySignedBlock(step, configuration);
  const { lastConfiguration } = readSignedHeader(step.signed);
  if (lastConfiguration === header.number) throw skipped(header, configuration);
}

/** Number and hash of a header. */
export interface HeaderLink {
  readonly number: bigint;
  readonly hash: string;
}

/** The header after another one, with that data. */
export function linkedHeader({ number, hash }: HeaderLink, dataHash: string): HeaderLink {
  return { number: number + 1n, hash: blockHashOf({ number: number + 1n, previousHash: hash, dataHash }) };
}

function reconfigured(
  { configuration }: FollowedChain,
  header: BlockHeader,
  { signed, envelope }: StepOf<'configuration'>,
): FollowedChain {
  const { chainId, sequence, consensus } = configuration;
  verifySignedHeader(signed, configuration, true);
  const transaction = configurationIn(envelope, header, chainId);
  if (transaction.sequence !== sequence + 1n) throw skipped(header, configuration);
  const raftSignatures = consensus.kind === 'raft' ? consensus.requiredSignatures : undefined;
  return configured(chainId, header, transaction, raftSignatures);
}

function configured(
  chainId: ChainId,
  header: BlockHeader,
  transaction: ConfigurationTransaction,
  raftSignatures: number | undefined,
): FollowedChain {
  const { number } = header;
  const channel = asConfiguration(header, () => readChannelConfiguration(transaction, raftSignatures));
  const configuration = { version: 1, chainId, number, sequence: transaction.sequence, ...channel } as const;
  const configurationHash = followedConfigurationHashOf(configuration);
  return { configuration, head: { version: 1, chainId, number, hash: blockHashOf(header), configurationHash } };
}

/** The configuration transaction that is a block's whole data. */
function configurationIn(envelope: string, header: BlockHeader, chainId: ChainId): ConfigurationTransaction {
  const bytes = Buffer.from(envelope, 'base64');
  if (createHash('sha256').update(bytes).digest('hex') !== header.dataHash) {
    throw new Refused({ code: 'BLOCK_DATA_DIFFERS', block: header.number.toString() });
  }
  const transaction = asConfiguration(header, () => readConfigurationTransaction(bytes));
  if (transaction === undefined) throw foreign('envelope.type');
  if (transaction.channel !== channelOf(chainId)) throw foreign('envelope.channelId');
  return transaction;
}

function asConfiguration<T>({ number }: BlockHeader, read: () => T): T {
  try {
    return read();
  } catch {
    const expected = 'a configuration as Fabric writes it, with consensus of type BFT or etcdraft';
    throw new Refused({ code: 'CHANNEL_CONFIGURATION_INVALID', block: number.toString(), expected });
  }
}

function unlinked({ number }: BlockHeader): Refused {
  return new Refused({ code: 'HEADER_UNLINKED', block: number.toString() });
}

function skipped({ number }: BlockHeader, configuration: FollowedConfiguration): Refused {
  const followed = configuration.number.toString();
  return new Refused({ code: 'CONFIGURATION_SKIPPED', block: number.toString(), followed });
}
