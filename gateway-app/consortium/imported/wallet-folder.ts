// SPDX-License-Identifier: Apache-2.0

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GridpegError } from '@gridpeg/protocol';
import { CommandError } from '../../errors/command-error';
import { isExpected } from '../../errors/describe-failure';
import { readDocument } from '../../input/read-document';
import { parseWalletEntry, type WalletEntry } from './wallet-entry';

/** What fabric-network 2 puts behind a label to name its file. */
export const walletSuffix = '.id';

/**
 * Labels of a wallet's identities.
 *
 * @param wanted - only these; all if there are none
 * @throws CommandError FILE_UNREADABLE, WALLET_EMPTY, IDENTITY_UNKNOWN
 */
export function walletLabels(folder: string, wanted: readonly string[]): readonly string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new CommandError('FILE_UNREADABLE', `there is no folder ${folder}`, 'Name the folder of the wallet.');
  }
  const files = readdirSync(folder).filter((file) => file.endsWith(walletSuffix));
  const labels = files.map((file) => file.slice(0, -walletSuffix.length)).sort();
  if (labels.length === 0) {
    const remedy = 'Name the folder that the application gives to Wallets.newFileSystemWallet.';
    throw new CommandError('WALLET_EMPTY', `${folder} holds no identity (a file <label>${walletSuffix})`, remedy);
  }
  const missing = wanted.find((label) => !labels.includes(label));
  if (missing !== undefined) {
    const known = labels.join(', ');
    throw new CommandError('IDENTITY_UNKNOWN', `${folder} holds no identity "${missing}"`, `Name one of ${known}.`);
  }
  return wanted.length === 0 ? labels : wanted;
}

/** One identity of a wallet. @throws GridpegError as `readDocument` and `parseWalletEntry` */
export function readWalletEntry(folder: string, label: string): WalletEntry {
  return parseWalletEntry(label, readDocument(join(folder, `${label}${walletSuffix}`)));
}

/** The entries of a wallet that can be used, and the reasons why others cannot. */
export interface JudgedEntries<T> {
  readonly accepted: readonly T[];
  readonly refused: readonly GridpegError[];
}

/** Judges each identity by itself, so that one that will not do keeps no other out. */
export function judgeEntries<Given, T>(given: readonly Given[], judge: (entry: Given) => T): JudgedEntries<T> {
  const accepted: T[] = [];
  const refused: GridpegError[] = [];
  for (const entry of given) {
    try {
      accepted.push(judge(entry));
    } catch (error) {
      if (!isExpected(error)) throw error;
      refused.push(error);
    }
  }
  return { accepted, refused };
}

/**
 * Says at the end which identities were left out, so that the exit status shows it. @throws GridpegError the first,
 * the others in it
 */
export function reportRefused(refused: readonly GridpegError[]): void {
  const [first, ...others] = refused;
  if (first === undefined) return;
  const more = others.map(({ code, message }) => ` ${code}: ${message}`).join('');
  throw new GridpegError({ code: first.code, summary: first.summary, remedy: `${first.remedy}${more}` });
}
