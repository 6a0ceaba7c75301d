// SPDX-License-Identifier: Apache-2.0

import { isIssuedBy, readCertificate, roleOf, sameSerial, type Configuration, type MspId } from '@gridpeg/protocol';

/**
 * The authorities of every organization that a trust record of these ledgers names.
 *
 * @param configurations - those in force on the ledgers that this organization can read
 * @returns CA certificates, PEM, by MSP id
 */
export function authoritiesOf(configurations: readonly Configuration[]): ReadonlyMap<MspId, readonly string[]> {
  const found = new Map<MspId, Set<string>>();
  for (const { mspId, caCertificates } of organizationsOf(configurations)) {
    const known = found.get(mspId) ?? new Set();
    for (const certificate of caCertificates) known.add(certificate);
    found.set(mspId, known);
  }
  return new Map([...found].map(([mspId, certificates]) => [mspId, [...certificates]]));
}

/**
 * Tells whose certificate this is: a client's of an organization, issued by its authority itself, valid now and not revoked. That the
 * caller has its key is for TLS to prove.
 *
 * @param pem - the certificate that was shown
 * @param nowMs - Unix milliseconds
 * @returns the organization, undefined for anybody else's certificate
 */
export function callerOf(pem: string, configurations: readonly Configuration[], nowMs: number): MspId | undefined {
  const facts = readCertificate(pem);
  const { certificate } = facts;
  if (roleOf(facts) !== 'client' || facts.authority) return undefined;
  if (nowMs < Date.parse(certificate.validFrom) || nowMs >= Date.parse(certificate.validTo)) return undefined;
  const organizations = organizationsOf(configurations);
  const issuer = organizations.find(({ caCertificates }) =>
    caCertificates.some((ca) => isIssuedBy(facts, readCertificate(ca))),
  );
  if (issuer === undefined) return undefined;
  const revoked = organizations.some(
    ({ mspId, revokedSerials }) =>
      mspId === issuer.mspId && revokedSerials.some((serial) => sameSerial(serial, certificate.serialNumber)),
  );
  return revoked ? undefined : issuer.mspId;
}

function organizationsOf(configurations: readonly Configuration[]): Configuration['chains'][number]['organizations'] {
  return configurations.flatMap(({ chains }) => chains.flatMap(({ organizations }) => organizations));
}
