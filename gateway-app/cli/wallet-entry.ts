// SPDX-License-Identifier: Apache-2.0

import {
  accountShape,
  readCertificate,
  readIssuedCertificate,
  roleOf,
  type Account,
  type CertificateFacts,
} from '@gridpeg/protocol';
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { CommandError } from './command-error';

/** An identity as a file-system wallet of `fabric-network` 2.x keeps it: `<label>.id`. */
export interface WalletEntry {
  readonly label: string;
  readonly mspId: string;
  /** PEM, as are keys below */
  readonly certificate: string;
  readonly privateKey: string;
}

/** A wallet entry that belongs to an organization. */
export interface CheckedEntry extends WalletEntry {
  readonly account: Account;
  readonly validUntil: Date;
}

const labelForm = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$/;
const text = z.string().min(1).max(20_000);
const typedEntry = z.looseObject({ type: z.string().max(100), version: z.unknown() });
const entryShape = z.looseObject({
  credentials: z.looseObject({ certificate: text, privateKey: text }),
  mspId: z.string().min(1).max(64),
});

/** A wallet entry's text. */
export function walletEntryText({ certificate, privateKey, mspId }: WalletEntry): string {
  return JSON.stringify({ credentials: { certificate, privateKey }, mspId, type: 'X.509', version: 1 });
}

/**
 * Reads the content of `<label>.id`.
 *
 * @throws CommandError IDENTITY_LABEL_INVALID, IDENTITY_MALFORMED, IDENTITY_TYPE_UNSUPPORTED, IDENTITY_VERSION_UNSUPPORTED
 */
export function parseWalletEntry(label: string, content: string): WalletEntry {
  const named = `identity ${JSON.stringify(label.slice(0, 100))}`;
  if (!labelForm.test(label)) {
    const form = 'letters, digits, dots, dashes, underscores and @, at most 100, are';
    throw new CommandError('IDENTITY_LABEL_INVALID', `${named} has a label of another form: ${form}. Rename its file.`);
  }
  const json = parseJson(content);
  const typed = typedEntry.safeParse(json);
  if (!typed.success) throw malformed(named);
  const { type, version } = typed.data;
  if (type !== 'X.509') {
    const why = type === 'HSM-X.509' ? 'its key lies in a hardware module, not in the wallet' : 'only X.509 is known';
    const remedy = 'Use it with the application that made it, and import identities whose keys are in the wallet.';
    throw new CommandError('IDENTITY_TYPE_UNSUPPORTED', `${named} is of type ${type}: ${why}. ${remedy}`);
  }
  if (version !== 1) {
    const found = `is of version ${JSON.stringify(version).slice(0, 20)}, not 1`;
    throw new CommandError('IDENTITY_VERSION_UNSUPPORTED', `${named} ${found}. Export it with fabric-network 2.`);
  }
  const entry = entryShape.safeParse(json);
  if (!entry.success) throw malformed(named);
  const { credentials, mspId } = entry.data;
  return { label, mspId, certificate: credentials.certificate, privateKey: credentials.privateKey };
}

/**
 * Checks that an entry can act for an organization.
 *
 * @param authority - the organization's CA certificate, PEM
 * @throws CommandError CERTIFICATE_UNREADABLE, KEY_UNREADABLE, KEY_DIFFERS, CERTIFICATE_FOREIGN, CERTIFICATE_NOT_IN_FORCE,
 * CERTIFICATE_NOT_CLIENT
 */
export function checkWalletEntry(entry: WalletEntry, authority: string, now: Date): CheckedEntry {
  const named = `identity "${entry.label}"`;
  const facts = certificateOf(entry, named);
  const [validFrom, validUntil] = [new Date(facts.notBeforeMs), new Date(facts.notAfterMs)];
  if (!createPublicKey(privateKeyOf(entry, named)).equals(facts.publicKey)) {
    const remedy = 'Export the identity anew from the application that made it.';
    throw new CommandError('KEY_DIFFERS', `${named} has a key that does not belong to its certificate. ${remedy}`);
  }
  if (readIssuedCertificate(entry.certificate, [authority]) === undefined) {
    const remedy = 'Enrol it with the authority of this network.';
    throw new CommandError(
      'CERTIFICATE_FOREIGN',
      `${named} has a certificate that the authority of ${entry.mspId} here did not issue. ${remedy}`,
    );
  }
  if (now < validFrom || now > validUntil) {
    const from = `is valid from ${validFrom.toISOString()} to ${validUntil.toISOString()}, not now`;
    const remedy = 'Enrol it anew, or set the clock of this machine right.';
    throw new CommandError('CERTIFICATE_NOT_IN_FORCE', `the certificate of ${named} ${from}. ${remedy}`);
  }
  return { ...entry, account: accountIn(entry, facts, named), validUntil };
}

function certificateOf({ certificate }: WalletEntry, named: string): CertificateFacts {
  try {
    return readCertificate(certificate);
  } catch {
    const remedy = 'Export the identity anew from the application that made it.';
    throw new CommandError('CERTIFICATE_UNREADABLE', `the certificate of ${named} is no X.509 certificate. ${remedy}`);
  }
}

function privateKeyOf({ privateKey }: WalletEntry, named: string): KeyObject {
  try {
    return createPrivateKey(privateKey);
  } catch {
    const remedy = 'Export the identity anew from the application that made it.';
    throw new CommandError('KEY_UNREADABLE', `the key of ${named} is no private key in plain PEM. ${remedy}`);
  }
}

/** The account on the ledgers: see docs/adr/0003-accounts.md. */
function accountIn({ mspId }: WalletEntry, facts: CertificateFacts, named: string): Account {
  const [commonName, another] = facts.commonNames;
  const role = roleOf(facts);
  if (commonName === undefined || another !== undefined || (role !== 'client' && role !== 'admin')) {
    const remedy = 'Enrol an identity of type client or admin.';
    throw new CommandError(
      'CERTIFICATE_NOT_CLIENT',
      `the certificate of ${named} names ${role ?? 'no one role'} and not one client or administrator. ${remedy}`,
    );
  }
  return accountShape.read(`${mspId}/${commonName}`, 'account');
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
  return new CommandError('IDENTITY_MALFORMED', `${named} is ${expected}. Name the folder that fabric-network wrote.`);
}
