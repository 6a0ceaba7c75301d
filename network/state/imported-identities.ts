// SPDX-License-Identifier: Apache-2.0

import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { renameDurable, writeFileAtomic } from '../runtime/write-file-atomic';

/** A certificate and its key, both PEM, by the name that its user gives it. */
export interface NamedIdentity {
  /** It has letters, digits, dots, dashes, underscores and @, and becomes the name of a folder. */
  readonly label: string;
  readonly certificate: string;
  readonly privateKey: string;
}

/** An imported identity, in the form of any other user of a network's state. */
interface ImportedUser {
  readonly name: string;
  readonly role: 'client';
  readonly certFile: string;
  readonly keyFile: string;
  readonly mspDir: string;
}

/** What an MSP folder of a user has in common with that of its organization. */
const shared = new Set(['cacerts', 'intermediatecerts', 'tlscacerts', 'config.yaml']);

/**
 * Adds an identity to an organization of a network, as one more user; `readNetwork` finds it from now on. One of the
 * same label that was imported before is replaced. The caller has checked that it belongs there.
 */
export function importIdentity(
  stateDir: string,
  organization: { readonly mspId: string; readonly caCertFile: string },
  { label, certificate, privateKey }: NamedIdentity,
): void {
  const folder = identityDir(stateDir, organization.mspId, label);
  const partial = `${folder}~`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true, mode: 0o700 });
  const organizationMsp = dirname(dirname(organization.caCertFile));
  for (const entry of readdirSync(organizationMsp).filter((name) => shared.has(name)))
    cpSync(join(organizationMsp, entry), join(partial, entry), { recursive: true });
  writeFileAtomic(certFile(partial), certificate);
  writeFileAtomic(keyFile(partial), privateKey);
  rmSync(folder, { recursive: true, force: true });
  renameDurable(partial, folder);
}

/** Forgets an imported identity. @returns false if there was none of that label */
export function removeIdentity(stateDir: string, mspId: string, label: string): boolean {
  if (!importedUsers(stateDir, mspId).some(({ name }) => name === label)) return false;
  rmSync(identityDir(stateDir, mspId, label), { recursive: true });
  return true;
}

/** Users that were added to an organization by `importIdentity`, by label. */
export function importedUsers(stateDir: string, mspId: string): readonly ImportedUser[] {
  const folder = dirname(identityDir(stateDir, mspId, 'any'));
  if (!existsSync(folder)) return [];
  const labels = readdirSync(folder).filter((label) => !label.endsWith('~'));
  return labels.sort().map((label) => {
    const mspDir = join(folder, label);
    return { name: label, role: 'client', certFile: certFile(mspDir), keyFile: keyFile(mspDir), mspDir };
  });
}

function identityDir(stateDir: string, mspId: string, label: string): string {
  return join(resolve(stateDir), 'identities', mspId, label);
}

function certFile(mspDir: string): string {
  return join(mspDir, 'signcerts', 'cert.pem');
}

function keyFile(mspDir: string): string {
  return join(mspDir, 'keystore', 'priv_sk');
}
