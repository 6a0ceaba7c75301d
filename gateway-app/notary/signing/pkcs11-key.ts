// SPDX-License-Identifier: Apache-2.0

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type DigestSigner, type KeySurroundings } from './digest-signer';

const timeoutMs = 10_000;
const pinVariable = 'GRIDPEG_PKCS11_PIN';
const run = promisify(execFile);

/**
 * A key on a PKCS#11 token, used through OpenSC's `pkcs11-tool`: bindings for Node would have to be compiled at
 * installation.
 *
 * @see RFC 7512: `pkcs11:token=T;object=O?module-path=/path/module.so&pin-source=file:/path`
 */
export class Pkcs11Key implements DigestSigner {
  readonly #token: string;
  readonly #object: string;
  readonly #module: string;
  readonly #pin: () => Promise<string>;
  readonly #environment: KeySurroundings['environment'];

  /** @throws Error when the URI lacks a part */
  constructor(uri: string, environment: KeySurroundings['environment']) {
    this.#environment = environment;
    const [path = '', query = ''] = uri.slice('pkcs11:'.length).split('?');
    const [inPath, inQuery] = [attributes(path, ';'), attributes(query, '&')];
    this.#token = required(inPath, 'token');
    this.#object = required(inPath, 'object');
    this.#module = required(inQuery, 'module-path');
    const [value, source] = [inQuery.get('pin-value'), inQuery.get('pin-source')];
    if (value === undefined && source === undefined) throw new Error('the PKCS#11 URI has no pin-source');
    this.#pin = async () => value ?? (await readFile((source ?? '').replace(/^file:/, ''), 'utf8')).trim();
  }

  async publicKey(): Promise<Buffer> {
    return this.#tool(['--read-object', '--type', 'pubkey', '--output-file', '{out}']);
  }

  async signDigest(digest: Buffer): Promise<Buffer> {
    const how = ['--sign', '--mechanism', 'ECDSA', '--signature-format', 'openssl'];
    return this.#tool([...how, '--input-file', '{in}', '--output-file', '{out}'], digest);
  }

  /**
   * Files because the tool writes notes to its standard output; the PIN in its environment, which only this user may
   * read.
   */
  async #tool(parameters: readonly string[], input?: Buffer): Promise<Buffer> {
    const folder = await mkdtemp(join(tmpdir(), 'gridpeg-pkcs11-'));
    const files = new Map([
      ['{in}', join(folder, 'in')],
      ['{out}', join(folder, 'out')],
    ]);
    try {
      if (input !== undefined) await writeFile(join(folder, 'in'), input);
      const where = ['--module', this.#module, '--token-label', this.#token, '--label', this.#object];
      const login = ['--login', '--pin', `env:${pinVariable}`];
      const named = parameters.map((parameter) => files.get(parameter) ?? parameter);
      const env = { ...this.#environment, [pinVariable]: await this.#pin() };
      await run('pkcs11-tool', [...where, ...login, ...named], { env, timeout: timeoutMs });
      return await readFile(join(folder, 'out'));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

function attributes(text: string, separator: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(separator).flatMap((part): [string, string][] => {
      const at = part.indexOf('=');
      return at < 0 ? [] : [[part.slice(0, at), decodeURIComponent(part.slice(at + 1))]];
    }),
  );
}

function required(found: ReadonlyMap<string, string>, name: string): string {
  const value = found.get(name);
  if (value === undefined || value === '') throw new Error(`the PKCS#11 URI has no ${name}`);
  return value;
}
