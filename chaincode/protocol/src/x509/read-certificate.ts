// SPDX-License-Identifier: Apache-2.0

import { type KeyObject } from 'node:crypto';
import { derElements, derFields, derUnsigned, type DerElement, type DerFields } from './der';
import { type ExtensionFacts, readExtensions } from './extensions';
import { attributeTypes, readName } from './name';
import { decodePem } from './pem';
import { readPublicKey, requirePoint } from './public-key';
import { readValidity, type Validity } from './validity';

/** What a certificate says that is judged (RFC 5280). Reading it does not verify its signature. */
export interface CertificateFacts extends ExtensionFacts, Validity {
  /** The part that is signed, with how and by which signature. */
  readonly signed: Buffer;
  readonly signatureHash: SignatureHash;
  readonly signature: Buffer;
  /** Upper-case hex, as OpenSSL prints it. */
  readonly serialNumber: string;
  /** DER of the names. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  /** Values of the subject's organizational units (2.5.4.11), in order. */
  readonly organizationalUnits: readonly string[];
  /** Values of the subject's common names (2.5.4.3), in order. */
  readonly commonNames: readonly string[];
  /** DER of the SubjectPublicKeyInfo, a point on a curve that is allowed. */
  readonly subjectPublicKeyInfo: Buffer;
  /** The same key, made when it is first asked for: that takes longer than reading all the rest. */
  readonly publicKey: KeyObject;
}

type SignatureHash = 'sha256' | 'sha384';
/** Whole algorithm identifiers (RFC 5758 section 3.2): ECDSA takes no parameters. */
export const signatureHashes: ReadonlyMap<string, SignatureHash> = new Map([
  ['300a06082a8648ce3d040302', 'sha256'],
  ['300a06082a8648ce3d040303', 'sha384'],
]);

/** Fabric's node-OU roles. A certificate has exactly one; other units are affiliations (fabric-ca adds them). */
const roleUnits: readonly string[] = ['client', 'admin', 'peer', 'orderer'];

/**
 * The one role of a certificate, undefined when it has none or several. `peerUnit`: the name of the peer's unit, if
 * another.
 */
export function roleOf(
  { organizationalUnits }: Pick<CertificateFacts, 'organizationalUnits'>,
  peerUnit?: string,
): string | undefined {
  const roles = organizationalUnits.filter((unit) => roleUnits.includes(unit) || unit === peerUnit);
  return roles.length === 1 ? roles[0] : undefined;
}

/**
 * Reads a certificate by the rules of docs/spec/04-proof.md section 4.6, and by nothing else: versions of Node and
 * OpenSSL differ in what they
 * take, and a native parser sees a key only once its bytes are known to be harmless.
 *
 * @throws Error when it is not an X.509 version 3 certificate of that form
 */
export function readCertificate(pem: string): CertificateFacts {
  const [certificate] = derFields(decodePem(pem), [0x30]);
  const [signed, algorithm, signature] = derFields(certificate.content, [0x30, 0x30, 0x03]);
  const signatureHash = signatureHashes.get(algorithm.bytes.toString('hex'));
  if (signatureHash === undefined) throw new Error('X.509: signature algorithm');
  if (signature.content[0] !== 0) throw new Error('X.509: signature');
  const facts = readSigned(signed, algorithm);
  let publicKey: KeyObject | undefined;
  return {
    ...facts,
    signed: signed.bytes,
    signatureHash,
    signature: signature.content.subarray(1),
    get publicKey() {
      publicKey ??= readPublicKey(facts.subjectPublicKeyInfo);
      return publicKey;
    },
  };
}

const versionThree = Buffer.from('a003020102', 'hex');
/** Version, serial number, signature algorithm, issuer, validity, subject, public key. */
const fieldTags = [0xa0, 0x02, 0x30, 0x30, 0x30, 0x30, 0x30] as const;

function readSigned(
  { content }: DerElement,
  algorithm: DerElement,
): Omit<CertificateFacts, 'signed' | 'signatureHash' | 'signature' | 'publicKey'> {
  const { fields, extensions } = splitFields(content);
  const [version, serial, innerAlgorithm, issuer, validity, subject, key] = fields;
  if (!version.bytes.equals(versionThree)) throw new Error('X.509: version');
  if (!innerAlgorithm.bytes.equals(algorithm.bytes)) throw new Error('X.509: signature algorithms differ');
  readName(issuer.content);
  const names = readName(subject.content);
  const valuesOf = (wanted: string): string[] => names.filter(({ type }) => type === wanted).map(({ value }) => value);
  return {
    ...extensions,
    ...readValidity(validity.content),
    serialNumber: readSerialNumber(serial.content),
    issuer: issuer.bytes,
    subject: subject.bytes,
    organizationalUnits: valuesOf(attributeTypes.organizationalUnit),
    commonNames: valuesOf(attributeTypes.commonName),
    subjectPublicKeyInfo: requirePoint(key.bytes),
  };
}

/** Extensions may follow the other fields, and nothing else: unique identifiers of issuer and subject are refused. */
function splitFields(content: Buffer): {
  readonly fields: DerFields<typeof fieldTags>;
  readonly extensions: ExtensionFacts;
} {
  const last = derElements(content).at(-1);
  if (last?.tag !== 0xa3) {
    return { fields: derFields(content, fieldTags), extensions: { authority: false, keyUsage: undefined } };
  }
  const before = content.subarray(0, content.length - last.bytes.length);
  return { fields: derFields(before, fieldTags), extensions: readExtensions(last.content) };
}

/** Positive and at most 20 octets (RFC 5280 section 4.1.2.2). */
export function readSerialNumber(content: Buffer): string {
  if (content.length > 20 || derUnsigned(content) === 0n) throw new Error('X.509: serial number');
  const hex = content.toString('hex').toUpperCase();
  return hex.startsWith('00') ? hex.slice(2) : hex;
}
