// SPDX-License-Identifier: Apache-2.0

import { accountCodec, curveOfPublicKey, encodePem, readCertificate, roleOf } from '@gridpeg/protocol';
import type { Account, CertificateFacts } from '@gridpeg/protocol';
import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { CommandError } from '../errors/command-error';

/** An X.509 certificate in the form that the ledgers accept, with the facts that were read from it. */
export interface IdentityCertificate {
  /** PEM as Fabric writes it, without the text that was around it and with line feeds only. */
  readonly pem: string;
  readonly facts: CertificateFacts;
}

const exportAnew = 'Export the identity again from the application that made it.';
const blocks = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/**
 * Reads the X.509 certificate of an identity that signs transactions. Wallets, connection profiles and the users of a
 * network all use this reader.
 *
 * @param text - PEM; text around the block, as OpenSSL writes it, is left out
 * @param named - how a message names the identity
 * @throws CommandError CERTIFICATE_UNREADABLE, CERTIFICATES_SEVERAL, CERTIFICATE_OF_AUTHORITY,
 *   CERTIFICATE_FORM_UNSUPPORTED, KEY_KIND_UNSUPPORTED, PEM_ESCAPED, TEXT_ENCODING_UNSUPPORTED
 */
export function readIdentityCertificate(text: string, named: string): IdentityCertificate {
  requirePlainPem(text, `the certificate of ${named}`);
  const found = certificatesIn(text);
  const [bytes, another] = found;
  if (bytes === undefined || bytes.length === 0) throw unreadable(named);
  if (another !== undefined) {
    const first = isAuthority(encodePem(bytes)) ? ', the first of them of an authority' : '';
    const remedy = 'Leave only the certificate of the identity itself, without its authorities.';
    throw new CommandError(
      'CERTIFICATES_SEVERAL',
      `${named} has ${found.length.toString()} certificates${first}`,
      remedy,
    );
  }
  const pem = encodePem(bytes);
  const facts = factsIn(pem, named);
  if (!facts.authority) return { pem, facts };
  const remedy = 'Name the certificate that the authority issued, not its own.';
  throw new CommandError('CERTIFICATE_OF_AUTHORITY', `the certificate of ${named} is that of an authority`, remedy);
}

/**
 * The certificate of a file in the form that trust records accept. The text is returned unchanged if it does not have
 * exactly one certificate.
 */
export function canonicalPem(text: string): string {
  const [bytes, another] = certificatesIn(text);
  return bytes === undefined || another !== undefined ? text : encodePem(bytes);
}

function certificatesIn(text: string): readonly Buffer[] {
  return [...text.matchAll(blocks)].map(([, base64 = '']) => Buffer.from(base64, 'base64'));
}

function isAuthority(pem: string): boolean {
  try {
    return readCertificate(pem).authority;
  } catch {
    return false;
  }
}

function factsIn(pem: string, named: string): CertificateFacts {
  try {
    return readCertificate(pem);
  } catch (error) {
    throw whyUnreadable(pem, named, error);
  }
}

/** The error for a certificate that cannot be used. It says which part cannot: its kind of key, or its form. */
function whyUnreadable(pem: string, named: string, error: unknown): CommandError {
  const key = keyIn(pem);
  if (key === undefined) return unreadable(named);
  if (!isSupported(key)) {
    const kind =
      key.asymmetricKeyType === 'ec' ? 'on another curve' : `of the kind ${key.asymmetricKeyType ?? 'unknown'}`;
    const remedy = 'Enrol an identity with an ECDSA key on P-256 or P-384: with no other can it sign for the peg.';
    return new CommandError('KEY_KIND_UNSUPPORTED', `${named} has a key ${kind}`, remedy);
  }
  const why = error instanceof Error ? error.message : 'of another form';
  const form = `the certificate of ${named} is not of the form that Fabric's authorities issue (${why})`;
  return new CommandError(
    'CERTIFICATE_FORM_UNSUPPORTED',
    form,
    'Enrol it with an authority of Fabric, or one like it.',
  );
}

function keyIn(pem: string): KeyObject | undefined {
  try {
    return new X509Certificate(pem).publicKey;
  } catch {
    return undefined;
  }
}

function isSupported(key: KeyObject): boolean {
  try {
    return curveOfPublicKey(key.export({ format: 'der', type: 'spki' })) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Checks that a private key is that of a certificate.
 *
 * @param text - PEM
 * @throws CommandError KEY_UNREADABLE, KEY_DIFFERS, PEM_ESCAPED, TEXT_ENCODING_UNSUPPORTED
 */
export function requireKeyOf({ subjectPublicKeyInfo }: CertificateFacts, text: string, named: string): void {
  requirePlainPem(text, `the key of ${named}`);
  const found = publicKeyFor(text);
  if (found === undefined) {
    throw new CommandError('KEY_UNREADABLE', `the key of ${named} is no private key in plain PEM`, exportAnew);
  }
  if (!found.equals(subjectPublicKeyInfo)) {
    throw new CommandError('KEY_DIFFERS', `${named} has a key that does not belong to its certificate`, exportAnew);
  }
}

function publicKeyFor(privateKey: string): Buffer | undefined {
  try {
    return createPublicKey(createPrivateKey(privateKey)).export({ format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/**
 * The account on the ledgers: see docs/adr/0003-accounts.md.
 *
 * @throws CommandError CERTIFICATE_NOT_CLIENT, COMMON_NAME_UNSUPPORTED, ORGANIZATION_UNKNOWN
 */
export function accountIn(mspId: string, facts: CertificateFacts, named: string): Account {
  const [commonName, another] = facts.commonNames;
  const role = roleOf(facts);
  if (commonName === undefined || another !== undefined || (role !== 'client' && role !== 'admin')) {
    const remedy = 'Enrol an identity of type client or admin.';
    const found = `names ${role ?? 'no one role'} and not one client or administrator`;
    throw new CommandError('CERTIFICATE_NOT_CLIENT', `the certificate of ${named} ${found}`, remedy);
  }
  const account = accountNamed(mspId, commonName);
  if (account !== undefined) return account;
  const shown = JSON.stringify(commonName.slice(0, 40));
  const allowed = 'Enrol one whose name has 1 to 128 letters, digits, dots, dashes, underscores and @ only.';
  throw new CommandError(
    'COMMON_NAME_UNSUPPORTED',
    `${named} has the common name ${shown}, which no account can have`,
    allowed,
  );
}

function accountNamed(mspId: string, commonName: string): Account | undefined {
  try {
    return accountCodec.decode(`${mspId}/${commonName}`, 'account');
  } catch {
    return undefined;
  }
}

function unreadable(named: string): CommandError {
  return new CommandError('CERTIFICATE_UNREADABLE', `the certificate of ${named} is no X.509 certificate`, exportAnew);
}

/** Refuses what copying may have added to a PEM text, and what neither OpenSSL nor Fabric can read. */
function requirePlainPem(text: string, what: string): void {
  if (text.startsWith('\uFEFF')) {
    const remedy = 'Remove it.';
    throw new CommandError('TEXT_ENCODING_UNSUPPORTED', `${what} begins with a byte order mark`, remedy);
  }
  if (text.includes('\\n') || text.includes('\\r')) {
    const remedy = 'Put line feeds in their place.';
    throw new CommandError('PEM_ESCAPED', `${what} has a backslash and a letter where lines end`, remedy);
  }
}
