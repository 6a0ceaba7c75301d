// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one verification, of which no step may be left out.

import { type KeyObject } from 'node:crypto';
import { BoundedCache } from '../codec/bounded-cache';
import { base64Codec, list, record, type Codec } from '../codec/codec';
import { Refused } from '../codec/refusal';
import { sameSerial } from '../proof/endorsed-proof';
import { readSerializedIdentity, readSignatureHeader } from '../proof/fabric-message';
import { readMessage } from '../proof/fabric-proposal';
import { type CertificateFacts, readCertificate, readIssuedCertificate, roleOf } from '../x509';
import { verifySignature } from '../x509/signature';
import { type BlockHeader, decodeBlockHeader, encodeBlockHeader } from './block-header';
import { type Consensus, type OrderingOrganization } from './channel-configuration';
import { type FollowedConfiguration } from './followed-chain';
import {
  readIdentifierHeader,
  readLastConfig,
  readMetadata,
  readMetadataSignature,
  readOrdererBlockMetadata,
} from './fabric-block';

/** One orderer's signature, with the header of its own that it signed; of the two headers one is empty. */
export interface OrdererSignature {
  readonly signatureHeader: string;
  readonly identifierHeader: string;
  readonly signature: string;
}
const ordererSignatureCodec: Codec<OrdererSignature> = record({
  signatureHeader: base64Codec,
  identifierHeader: base64Codec,
  signature: base64Codec,
});

/** A block's header as orderers signed it, all base64; docs/spec/13-light-client.md section 13.3. */
export interface SignedHeader {
  readonly header: string;
  /** Value of the block's SIGNATURES entry. */
  readonly metadata: string;
  readonly signatures: readonly OrdererSignature[];
}
export const signedHeaderCodec: Codec<SignedHeader> = record({
  header: base64Codec,
  metadata: base64Codec,
  signatures: list(ordererSignatureCodec, 1, 64),
});

/**
 * Takes a signed header from a block.
 *
 * @param signatures - the block's SIGNATURES entry
 * @throws Error when it is not as Fabric writes it
 */
export function signedHeaderOf(header: BlockHeader, signatures: Buffer): SignedHeader {
  const metadata = readMetadata(signatures);
  return {
    header: encodeBlockHeader(header).toString('base64'),
    metadata: metadata.value.toString('base64'),
    signatures: metadata.signatures.map((bytes) => {
      const { signatureHeader, signature, identifierHeader } = readMetadataSignature(bytes);
      return {
        signatureHeader: signatureHeader.toString('base64'),
        identifierHeader: identifierHeader.toString('base64'),
        signature: signature.toString('base64'),
      };
    }),
  };
}

/** What a header says: the block, and the number of the one with the configuration that it was signed under. */
export interface HeaderClaim {
  readonly header: BlockHeader;
  readonly lastConfiguration: bigint;
}

/** @throws Refused PROOF_MALFORMED */
export function readSignedHeader({ header, metadata }: SignedHeader): HeaderClaim {
  return {
    header: readBlockHeader(header),
    lastConfiguration: readMessage('metadata', () => {
      const { lastConfig } = readOrdererBlockMetadata(bytesOf(metadata));
      return readLastConfig(lastConfig).index;
    }),
  };
}

/** @throws Refused PROOF_MALFORMED */
export function readBlockHeader(header: string): BlockHeader {
  return readMessage('header', () => decodeBlockHeader(bytesOf(header)));
}

/**
 * Verifies that as many orderers as it takes signed the header, under that configuration. Cheap checks come first.
 *
 * @param isConfiguration - whether the block holds the next configuration, and so names itself
 * @returns who signed: numbers of consenters under BFT, else MSP ids with common names
 * @throws Refused with the codes of docs/spec/13-light-client.md section 13.3
 */
export function verifySignedHeader(
  signed: SignedHeader,
  { number, consensus }: Pick<FollowedConfiguration, 'number' | 'consensus'>,
  isConfiguration: boolean,
): readonly string[] {
  const { header, lastConfiguration } = readSignedHeader(signed);
  const expected = isConfiguration ? header.number : number;
  if (lastConfiguration !== expected) {
    const code = lastConfiguration > expected ? 'CONFIGURATION_SKIPPED' : 'CONFIGURATION_STALE';
    throw new Refused({ code, block: lastConfiguration.toString(), followed: expected.toString() });
  }
  return verifySigners(signed, consensus);
}

