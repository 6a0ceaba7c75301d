// SPDX-License-Identifier: Apache-2.0

import { type ChainId, channelOf } from '../../codec/identifiers';
import { type TrustRecord } from '../../records/configuration';
import { type BlockHeader, encodeBlockHeader } from '../../spv/block-header';
import { type BlockProof, type BlockProofRules } from '../../spv/block-proof';
import { beginToFollow, type FollowStep } from '../../spv/follow';
import { type FollowedChain } from '../../spv/followed-chain';
import { type SignedHeader } from '../../spv/signed-header';
import { trustIn } from '../consortium';
import {
  type ConfigurationPlan,
  configurationPlan,
  type ConsensusKind,
  genesisBlock,
  headerAfter,
  signHeader,
  type SigningPlan,
  signingPlan,
} from './block-writer';
import { type Send, sendEnvelope, sendOf, transactionEnvelope, validityOf } from './transaction-writer';

/** A chain of seven blocks, of which the fourth holds a transaction that sends a packet. */
export interface Scenario {
  readonly kind: ConsensusKind;
  readonly chainId: ChainId;
  readonly channel: string;
  /** As of block 0. */
  readonly followed: FollowedChain;
  readonly trust: TrustRecord;
  readonly headers: readonly BlockHeader[];
  readonly envelopes: ReadonlyArray<readonly Buffer[]>;
  readonly send: Send;
  /** The sending transaction's place in its block. */
  readonly index: number;
}
/** The number of the block with the packet, and of the last one. */
export const sendingBlock = 4;
export const lastBlock = 6;
const nonce = 'send';

export function scenario(kind: ConsensusKind, changes: Partial<ConfigurationPlan> = {}): Scenario {
  const { chainId, header, block } = genesisBlock(configurationPlan(kind, changes));
  const channel = channelOf(chainId);
  const send = sendOf(chainId, nonce);
  const others = (number: number): readonly Buffer[] => [transactionEnvelope(channel, `other ${number.toString()}`)];
  const sending = [...others(sendingBlock), sendEnvelope(channel, nonce, send), ...others(40)];
  const envelopes = [[], ...[1, 2, 3, 4, 5, 6].map((number) => (number === sendingBlock ? sending : others(number)))];
  const headers = envelopes
    .slice(1)
    .reduce<readonly BlockHeader[]>((before, data) => [...before, headerAfter(before.at(-1), ...data)], [header]);
  return {
    ...{ kind, chainId, channel, headers, envelopes, send, index: 1 },
    followed: beginToFollow(chainId, block, 2),
    trust: trustIn(chainId, { minimumOrganizations: 2 }),
  };
}

/** The same with other data in the sending block, and what follows from it. */
export function withData(of: Scenario, data: readonly Buffer[]): Scenario {
  const envelopes = of.envelopes.map((own, number) => (number === sendingBlock ? data : own));
  const headers = envelopes
    .slice(1)
    .reduce<readonly BlockHeader[]>(
      (before, own) => [...before, headerAfter(before.at(-1), ...own)],
      of.headers.slice(0, 1),
    );
  return { ...of, envelopes, headers };
}

/** A header as its orderers sign it. */
export function signedHeader(of: Scenario, number: number, changes: Partial<SigningPlan> = {}): SignedHeader {
  return signHeader(headerOf(of, number), signingPlan(of.kind, changes));
}

export function headerOf({ headers }: Scenario, number: number): BlockHeader {
  const header = headers[number];
  if (header === undefined) throw new Error('the scenario has no such block');
  return header;
}

/** The step from block 0 to another one, tied by the headers between. */
export function linkedStep(of: Scenario, number: number, signed = signedHeader(of, number)): FollowStep {
  return { kind: 'header', links: linksBetween(of, 0, number), signed };
}

export function blockStep(of: Scenario, number: number, signed = signedHeader(of, number)): FollowStep {
  const envelopes = (of.envelopes[number] ?? []).map((envelope) => envelope.toString('base64'));
  return { kind: 'block', signed, envelopes };
}

/** Data hashes of the headers between two. */
export function linksBetween({ headers }: Scenario, from: number, to: number): readonly string[] {
  return headers.slice(from + 1, to).map(({ dataHash }) => dataHash);
}

export const rulesOf = ({ followed, trust }: Scenario): BlockProofRules => ({ followed, trust, depth: 2n });

/** The proof that the packet was sent, without steps, anchored at the last header. */
export function blockProof(of: Scenario, changes: Partial<BlockProof> = {}): BlockProof {
  const data = of.envelopes[sendingBlock] ?? [];
  const envelope = data[of.index] ?? Buffer.alloc(0);
  return {
    version: 1,
    steps: [],
    anchor: [signedHeader(of, lastBlock)],
    header: encodeBlockHeader(headerOf(of, sendingBlock)).toString('base64'),
    links: linksBetween(of, sendingBlock, lastBlock + 1),
    envelopes: data.map((bytes) => bytes.toString('base64')),
    transactions: [{ index: of.index, validity: validityOf(of.channel, of.send, envelope) }],
    ...changes,
  };
}
