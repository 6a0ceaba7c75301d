// SPDX-License-Identifier: Apache-2.0

import { BoundedCache } from '../codec/bounded-cache';
import { verifyIssuerSignature } from './signature';
import { type CertificateFacts, readCertificate } from './read-certificate';

const authorities = new BoundedCache<CertificateFacts>({ entries: 256, characters: 2 ** 20 });
const issued = new BoundedCache<CertificateFacts>({ entries: 1024, characters: 4 * 2 ** 20 });

/**
 * Reads a certificate that one of these authorities issued. Only such a certificate is cached, so that strangers'
 * neither grow the
 * cache nor displace what is in it.
 *
 * @param caCertificates - PEM, of whom the caller trusts
 * @returns undefined for anybody else's certificate
 * @throws Error when the certificate is not of the form of docs/spec/04-proof.md section 4.6
 */
export function readIssuedCertificate(pem: string, caCertificates: readonly string[]): CertificateFacts | undefined {
  let facts: CertificateFacts | undefined;
  for (const ca of caCertificates) {
    const found = issued.getOrCompute(`${ca.length.toString()} ${ca}${pem}`, () => {
      facts ??= readCertificate(pem);
      const authority = readAuthority(ca);
      return authority !== undefined && isIssuedBy(facts, authority) ? facts : undefined;
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a trust record may list this text as a CA certificate. */
export function isCaCertificate(pem: string): boolean {
  return authorityIn(pem) !== undefined;
}

function readAuthority(pem: string): CertificateFacts | undefined {
  return authorities.getOrCompute(pem, () => authorityIn(pem));
}

/** A certificate of a CA that may sign others. */
function authorityIn(pem: string): CertificateFacts | undefined {
  try {
    const facts = readCertificate(pem);
    return facts.authority && (facts.keyUsage?.keyCertSign ?? true) ? facts : undefined;
  } catch {
    return undefined;
  }
}

/** Names are compared as bytes. */
function isIssuedBy(certificate: CertificateFacts, authority: CertificateFacts): boolean {
  return (
    certificate.issuer.equals(authority.subject) &&
    verifyIssuerSignature(authority.publicKey, certificate.signatureHash, certificate.signed, certificate.signature)
  );
}
