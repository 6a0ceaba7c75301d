// SPDX-License-Identifier: Apache-2.0

import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { judgeCertificate, readValidity, type Validity } from '../certificates/certificate-validity';
import { fail, ok, problemsOr, warn, type Finding } from './finding';

/** A certificate of the network. */
interface CertificateFacts extends Validity {
  readonly file: string;
}

/** A private key of the network. */
interface KeyFacts {
  readonly file: string;
  /** Permission bits. */
  readonly mode: number;
  readonly isKey: boolean;
  /** Whether it is the key of the certificate beside it; undefined when there is none. */
  readonly fits: boolean | undefined;
}

/** All certificates and keys in a network's folder. */
export interface CredentialFacts {
  readonly certificates: readonly CertificateFacts[];
  readonly unreadable: readonly string[];
  readonly keys: readonly KeyFacts[];
}

/** Reads every certificate and key that lies below some folders. */
export async function readCredentials(folders: readonly string[]): Promise<CredentialFacts> {
  const files = folders
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
    .filter((file) => statSync(file).isFile());
  const unreadable: string[] = [];
  const certificates: CertificateFacts[] = [];
  const keys: KeyFacts[] = [];
  for (const file of files) {
    // Reading hundreds of files takes time, and other checks run at the same time should not wait for all of them.
    await setImmediate();
    if (/(_sk|\.key|-key\.pem)$/.test(file)) keys.push(keyFacts(file));
    if (!/(-cert\.pem|\.crt|\/signcerts\/[^/]+\.pem)$/.test(file)) continue;
    const validity = readValidity(readFileSync(file, 'utf8'));
    if (validity === undefined) unreadable.push(file);
    else certificates.push({ file, ...validity });
  }
  return { certificates, unreadable, keys };
}

/** Judges keys by who may read them, and whether they are what they should be. */
export function judgeKeys({ keys }: CredentialFacts, stateDir: string): readonly Finding[] {
  const named = named_(stateDir);
  const problems: Finding[] = [];
  const damaged = keys.filter(({ mode, isKey }) => !isKey || (mode & 0o400) === 0);
  if (damaged.length > 0) {
    const summary = `${named(damaged)} cannot be read as a private key`;
    const remedy = 'Set mode 600; where it is damaged, run `gridpeg up`, which puts back its copy';
    problems.push(fail('keys', 'KEY_UNREADABLE', summary, remedy, restrictable(damaged)));
  }
  const exposed = keys.filter(({ mode }) => (mode & 0o077) !== 0);
  if (exposed.length > 0) {
    const fix = { kind: 'restrict', files: exposed.map(({ file }) => file) } as const;
    const summary = `${named(exposed)} can be read by other users of this machine`;
    problems.push(fail('keys', 'KEY_EXPOSED', summary, 'Set mode 600 (`gridpeg doctor --fix` does)', fix));
  }
  const mismatched = keys.filter(({ fits }) => fits === false);
  if (mismatched.length > 0) {
    const summary = `${named(mismatched)} is not the key of the certificate beside it`;
    problems.push(fail('keys', 'KEY_MISMATCH', summary, 'Put the one that belongs there back from a backup'));
  }
  return problemsOr(problems, ok('keys', `${String(keys.length)} are whole, and only for their owner`));
}

/**
 * Judges certificates by their dates.
 *
 * @param remedy - how certificates of this network are renewed
 */
export function judgeCertificates(
  { certificates, unreadable }: Omit<CredentialFacts, 'keys'>,
  now: Date,
  stateDir: string,
  remedy: string,
): readonly Finding[] {
  const named = named_(stateDir);
  const problems: Finding[] = [];
  if (unreadable.length > 0) {
    const summary = `${named(unreadable.map((file) => ({ file })))} is no certificate`;
    problems.push(
      fail('certificates', 'CERTIFICATE_UNREADABLE', summary, 'Run `gridpeg up`, which puts back its copy'),
    );
  }
  const expired = certificates.filter((certificate) => judgeCertificate(certificate, now) === 'expired');
  if (expired.length > 0) {
    const summary = `${named(expired)} expired on ${firstEnd(expired)}`;
    problems.push(fail('certificates', 'CERTIFICATE_EXPIRED', summary, remedy));
  }
  const early = certificates.filter(({ notBefore }) => notBefore > now);
  if (early.length > 0) {
    const summary = `${named(early)} is not valid yet: it will be from ${dayOf(early[0]?.notBefore ?? now)} on`;
    problems.push(fail('certificates', 'CLOCK_SKEWED', summary, "Set this machine's clock right"));
  }
  const soon = certificates.filter((certificate) => judgeCertificate(certificate, now) === 'due');
  if (soon.length > 0) {
    const summary = `${named(soon)} expires on ${firstEnd(soon)}`;
    problems.push(warn('certificates', 'CERTIFICATE_EXPIRING', summary, `${remedy} before that day`));
  }
  const first = certificates.length === 0 ? '' : `, the first expires on ${firstEnd(certificates)}`;
  return problemsOr(problems, ok('certificates', `${String(certificates.length)} are valid${first}`));
}

function keyFacts(file: string): KeyFacts {
  const { mode } = statSync(file);
  const key = keyIn(file);
  const certificate = certificateBeside(file);
  return {
    file,
    mode: mode & 0o777,
    isKey: key !== undefined,
    fits: key === undefined ? undefined : certificate?.checkPrivateKey(key),
  };
}

function certificateBeside(key: string): X509Certificate | undefined {
  const folder = dirname(key);
  if (key.endsWith('.key')) return certificateIn(key.replace(/\.key$/, '.crt'));
  const beside = [folder, join(dirname(folder), 'signcerts')].filter(
    (place) => existsSync(place) && (place !== folder || basename(folder) !== 'keystore'),
  );
  const files = beside.flatMap((place) => readdirSync(place).map((name) => join(place, name)));
  const [file] = files.filter((name) => name.endsWith('-cert.pem'));
  return file === undefined ? undefined : certificateIn(file);
}

function certificateIn(file: string): X509Certificate | undefined {
  try {
    return new X509Certificate(readFileSync(file));
  } catch {
    return undefined;
  }
}

function keyIn(file: string): KeyObject | undefined {
  try {
    return createPrivateKey(readFileSync(file));
  } catch {
    return undefined;
  }
}

/** A key that its owner may not read can be given back to its owner; one that is damaged stays. */
function restrictable(keys: readonly KeyFacts[]): { kind: 'restrict'; files: readonly string[] } | undefined {
  const files = keys.filter(({ mode }) => (mode & 0o400) === 0).map(({ file }) => file);
  return files.length === 0 ? undefined : { kind: 'restrict', files };
}

function named_(stateDir: string): (found: ReadonlyArray<{ readonly file: string }>) => string {
  return (found) => {
    const [first] = found;
    const others = found.length > 1 ? ` (and ${String(found.length - 1)} more)` : '';
    return `${relative(stateDir, first?.file ?? '')}${others}`;
  };
}

function firstEnd(certificates: readonly CertificateFacts[]): string {
  return dayOf(certificates.map(({ notAfter }) => notAfter).reduce((a, b) => (b < a ? b : a)));
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
