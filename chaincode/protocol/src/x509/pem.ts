// SPDX-License-Identifier: Apache-2.0

const maximumCharacters = 16_384;
const form = /^-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=\n]+)\n-----END CERTIFICATE-----\n?$/;

/** A certificate as Fabric writes it (RFC 7468): lines of 64 characters, each ended by a line feed. */
export function encodePem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/**
 * Reads what {@link encodePem} writes, with or without the last line feed, and nothing else.
 *
 * @throws Error for text around the one block, lines of another length or another end, more than 16,384 characters
 */
export function decodePem(pem: string): Buffer {
  const base64 = pem.length > maximumCharacters ? undefined : form.exec(pem)?.[1];
  if (base64 === undefined) throw new Error('X.509: not one certificate in PEM');
  const bytes = Buffer.from(base64, 'base64');
  if (encodePem(bytes) !== (pem.endsWith('\n') ? pem : `${pem}\n`)) throw new Error('X.509: PEM of another form');
  return bytes;
}
