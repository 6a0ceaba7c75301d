// SPDX-License-Identifier: Apache-2.0

import { base64Codec, integer, list, record, type Codec, version1 } from '../codec/codec';
import { channelOf, limits } from '../codec/identifiers';
import { Refused } from '../codec/refusal';
import { type EndorsementPolicy } from '../proof/endorsed-proof';
import { malformedProof } from '../proof/fabric-proposal';
import { type TrustRecord } from '../records/configuration';
import { type BlockHeader, blockHashOf } from './block-header';
import { verifyBlockData } from './block-data';
import { follow, type FollowStep, followStepsCodec, type HeaderLink, linkedHeader, linksCodec } from './follow';
import { type FollowedChain, type FollowedConfiguration } from './followed-chain';
import { type OutboxTransaction, readOutboxTransaction } from './outbox-transaction';
import { envelopesCodec } from './signed-block';
import {
  readBlockHeader,
  readSignedHeader,
  type SignedHeader,
  signedHeaderCodec,
  verifySignedHeader,
} from './signed-header';
import { type ValidityAnswer, validityAnswerCodec, verifyValid } from './validity';

/** Bytes of all fields of a proof. Fabric's blocks have at most 10 MB by default. */
const maximumBytes = 10 * 1024 * 1024;
/** Characters that {@link blockProofCodec} may be decoded from: base64 takes four for three bytes. */
export const maximumBlockProofLength = 15_000_000;

/** One transaction of the block, by its place among the envelopes. */
interface ProvenPlace {
  readonly index: number;
  readonly validity: ValidityAnswer;
}

/** What transactions of one block have told other chains; docs/spec/13-light-client.md section 13.5. */
export interface BlockProof {
  readonly version: 1;
  readonly steps: readonly FollowStep[];
  /** The header that the links lead to; none: the followed head. */
  readonly anchor: readonly SignedHeader[];
  /** Of the block, base64. */
  readonly header: string;
  /** Data hashes of the headers after it, the anchor's last. */
  readonly links: readonly string[];
  readonly envelopes: readonly string[];
  readonly transactions: readonly ProvenPlace[];
}
export const blockProofCodec: Codec<BlockProof> = record({
  version: version1,
  steps: followStepsCodec,
  anchor: list(signedHeaderCodec, 0, 1),
  header: base64Codec,
  links: linksCodec,
  envelopes: envelopesCodec,
  transactions: list(
    record<ProvenPlace>({ index: integer(0, 4999), validity: validityAnswerCodec }),
    1,
    limits.batchEntries,
  ),
});

/** What a destination's ledger knows of the chain, and what it asks for. */
export interface BlockProofRules {
  readonly followed: FollowedChain;
  /** The ledger's own record of the chain: it names the chaincode, how many organizations, and further revocations. */
  readonly trust: TrustRecord;
  /** How many blocks must lie above the block. */
  readonly depth: bigint;
}

/** A transaction that peers of these organizations found valid. */
export interface ProvenTransaction extends OutboxTransaction {
  readonly organizations: readonly string[];
}

/** What a verified proof says. */
export interface ProvenBlock {
  readonly number: bigint;
  readonly transactions: readonly ProvenTransaction[];
  /** After the proof's steps; a ledger may keep it and need not. */
  readonly followed: FollowedChain;
}

/**
 * Verifies what transactions of a block of the followed chain have told other chains. Cheap checks come first.
 *
 * @throws Refused with the codes of docs/spec/13-light-client.md section 13.5
 */
export function verifyBlockProof(proof: BlockProof, rules: BlockProofRules): ProvenBlock {
  checkSize(proof);
  const { trust, depth } = rules;
  const followed = follow(rules.followed, proof.steps);
  const header = readBlockHeader(proof.header);
  checkPlace(proof, header, followed, depth);
  const envelopes = proof.envelopes.map((envelope) => Buffer.from(envelope, 'base64'));
  verifyBlockData(envelopes, header);
  const read = readTransactions(proof, envelopes, trust);
  const policy = endorsementPolicy(followed.configuration, trust);
  const channel = channelOf(trust.chainId);
  const transactions = read.map(({ envelope, validity, outbox }) => {
    const organizations = verifyValid(validity, { channel, txId: outbox.txId, envelope }, policy);
    return { ...outbox, organizations };
  });
  return { number: header.number, transactions, followed };
}

