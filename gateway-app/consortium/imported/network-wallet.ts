// SPDX-License-Identifier: Apache-2.0

import { importedUsers, importIdentity, removeIdentity, writeFileAtomic } from '@gridpeg/network';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../../errors/command-error';
import { PeggedNetwork, type Holder } from '../consortium';
import { userIdentity } from '../network-connection';
import { checkProfile } from './connection-profile';
import { checkWalletEntry, walletEntryText, type CheckedEntry } from './wallet-entry';
import {
  judgeEntries,
  readWalletEntry,
  reportRefused,
  walletLabels,
  walletSuffix,
  type JudgedEntries,
} from './wallet-folder';

/** An identity that the network knows from now on. */
export interface Imported {
  /** The name that commands accept: MSP/label. */
  readonly name: string;
  readonly account: string;
  readonly validUntil: Date;
}

/**
 * Takes the identities of a wallet into a network. All are judged before any is taken.
 *
 * @param wanted - `labels`: only these, all if there are none; `profile`: a connection profile that must be of this
 *   network
 * @throws CommandError when none will do; those that will not are in the result otherwise
 */
export function importWallet(
  stateDir: string,
  folder: string,
  wanted: { readonly labels: readonly string[]; readonly profile: string | undefined },
): JudgedEntries<Imported> {
  const network = PeggedNetwork.read(stateDir);
  if (wanted.profile !== undefined) checkProfile(network, wanted.profile);
  const { accepted, refused } = judgeEntries(walletLabels(folder, wanted.labels), (label) => {
    const entry = readEntry(network, folder, label);
    return { ...entry, isNew: isNew(network, stateDir, entry) };
  });
  if (accepted.length === 0) reportRefused(refused);
  for (const entry of accepted) {
    if (entry.isNew) importIdentity(stateDir, network.organization(entry.mspId), entry);
  }
  const imported = accepted.map(({ mspId, label, account, validUntil }) => {
    return { name: `${mspId}/${label}`, account, validUntil };
  });
  return { accepted: imported, refused };
}

/**
 * Writes users of a network as a wallet, with their keys.
 *
 * @param users - only these, all if there are none
 * @returns the files
 * @throws CommandError ACCOUNT_UNKNOWN, FILE_EXISTS before anything is written
 */
export function exportWallet(stateDir: string, folder: string, users: readonly string[]): readonly string[] {
  const network = PeggedNetwork.read(stateDir);
  const all = network.state.organizations.flatMap((organization) =>
    organization.users.map(({ name }) => `${organization.mspId}/${name}`),
  );
  const files = (users.length === 0 ? all : users).map((name) => {
    const holder = network.holder(name);
    const label = exportedLabel(holder);
    const text = walletEntryText({ label, ...userIdentity(holder.organization.mspId, holder.user) });
    return { file: join(folder, `${label}${walletSuffix}`), text };
  });
  for (const { file, text } of files) requireReplaceable(file, text);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const { file, text } of files) writeFileAtomic(file, text);
  return files.map(({ file }) => file);
}

/**
 * Forgets an imported identity.
 *
 * @param account - as MSP/label
 * @returns its name
 * @throws CommandError ORGANIZATION_UNKNOWN, ACCOUNT_UNKNOWN
 */
export function removeImported(stateDir: string, account: string): string {
  const [mspId = '', label = ''] = account.split('/', 2);
  const { mspId: known } = PeggedNetwork.read(stateDir).organization(mspId);
  if (removeIdentity(stateDir, known, label)) return `${known}/${label}`;
  const remedy = 'Name one that `gridpeg wallet import` took, as Org1MSP/appUser.';
  throw new CommandError('ACCOUNT_UNKNOWN', `no identity "${account.slice(0, 200)}" was imported here`, remedy);
}

function readEntry(network: PeggedNetwork, folder: string, label: string): CheckedEntry {
  const entry = readWalletEntry(folder, label);
  const { mspId } = network.organization(entry.mspId);
  return checkWalletEntry({ ...entry, mspId }, network.authoritiesOf(mspId), new Date());
}

/**
 * False if that very identity is there already; an imported one may be renewed.
 *
 * @throws CommandError IDENTITY_LABEL_TAKEN
 */
function isNew(
  network: PeggedNetwork,
  stateDir: string,
  { label, mspId, account, certificate }: CheckedEntry,
): boolean {
  const holder = network.findHolder(`${mspId}/${label}`);
  if (holder === undefined) return true;
  if (userIdentity(mspId, holder.user).certificate.trim() === certificate.trim()) return false;
  if (holder.account === account && importedUsers(stateDir, mspId).some(({ name }) => name === label)) return true;
  const taken = `${mspId}/${label} is a name here already, of another certificate (account ${holder.account})`;
  throw new CommandError('IDENTITY_LABEL_TAKEN', taken, 'Rename the file in the wallet.');
}

/** Labels of one wallet are of all organizations, so the domain tells them apart. */
function exportedLabel({ organization, user }: Holder): string {
  return user.name.includes('@') ? user.name : `${user.name}@${organization.domain}`;
}

/** @throws CommandError FILE_EXISTS */
function requireReplaceable(file: string, text: string): void {
  if (!existsSync(file) || readFileSync(file, 'utf8') === text) return;
  throw new CommandError('FILE_EXISTS', `${file} is there with another content`, 'Name another folder, or remove it.');
}
