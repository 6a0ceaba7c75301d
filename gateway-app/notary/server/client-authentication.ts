// SPDX-License-Identifier: Apache-2.0

import {
  readIssuedCertificate,
  roleOf,
  sameSerial,
  type CertificateFacts,
  type Configuration,
  type MspId,
} from '@gridpeg/protocol';

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
 * Finds out whose certificate this is: a client's of an organization with a notary in a committee, issued by its
 * authority itself, valid now and not revoked. That the caller has its key is for TLS to prove.
 *
 * @param pem - the certificate that was shown
 * @param nowMs - Unix milliseconds
 * @returns the organization, undefined for anybody else's certificate
 */
export function callerOf(pem: string, configurations: readonly Configuration[], nowMs: number): MspId | undefined {
  const organizations = organizationsOf(configurations);
  const facts = readIssued(
    pem,
    organizations.flatMap(({ caCertificates }) => caCertificates),
  );
  if (facts === undefined || roleOf(facts) !== 'client' || facts.authority) return undefined;
  if (nowMs < facts.notBeforeMs || nowMs >= facts.notAfterMs) return undefined;
  const issuer = organizations.find(({ caCertificates }) => readIssued(pem, caCertificates) !== undefined);
  if (issuer === undefined || !isInCommittee(issuer.mspId, configurations)) return undefined;
  const revoked = organizations.some(
    ({ mspId, revokedSerials }) =>
      mspId === issuer.mspId && revokedSerials.some((serial) => sameSerial(serial, facts.serialNumber)),
  );
  return revoked ? undefined : issuer.mspId;
}

function isInCommittee(mspId: MspId, configurations: readonly Configuration[]): boolean {
  const records = configurations.flatMap(({ chains }) => chains);
  return records.some(({ committee }) => committee.notaries.some((notary) => notary.mspId === mspId));
}

/** The owner of a certificate that cannot be read is unknown as well. */
function readIssued(pem: string, caCertificates: readonly string[]): CertificateFacts | undefined {
  try {
    return readIssuedCertificate(pem, caCertificates);
  } catch {
    return undefined;
  }
}

function organizationsOf(configurations: readonly Configuration[]): Configuration['chains'][number]['organizations'] {
  return configurations.flatMap(({ chains }) => chains.flatMap(({ organizations }) => organizations));
}
