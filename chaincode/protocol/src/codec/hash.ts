// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';

/**
 * SHA-256 over a domain and fields, each behind its length in four bytes, big endian; docs/spec/01-encoding.md section
 * 1.4.
 *
 * @param fields - text is taken as UTF-8, integers as decimal text
 * @returns 32 bytes
 */
export function hashBytes(domain: string, ...fields: readonly (string | number)[]): Buffer {
  const sha = createHash('sha256');
  for (const field of [domain, ...fields]) {
    const bytes = Buffer.from(String(field), 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    sha.update(length).update(bytes);
  }
  return sha.digest();
}

/** {@link hashBytes} as 64 lower-case hex digits. */
export function hash(domain: string, ...fields: readonly (string | number)[]): string {
  return hashBytes(domain, ...fields).toString('hex');
}
