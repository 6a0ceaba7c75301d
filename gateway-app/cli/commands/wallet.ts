// SPDX-License-Identifier: Apache-2.0

import { importedUsers, importIdentity, removeIdentity, writeFileAtomic } from '@gridpeg/network';
import { type Command } from 'commander';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { userIdentity } from '../../consortium/network-connection';
import { toJson } from '../context/command-context';
import { CommandError } from '../../errors/command-error';
import { collect, contextOf, examples } from '../context/command-line';
import { checkProfile } from '../../consortium/imported/connection-profile';
import { PeggedNetwork, type Holder } from '../../consortium/consortium';
import { checkWalletEntry, walletEntryText, type CheckedEntry } from '../../consortium/imported/wallet-entry';
import {
  judgeEntries,
  readWalletEntry,
  reportRefused,
  walletLabels,
  walletSuffix,
} from '../../consortium/imported/wallet-folder';

/** `wallet import`, `export` and `remove`: identities of applications that use `fabric-network` 2. */
export function addWalletCommands(program: Command): void {
  const wallet = program.command('wallet').description('file-system wallets of applications on fabric-network 2');

  wallet
    .command('import <folder>')
    .description('take the identities of a wallet into the network: every command then knows them as MSP/label')
    .option('--label <label>', 'only this one; may be given several times', collect, [])
    .option('--profile <file>', "also check that the application's connection profile is of this network")
    .addHelpText(
      'after',
      examples(
        [
          'gridpeg wallet import ./wallet --profile connection-org1.json',
          'all that can sign for this network, and why the others cannot',
        ],
        ['gridpeg send --as Org1MSP/appUser ...', 'acts as the identity that the wallet called appUser'],
      ),
    )
    .action(runImport);

  wallet
    .command('export <folder>')
    .description('write the users of the network as a wallet, with their keys')
    .option('--user <account>', 'only this one, as ChargingMSP/User1; may be given several times', collect, [])
    .addHelpText(
      'after',
      examples(['gridpeg wallet export ./wallet --user ChargingMSP/User1', 'makes User1@charging.example.com.id']),
    )
    .action(runExport);

  wallet
    .command('remove <account>')
    .description('forget an imported identity; the wallet it came from stays as it is')
    .addHelpText('after', examples(['gridpeg wallet remove Org1MSP/appUser', 'its holdings stay on the ledgers']))
    .action(runRemove);
}

function runImport(folder: string, options: { label: readonly string[]; profile?: string }, command: Command): void {
  const { stateDir, json, print } = contextOf(command);
  const network = PeggedNetwork.read(stateDir);
  if (options.profile !== undefined) checkProfile(network, options.profile);
  // All are judged before any is taken.
  const { accepted, refused } = judgeEntries(walletLabels(folder, options.label), (label) => {
    const entry = readEntry(network, folder, label);
    return { ...entry, isNew: isNew(network, stateDir, entry) };
  });
  if (accepted.length === 0) reportRefused(refused);
  for (const entry of accepted) {
    if (entry.isNew) importIdentity(stateDir, network.organization(entry.mspId), entry);
  }
  const told = accepted.map(({ mspId, label, account, validUntil }) => ({
    name: `${mspId}/${label}`,
    account,
    validUntil,
  }));
  if (json) print(toJson(told));
  else
    for (const { name, account, validUntil } of told)
      print(`${name} is account ${account}, valid until ${validUntil.toISOString().slice(0, 10)}`);
  reportRefused(refused);
}

function runExport(folder: string, options: { user: readonly string[] }, command: Command): void {
  const { stateDir, json, print } = contextOf(command);
  const network = PeggedNetwork.read(stateDir);
  const all = network.state.organizations.flatMap(({ mspId, users }) => users.map(({ name }) => `${mspId}/${name}`));
  const files = (options.user.length === 0 ? all : options.user).map((name) => {
    const holder = network.holder(name);
    const label = exportedLabel(holder);
    const text = walletEntryText({ label, ...userIdentity(holder.organization.mspId, holder.user) });
    return { file: join(folder, `${label}${walletSuffix}`), text };
  });
  for (const { file, text } of files) requireReplaceable(file, text);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const { file, text } of files) writeFileAtomic(file, text);
  if (json) print(toJson(files.map(({ file }) => file)));
  else for (const { file } of files) print(file);
}

function runRemove(account: string, _options: unknown, command: Command): void {
  const { stateDir, json, print } = contextOf(command);
  const [mspId = '', label = ''] = account.split('/', 2);
  const { mspId: known } = PeggedNetwork.read(stateDir).organization(mspId);
  if (!removeIdentity(stateDir, known, label)) {
    const remedy = 'Name one that `gridpeg wallet import` took, as Org1MSP/appUser.';
    throw new CommandError('ACCOUNT_UNKNOWN', `no identity "${account.slice(0, 200)}" was imported here. ${remedy}`);
  }
  print(json ? toJson({ removed: `${known}/${label}` }) : `Removed ${known}/${label}.`);
}

function readEntry(network: PeggedNetwork, folder: string, label: string): CheckedEntry {
  const entry = readWalletEntry(folder, label);
  const { mspId } = network.organization(entry.mspId);
  return checkWalletEntry({ ...entry, mspId }, network.authoritiesOf(mspId), new Date());
}

/** False if that very identity is there already; an imported one may be renewed. @throws CommandError IDENTITY_LABEL_TAKEN */
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
  throw new CommandError('IDENTITY_LABEL_TAKEN', `${taken}. Rename the file in the wallet.`);
}

/** Labels of one wallet are of all organizations, so the domain tells them apart. */
function exportedLabel({ organization, user }: Holder): string {
  return user.name.includes('@') ? user.name : `${user.name}@${organization.domain}`;
}

/** @throws CommandError FILE_EXISTS */
function requireReplaceable(file: string, text: string): void {
  if (!existsSync(file) || readFileSync(file, 'utf8') === text) return;
  throw new CommandError('FILE_EXISTS', `${file} is there with another content. Name another folder, or remove it.`);
}
