// SPDX-License-Identifier: Apache-2.0

import { readIssuedCertificate, type Account } from '@gridpeg/protocol';
import { z } from 'zod';
import { CommandError } from '../../errors/command-error';
import { accountIn, readIdentityCertificate, requireKeyOf, type IdentityCertificate } from '../identity-certificate';

/** An identity in a file-system wallet of `fabric-network` 2.x, which is the file `<label>.id`. */
export interface WalletEntry {
  readonly label: string;
  readonly mspId: string;
  /** PEM, as is the private key */
  readonly certificate: string;
  readonly privateKey: string;
}

/** A wallet entry whose certificate the organization's authority issued, and which is valid now. */
export interface CheckedEntry extends WalletEntry {
  readonly account: Account;
  readonly validUntil: Date;
}

const labelForm = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$/;
const text = z.string().min(1).max(20_000);
const typedEntry = z.looseObject({ type: z.string().max(100), version: z.unknown() });
const entryCodec = z.looseObject({
  credentials: z.looseObject({ certificate: text, privateKey: text }),
  mspId: z.string().min(1).max(64),
});

/** The content of the file of a wallet entry. */
export function walletEntryText({ certificate, privateKey, mspId }: WalletEntry): string {
  return JSON.stringify({ credentials: { certificate, privateKey }, mspId, type: 'X.509', version: 1 });
}

/**
 * Reads the content of `<label>.id`.
 *
 * @throws CommandError IDENTITY_LABEL_INVALID, IDENTITY_MALFORMED, IDENTITY_TYPE_UNSUPPORTED,
 *   IDENTITY_VERSION_UNSUPPORTED
 */
export function parseWalletEntry(label: string, content: string): WalletEntry {
  const named = `identity ${JSON.stringify(label.slice(0, 100))}`;
  if (!labelForm.test(label)) {
    const form = 'letters, digits, dots, dashes, underscores and @, at most 100, are';
    throw new CommandError(
      'IDENTITY_LABEL_INVALID',
      `${named} has a label of another form: ${form}`,
      'Rename its file.',
    );
  }
  const json = parseJson(content);
  const typed = typedEntry.safeParse(json);
  if (!typed.success) throw malformed(named);
  const { type, version } = typed.data;
  if (type !== 'X.509') {
    const why = type === 'HSM-X.509' ? 'its key lies in a hardware module, not in the wallet' : 'only X.509 is known';
    const remedy = 'Use it with the application that made it, and import identities whose keys are in the wallet.';
    throw new CommandError('IDENTITY_TYPE_UNSUPPORTED', `${named} is of type ${type}: ${why}`, remedy);
  }
  if (version !== 1) {
    const found = `is of version ${JSON.stringify(version).slice(0, 20)}, not 1`;
    throw new CommandError('IDENTITY_VERSION_UNSUPPORTED', `${named} ${found}`, 'Export it with fabric-network 2.');
  }
  const entry = entryCodec.safeParse(json);
  if (!entry.success) throw malformed(named);
  const { credentials, mspId } = entry.data;
  return { label, mspId, certificate: credentials.certificate, privateKey: credentials.privateKey };
}

/**
 * Checks that a wallet entry can act for an organization. The result has its certificate in the form of the ledgers.
 *
 * @param authorities - the organization's CA certificates, PEM
 * @throws CommandError as `readIdentityCertificate`, `requireKeyOf` and `accountIn`, and CERTIFICATE_FOREIGN,
 *   CERTIFICATE_NOT_IN_FORCE
 */
export function checkWalletEntry(entry: WalletEntry, authorities: readonly string[], now: Date): CheckedEntry {
  const named = `identity "${entry.label}"`;
  const { pem, facts } = readSigner(entry);
  if (readIssuedCertificate(pem, authorities) === undefined) {
    const remedy = 'Enrol it with the authority of this network.';
    throw new CommandError(
      'CERTIFICATE_FOREIGN',
      `${named} has a certificate that the authority of ${entry.mspId} here did not issue`,
      remedy,
    );
  }
  const validFrom = new Date(facts.notBeforeMs);
  const validUntil = new Date(facts.notAfterMs);
  if (now < validFrom || now > validUntil) {
    const from = `is valid from ${validFrom.toISOString()} to ${validUntil.toISOString()}, not now`;
    const remedy = 'Enrol it again, or set the clock of this machine right.';
    throw new CommandError('CERTIFICATE_NOT_IN_FORCE', `the certificate of ${named} ${from}`, remedy);
  }
  return { ...entry, certificate: pem, account: accountIn(entry.mspId, facts, named), validUntil };
}

/**
 * Reads the certificate of an entry and checks that its private key belongs to it. Signing needs no more than that.
 *
 * @throws CommandError as `readIdentityCertificate` and `requireKeyOf`
 */
export function readSigner({ label, certificate, privateKey }: WalletEntry): IdentityCertificate {
  const named = `identity "${label}"`;
  const found = readIdentityCertificate(certificate, named);
  requireKeyOf(found.facts, privateKey, named);
  return found;
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function malformed(named: string): CommandError {
  const expected =
    'no wallet entry: JSON with credentials (certificate and privateKey), mspId, type and version is one';
  return new CommandError(
    'IDENTITY_MALFORMED',
    `${named} is ${expected}`,
    'Name the folder that fabric-network wrote.',
  );
}