/** Before anything is decoded. */
function checkSize({ steps, anchor, header, envelopes, transactions }: BlockProof): void {
  const validities = transactions.map(({ validity }) => validity);
  const size = [steps, anchor, header, envelopes, validities].reduce((sum, part) => sum + bytesIn(part), 0);
  if (size > maximumBytes) throw malformedProof('proof', `at most ${maximumBytes.toString()} bytes`);
}

function bytesIn(part: unknown): number {
  if (typeof part === 'string') return Buffer.byteLength(part, 'base64');
  if (typeof part !== 'object' || part === null) return 0;
  return Object.values(part).reduce<number>((sum, inner) => sum + bytesIn(inner), 0);
}

/** That the block is in the followed chain, deep enough. */
function checkPlace(
  proof: BlockProof,
  header: BlockHeader,
  { head, configuration }: FollowedChain,
  depth: bigint,
): void {
  const anchor = anchorOf(proof, { head, configuration });
  const block = header.number.toString();
  if (header.number > anchor.number) {
    throw new Refused({ code: 'HEADER_NOT_FOLLOWED', block, followed: anchor.number.toString() });
  }
  const newest = anchor.number > head.number ? anchor.number : head.number;
  const found = newest - header.number;
  if (found < depth) {
    throw new Refused({ code: 'DEPTH_TOO_SMALL', found: found.toString(), required: depth.toString() });
  }
  const own: HeaderLink = { number: header.number, hash: blockHashOf(header) };
  const last = proof.links.reduce(linkedHeader, own);
  if (last.number !== anchor.number || last.hash !== anchor.hash) throw new Refused({ code: 'HEADER_UNLINKED', block });
}

/**
 * The header that the proof's links lead to. Its signatures suffice, as the block itself says of which channel it is;
 * of the followed head's height there is one header only.
 */
function anchorOf({ anchor: [signed] }: BlockProof, { head, configuration }: FollowedChain): HeaderLink {
  if (signed === undefined) return head;
  const { header } = readSignedHeader(signed);
  verifySignedHeader(signed, configuration, false);
  const hash = blockHashOf(header);
  if (header.number === head.number && hash !== head.hash) {
    throw new Refused({ code: 'HEADER_UNLINKED', block: header.number.toString() });
  }
  return { number: header.number, hash };
}

function readTransactions(
  { transactions }: BlockProof,
  envelopes: readonly Buffer[],
  { chainId, chaincodeName }: TrustRecord,
): ReadonlyArray<{ readonly envelope: Buffer; readonly validity: ValidityAnswer; readonly outbox: OutboxTransaction }> {
  let next = 0;
  return transactions.map(({ index, validity }) => {
    const envelope = envelopes[index];
    if (index < next || envelope === undefined) {
      throw malformedProof('transactions', 'places in the block, in ascending order');
    }
    next = index + 1;
    return { envelope, validity, outbox: readOutboxTransaction(envelope, chainId, chaincodeName) };
  });
}

/** Peers of the followed organizations; whom the ledger's own record revokes does not count either. */
function endorsementPolicy({ organizations }: FollowedConfiguration, trust: TrustRecord): EndorsementPolicy {
  const revokedIn = (mspId: string): readonly string[] =>
    trust.organizations.find((own) => own.mspId === mspId)?.revokedSerials ?? [];
  return {
    minimumOrganizations: trust.minimumOrganizations,
    organizations: organizations.map((organization) => ({
      ...organization,
      revokedSerials: [...organization.revokedSerials, ...revokedIn(organization.mspId)],
    })),
  };
}
