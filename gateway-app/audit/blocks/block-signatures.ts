// SPDX-License-Identifier: Apache-2.0

import {
  encodeBlockHeader,
  isRevoked,
  readCertificate,
  readIssuedCertificate,
  roleOf,
  verifySignature,
  type BlockHeader,
  type CertificateFacts,
} from '@gridpeg/protocol';
import { common, msp } from '@hyperledger/fabric-protos';
import { ordererConfigurationIn, type OrdererConfiguration, type OrdererOrganization } from './orderer-configuration';

/** What is wrong with a block's signatures. */
interface SignatureFault {
  readonly expected: string;
  readonly found: string;
}

/** Who may sign the blocks after one that configures the channel. */
interface Configured {
  readonly number: bigint;
  readonly orderers: OrdererConfiguration;
}

/** Follows who may sign a chain's blocks from its first block on, and checks that they did. */
export class BlockSignatures {
  /** In order. There are few: a channel is configured seldom. */
  readonly #configurations: Configured[] = [];

  /**
   * The next block, beginning with number 0, which nobody signs: its hash is in the chain id. Or one from before, which
   * is read once more.
   *
   * @param header - of the block, as it is hashed
   */
  check(block: common.Block, header: BlockHeader): SignatureFault | undefined {
    try {
      const next = ordererConfigurationIn(block);
      const before = this.#configurations.findLast(({ number }) => number < header.number);
      const fault = header.number === 0n ? undefined : faultOf(block, header, before, next !== undefined);
      const isLater = header.number > (this.#configurations.at(-1)?.number ?? -1n);
      if (fault === undefined && next !== undefined && isLater) {
        this.#configurations.push({ number: header.number, orderers: next });
      }
      return fault;
    } catch (error) {
      return { expected: 'a block that Fabric writes', found: error instanceof Error ? error.message : 'another' };
    }
  }
}

function faultOf(
  block: common.Block,
  header: BlockHeader,
  before: Configured | undefined,
  isConfiguration: boolean,
): SignatureFault | undefined {
  if (before === undefined) return { expected: 'a first block with a configuration', found: 'none' };
  const bytes = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.SIGNATURES] ?? new Uint8Array();
  const metadata = common.Metadata.deserializeBinary(bytes);
  const last = lastConfigurationIn(metadata);
  const expected = isConfiguration ? header.number : before.number;
  if (last !== expected) {
    return { expected: `configuration of block ${expected.toString()}`, found: `of block ${last.toString()}` };
  }
  const { orderers } = before;
  const signers = new Set(
    metadata.getSignaturesList().flatMap((signature) => signerOf(signature, metadata, header, orderers) ?? []),
  );
  const quorum = orderers.kind === 'crash-tolerant' ? 1 : orderers.quorum;
  if (signers.size >= quorum) return undefined;
  return { expected: `signed by ${quorum.toString()} orderers`, found: `by ${signers.size.toString()}` };
}

/** Number of the block with the configuration under which a block says that it was signed. */
function lastConfigurationIn(metadata: common.Metadata): bigint {
  const value = common.OrdererBlockMetadata.deserializeBinary(metadata.getValue_asU8());
  return BigInt(value.getLastConfig()?.getIndex() ?? 0);
}

/** Who made a signature, by name or number; undefined for one that does not count. */
function signerOf(
  signature: common.MetadataSignature,
  metadata: common.Metadata,
  header: BlockHeader,
  orderers: OrdererConfiguration,
): string | undefined {
  const found =
    orderers.kind === 'byzantine-tolerant' ? consenterOf(signature, orderers) : ordererOf(signature, orderers);
  if (found === undefined) return undefined;
  const { name, facts, heading, organization } = found;
  // A certificate that its authority has revoked signs no longer, whoever is listed as a consenter.
  if (organization !== undefined && isRevoked(facts, organization.revocationLists, organization.caCertificates))
    return undefined;
  const signed = Buffer.concat([metadata.getValue_asU8(), heading, encodeBlockHeader(header)]);
  return verifySignature(facts.publicKey, signed, Buffer.from(signature.getSignature_asU8())) ? name : undefined;
}

/** Whose signature it says it is. */
interface ClaimedSigner {
  readonly name: string;
  readonly facts: CertificateFacts;
  /** The header of the signature, which is signed as well. */
  readonly heading: Uint8Array;
  readonly organization: OrdererOrganization | undefined;
}

function consenterOf(
  signature: common.MetadataSignature,
  { consenters, organizations }: Extract<OrdererConfiguration, { kind: 'byzantine-tolerant' }>,
): ClaimedSigner | undefined {
  const heading = signature.getIdentifierHeader_asU8();
  const number = common.IdentifierHeader.deserializeBinary(heading).getIdentifier();
  const consenter = consenters.get(number);
  if (consenter === undefined) return undefined;
  const facts = readCertificate(consenter.certificate);
  return { name: number.toString(), facts, heading, organization: organizations.get(consenter.mspId) };
}

function ordererOf(
  signature: common.MetadataSignature,
  { organizations }: OrdererConfiguration,
): ClaimedSigner | undefined {
  const heading = signature.getSignatureHeader_asU8();
  const creator = common.SignatureHeader.deserializeBinary(heading).getCreator_asU8();
  const identity = msp.SerializedIdentity.deserializeBinary(creator);
  const organization = organizations.get(identity.getMspid());
  if (organization === undefined) return undefined;
  const name = Buffer.from(identity.getIdBytes_asU8()).toString('utf8');
  const facts = readIssuedCertificate(name, organization.caCertificates);
  if (facts === undefined) return undefined;
  const { unit } = organization;
  return unit === undefined || roleOf(facts, unit) === unit ? { name, facts, heading, organization } : undefined;
}
