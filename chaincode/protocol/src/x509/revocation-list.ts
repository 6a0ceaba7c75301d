// SPDX-License-Identifier: Apache-2.0

import { derElements, derFields } from './der';
import { verifyIssuerSignature } from './signature';
import { type CertificateFacts, readCertificate, readSerialNumber, signatureHashes } from './read-certificate';

/** A certificate revocation list (RFC 5280 section 5). */
export interface RevocationList {
  /** DER of the issuer's name. */
  readonly issuer: Buffer;
  /** Upper-case hex. */
  readonly serialNumbers: ReadonlySet<string>;
  /** Whether the authority with this certificate signed it. */
  readonly isSignedBy: (authority: CertificateFacts) => boolean;
}

/**
 * Reads a list as Fabric's channel configurations hold it: DER, or PEM.
 *
 * @throws Error when it is none
 */
export function readRevocationList(bytes: Buffer): RevocationList {
  const [list] = derFields(decode(bytes), [0x30]);
  const [signed, algorithm, signature] = derFields(list.content, [0x30, 0x30, 0x03]);
  // The version, if it is given, comes first; issuer, times and the revoked certificates follow the algorithm.
  const fields = derElements(signed.content).filter(({ tag }, place) => place > 0 || tag !== 0x02);
  const [, issuer] = fields;
  if (issuer?.tag !== 0x30) throw new Error('X.509: a revocation list without issuer');
  const revoked = fields.slice(2).find(({ tag }) => tag === 0x30);
  const serials = derElements(revoked?.content ?? Buffer.alloc(0)).map(({ content }) => derElements(content)[0]);
  const hash = signatureHashes.get(algorithm.bytes.toString('hex'));
  return {
    issuer: issuer.bytes,
    serialNumbers: new Set(serials.map((serial) => readSerialNumber(serial?.content ?? Buffer.alloc(0)))),
    isSignedBy: ({ publicKey, subject }) =>
      hash !== undefined &&
      subject.equals(issuer.bytes) &&
      verifyIssuerSignature(publicKey, hash, signed.bytes, signature.content.subarray(1)),
  };
}

/**
 * Whether a list that one of these authorities signed names a certificate of the same authority. As in Fabric, a list
 * that nobody of them signed counts for nothing.
 *
 * @param caCertificates - PEM
 */
export function isRevoked(
  certificate: CertificateFacts,
  lists: readonly RevocationList[],
  caCertificates: readonly string[],
): boolean {
  return lists
    .filter((list) => list.issuer.equals(certificate.issuer) && list.serialNumbers.has(certificate.serialNumber))
    .some((list) => caCertificates.some((ca) => list.isSignedBy(readCertificate(ca))));
}

function decode(bytes: Buffer): Buffer {
  const pem = /^-----BEGIN X509 CRL-----\s([A-Za-z0-9+/=\s]+)-----END X509 CRL-----\s*$/u.exec(
    bytes.toString('latin1'),
  );
  return pem?.[1] === undefined ? bytes : Buffer.from(pem[1], 'base64');
}
