// SPDX-License-Identifier: Apache-2.0

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncToDisk, writeFileAtomic } from '@gridpeg/network';
import { CommandError } from '../errors/command-error';

/** The folder of an organization's notary. */
export function notaryFolder(stateDir: string, mspId: string): string {
  return join(stateDir, 'notaries', mspId);
}

/**
 * Reads a notary's signing key, a PEM file that only its owner may read, or makes one: P-256.
 *
 * @throws CommandError NOTARY_KEY_UNREADABLE
 */
export function notaryKey(stateDir: string, mspId: string): KeyObject {
  const folder = notaryFolder(stateDir, mspId);
  const file = join(folder, 'signing-key.pem');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const partial = `${file}.${process.pid.toString()}`;
    writeFileAtomic(partial, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    // A link fails when the file is there by now: a key that is in use is never replaced.
    linkUnlessThere(partial, file);
    rmSync(partial);
    syncToDisk(folder);
  }
  return readKey(file);
}

/** A notary's signing key if there is one that can be read; makes none. */
export function existingNotaryKey(stateDir: string, mspId: string): KeyObject | undefined {
  try {
    return createPrivateKey(readFileSync(join(notaryFolder(stateDir, mspId), 'signing-key.pem')));
  } catch {
    return undefined;
  }
}

/** @returns base64 of the key's SubjectPublicKeyInfo, as trust records hold it */
export function publicKeyText(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
}

function readKey(file: string): KeyObject {
  try {
    return createPrivateKey(readFileSync(file));
  } catch {
    throw new CommandError(
      'NOTARY_KEY_UNREADABLE',
      `${file} is no private key`,
      'Run "gridpeg up", which puts back its copy.',
    );
  }
}

function linkUnlessThere(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}
