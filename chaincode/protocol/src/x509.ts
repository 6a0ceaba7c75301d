// SPDX-License-Identifier: Apache-2.0

import { X509Certificate, type KeyObject } from 'node:crypto';
import { type DerElement, derElements } from './der';
import { Memory } from './memory';

/** What is judged of a certificate (RFC 5280), beyond what node:crypto says. */
export interface CertificateFacts {
  readonly certificate: X509Certificate;
  readonly publicKey: KeyObject;
  /** Values of the subject's organizational units (2.5.4.11), in order. */
  readonly organizationalUnits: readonly string[];
  /** Values of the subject's common names (2.5.4.3), in order. */
  readonly commonNames: readonly string[];
  /** Key usage bit 0 (2.5.29.15). */
  readonly digitalSignature: boolean;
  /** Basic constraints (2.5.29.19) say that it is a CA's, whatever the key usage: what Fabric's MSP goes by. */
  readonly authority: boolean;
}

/** Fabric's node-OU roles. A certificate has exactly one; other units are affiliations (fabric-ca adds them). */
const roleUnits: readonly string[] = ['client', 'admin', 'peer', 'orderer'];

/** The one role of a certificate, undefined when it has none or several. `peerUnit`: the name of the peer's unit, if another. */
export function roleOf(
  { organizationalUnits }: Pick<CertificateFacts, 'organizationalUnits'>,
  peerUnit?: string,
): string | undefined {
  const roles = organizationalUnits.filter((unit) => roleUnits.includes(unit) || unit === peerUnit);
  return roles.length === 1 ? roles[0] : undefined;
}

const certificates = new Memory<CertificateFacts>(1024);
const issues = new Memory<boolean>(1024);

const commonName = Buffer.from([0x55, 0x04, 0x03]);
const organizationalUnit = Buffer.from([0x55, 0x04, 0x0b]);
const keyUsage = Buffer.from([0x55, 0x1d, 0x0f]);
const basicConstraints = Buffer.from([0x55, 0x1d, 0x13]);

/**
 * Reads subject and key usage from the certificate's own bytes: the subject as text has been a source of confusion
 * (CVE-2021-44532), and node:crypto does not tell the key usage.
 *
 * @throws Error when it is not an X.509 version 3 certificate
 */
export function readCertificate(pem: string): CertificateFacts {
  return certificates.recall(pem, () => parseCertificate(pem));
}

/** Whether `ca` is a CA certificate that signed `certificate`, names and signature both. */
export function isIssuedBy(certificate: CertificateFacts, ca: CertificateFacts): boolean {
  return issues.recall(
    `${ca.certificate.fingerprint256} ${certificate.certificate.fingerprint256}`,
    () =>
      ca.certificate.ca &&
      certificate.certificate.checkIssued(ca.certificate) &&
      certificate.certificate.verify(ca.publicKey),
  );
}

/** Whether a trust record may list this text as a CA certificate. */
export function isCaCertificate(pem: string): boolean {
  try {
    return readCertificate(pem).certificate.ca;
  } catch {
    return false;
  }
}

function parseCertificate(pem: string): CertificateFacts {
  const certificate = new X509Certificate(pem);
  const [outer] = derElements(certificate.raw);
  const [body] = derElements(content(outer));
  const fields = derElements(content(body));
  // version [0], serial, signature, issuer, validity, subject, key, ..., extensions [3]
  const subject = derElements(content(fields[5])).flatMap((set) => derElements(set.content));
  const names = subject.map((attribute) => derElements(attribute.content));
  const extensions = fields.find((field) => field.tag === 0xa3);
  return {
    certificate,
    publicKey: certificate.publicKey,
    organizationalUnits: valuesOf(names, organizationalUnit),
    commonNames: valuesOf(names, commonName),
    digitalSignature: extensions !== undefined && allowsSignature(extensions),
    authority: extensions !== undefined && namesAuthority(extensions),
  };
}

function content(element: DerElement | undefined): Buffer {
  if (element === undefined) throw new Error('X.509: element missing');
  return element.content;
}

function valuesOf(names: readonly (readonly DerElement[])[], type: Buffer): string[] {
  return names.filter(([id]) => id?.content.equals(type)).map(([, value]) => content(value).toString('utf8'));
}

/** The value of an extension, without its octet string. */
function extensionValue(extensions: DerElement, type: Buffer): readonly DerElement[] {
  const [sequence] = derElements(extensions.content);
  const found = derElements(content(sequence))
    .map((extension) => derElements(extension.content))
    .find(([id]) => id?.content.equals(type));
  return found === undefined ? [] : derElements(content(found.at(-1)));
}

function allowsSignature(extensions: DerElement): boolean {
  const [bits] = extensionValue(extensions, keyUsage);
  return bits?.tag === 0x03 && bits.content.length > 1 && (bits.content.readUInt8(1) & 0x80) !== 0;
}

function namesAuthority(extensions: DerElement): boolean {
  const [sequence] = extensionValue(extensions, basicConstraints);
  if (sequence === undefined) return false;
  const [first] = derElements(sequence.content);
  return first?.tag === 0x01 && first.content.some((byte) => byte !== 0);
}