function verifySigners(signed: SignedHeader, consensus: Consensus): readonly string[] {
  const signers = signed.signatures.map((signature) => ({ signer: signerOf(signature, consensus), signature }));
  const names = signers.map(({ signer }) => signer.name);
  const keys = signers.map(({ signer }) => signer.key);
  const isFirst = (values: readonly string[], place: number): boolean => values.indexOf(values[place] ?? '') === place;
  const repeated = names.find((_, place) => !isFirst(names, place) || !isFirst(keys, place));
  if (repeated !== undefined) throw new Refused({ code: 'ORDERER_REPEATED', orderer: repeated });
  const { requiredSignatures: required } = consensus;
  if (names.length < required) throw new Refused({ code: 'ORDERERS_TOO_FEW', found: names.length, required });
  for (const { signer, signature } of signers) {
    if (!verifies(signed, signer, signature)) throw new Refused({ code: 'SIGNATURE_INVALID', signer: signer.name });
  }
  return names;
}

/**
 * Those of a header's signatures that count, one of each signer, for whoever carries headers or audits them.
 *
 * @param most - so many are enough
 */
export function signaturesThatCount(
  signed: SignedHeader,
  consensus: Consensus,
  most = consensus.requiredSignatures,
): readonly OrdererSignature[] {
  const counted: OrdererSignature[] = [];
  const known = new Set<string>();
  for (const signature of signed.signatures) {
    if (counted.length === most) break;
    const signer = signerOrNone(signature, consensus);
    if (signer === undefined || known.has(signer.name) || known.has(signer.key)) continue;
    if (!verifies(signed, signer, signature)) continue;
    counted.push(signature);
    known.add(signer.name).add(signer.key);
  }
  return counted;
}

function signerOrNone(signature: OrdererSignature, consensus: Consensus): Signer | undefined {
  try {
    return signerOf(signature, consensus);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

interface Signer {
  readonly name: string;
  /** SubjectPublicKeyInfo, base64. */
  readonly key: string;
  readonly publicKey: KeyObject;
  /** The header of the signature, which is signed as well. */
  readonly heading: Buffer;
}

/** Whose signature it says it is. */
function signerOf({ signatureHeader, identifierHeader }: OrdererSignature, consensus: Consensus): Signer {
  const [own, other] =
    consensus.kind === 'bft' ? [identifierHeader, signatureHeader] : [signatureHeader, identifierHeader];
  if (own === '' || other !== '') throw new Refused({ code: 'ORDERER_SIGNATURE_FORM', expected: consensus.kind });
  const heading = bytesOf(own);
  const { name, facts } =
    consensus.kind === 'bft' ? consenterIn(heading, consensus) : ordererIn(heading, consensus.organizations);
  return { name, key: facts.subjectPublicKeyInfo.toString('base64'), publicKey: facts.publicKey, heading };
}

const certificates = new BoundedCache<CertificateFacts>({ entries: 256, characters: 2 ** 20 });

function consenterIn(
  heading: Buffer,
  { consenters }: Extract<Consensus, { kind: 'bft' }>,
): { readonly name: string; readonly facts: CertificateFacts } {
  const { identifier } = readMessage('identifierHeader', () => readIdentifierHeader(heading));
  const name = identifier.toString();
  const certificate = consenters.find(({ id }) => id === identifier)?.certificate;
  const facts =
    certificate === undefined ? undefined : certificates.getOrCompute(certificate, () => readCertificate(certificate));
  if (facts === undefined) throw new Refused({ code: 'ORDERER_STRANGER', orderer: name });
  return { name, facts };
}

function ordererIn(
  heading: Buffer,
  organizations: readonly OrderingOrganization[],
): { readonly name: string; readonly facts: CertificateFacts } {
  const { creator } = readMessage('signatureHeader', () => readSignatureHeader(heading));
  const identity = readMessage('signatureHeader.creator', () => readSerializedIdentity(creator));
  const mspId = identity.mspId.toString('utf8').slice(0, 64);
  const organization = organizations.find((candidate) => candidate.mspId === mspId);
  const facts =
    organization &&
    readMessage('signatureHeader.certificate', () =>
      readIssuedCertificate(identity.idBytes.toString('utf8'), organization.caCertificates),
    );
  if (organization === undefined || facts === undefined) {
    throw new Refused({ code: 'ORDERER_STRANGER', orderer: mspId });
  }
  const name = `${mspId}/${facts.commonNames.join()}`;
  const { ordererUnit, revokedSerials } = organization;
  if (facts.authority || (ordererUnit !== '' && roleOf(facts, ordererUnit) !== ordererUnit)) {
    throw new Refused({ code: 'SIGNER_NOT_ORDERER', orderer: name });
  }
  if (revokedSerials.some((serial) => sameSerial(serial, facts.serialNumber))) {
    throw new Refused({ code: 'ORDERER_REVOKED', orderer: name });
  }
  return { name, facts };
}

function verifies(
  { header, metadata }: SignedHeader,
  { publicKey, heading }: Signer,
  { signature }: OrdererSignature,
): boolean {
  const signed = Buffer.concat([bytesOf(metadata), heading, bytesOf(header)]);
  return verifySignature(publicKey, signed, bytesOf(signature));
}

function bytesOf(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}
