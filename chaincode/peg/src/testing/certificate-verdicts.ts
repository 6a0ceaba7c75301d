// SPDX-License-Identifier: Apache-2.0

import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isCaCertificate, isNotaryKey, isP256, readCertificate, readIssuedCertificate } from '@gridpeg/protocol';

/**
 * Reads certificates and keys to judge as JSON, and writes one line for each: the same on every version of Node (T42),
 * and the process outlives all of them (T41). The first line out is the version.
 */

/** A certificate with who may have issued it, or a SubjectPublicKeyInfo in base64. */
export type Judged =
  { readonly certificate: string; readonly authorities: readonly string[] } | { readonly spki: string };

function verdict(judged: Judged): unknown {
  if ('spki' in judged) return [isNotaryKey(judged.spki), isP256Natively(judged.spki)];
  const { certificate, authorities } = judged;
  const ofIssuer = attempt(() => readIssuedCertificate(certificate, authorities) !== undefined);
  return [attempt(() => readCertificate(certificate)), ofIssuer, isCaCertificate(certificate)];
}

/** What a key is that came past the reading of bytes. */
function isP256Natively(spki: string): unknown {
  return (
    attempt(() => isP256(createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' }))) === true
  );
}

function attempt(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error instanceof Error ? error.message : 'no error';
  }
}

function printed(value: unknown): string {
  return JSON.stringify(value, (key, member: unknown) => (key === 'publicKey' ? undefined : member));
}

const inputs = JSON.parse(readFileSync(0, 'utf8')) as readonly Judged[];
process.stdout.write([process.version, ...inputs.map((input) => printed(verdict(input)))].join('\n'));
