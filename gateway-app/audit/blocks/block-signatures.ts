// SPDX-License-Identifier: Apache-2.0

import {
  isRevoked,
  readCertificate,
  readIssuedCertificate,
  roleOf,
  verifySignature,
  type CertificateFacts,
} from '@gridpeg/protocol';
import { common, msp } from '@hyperledger/fabric-protos';
import { headerBytesOf, type BlockHeader } from './audit-block';
import { ordererConfigurationIn, type OrdererConfiguration, type OrdererOrganization } from './orderer-configuration';

/** What is wrong with a block's signatures. */
interface SignatureFault {
  readonly expected: string;
  readonly found: string;
}

/** Follows who may sign a chain's blocks from its first block on, and checks that they did. */
export class BlockSignatures {
  #orderers: OrdererConfiguration | undefined;
  #lastConfiguration = 0n;

  /**
   * The next block, beginning with number 0, which nobody signs: its hash is in the chain id.
   *
   * @param header - of the block, as it is hashed
   */
  check(block: common.Block, header: BlockHeader): SignatureFault | undefined {
    try {
      const next = ordererConfigurationIn(block);
      const fault = header.number === 0n ? undefined : this.#faultOf(block, header, next !== undefined);
      if (fault === undefined && next !== undefined) {
        this.#orderers = next;
        this.#lastConfiguration = header.number;
      }
      return fault;
    } catch (error) {
      return { expected: 'a block that Fabric writes', found: error instanceof Error ? error.message : 'another' };
    }
  }

  #faultOf(block: common.Block, header: BlockHeader, isConfiguration: boolean): SignatureFault | undefined {
    const bytes = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.SIGNATURES] ?? new Uint8Array();
    const metadata = common.Metadata.deserializeBinary(bytes);
    const value = common.OrdererBlockMetadata.deserializeBinary(metadata.getValue_asU8());
    const last = BigInt(value.getLastConfig()?.getIndex() ?? 0);
    const expected = isConfiguration ? header.number : this.#lastConfiguration;
    if (last !== expected) {
      return { expected: `configuration of block ${expected.toString()}`, found: `of block ${last.toString()}` };
    }
    const orderers = this.#orderers;
    if (orderers === undefined) return { expected: 'a first block with a configuration', found: 'none' };
    const signers = new Set(
      metadata.getSignaturesList().flatMap((signature) => signerOf(signature, metadata, header, orderers) ?? []),
    );
    const quorum = orderers.kind === 'crash-tolerant' ? 1 : orderers.quorum;
    if (signers.size >= quorum) return undefined;
    return { expected: `signed by ${quorum.toString()} orderers`, found: `by ${signers.size.toString()}` };
  }
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
  const signed = Buffer.concat([metadata.getValue_asU8(), heading, headerBytesOf(header)]);
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
