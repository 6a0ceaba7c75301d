// SPDX-License-Identifier: Apache-2.0

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { sleepUntilAborted } from '@gridpeg/network';
import { readCertificate, roleOf } from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { PegError, type ClientIdentity } from '../client';
import { type NotaryConfig } from '../notary/chains/notary-config';

/** What a notary reads again while it runs: who it is, and whom it trusts. */
export type Credentials = Pick<NotaryConfig, 'identity' | 'signerAuthorities' | 'chains'>;

/** What a {@link CredentialReload} works with. */
interface CredentialReloadParts {
  readonly initial: Credentials;
  /** Reads the files. */
  readonly read: () => Credentials;
  /** Puts them in use. */
  readonly adopt: (credentials: Credentials) => void;
  readonly log: Logger;
}

const pollMs = 5_000;

/**
 * Follows the files that certificates, keys and authorities lie in. What cannot be used is not adopted: those of before
 * stay in use, and `lastError` says so until the files can be used again.
 */
export class CredentialReload {
  readonly #parts: CredentialReloadParts;
  #current: Credentials;
  /** What was last found, as one text. */
  #found: string;
  #lastError: PegError | undefined;

  constructor(parts: CredentialReloadParts) {
    this.#parts = parts;
    this.#current = parts.initial;
    this.#found = JSON.stringify(contentOf(parts.initial));
  }

  /** Those in use. */
  get current(): Credentials {
    return this.#current;
  }

  /** The error CREDENTIALS_UNUSABLE, while the files hold credentials that cannot be used. */
  get lastError(): PegError | undefined {
    return this.#lastError;
  }

  /** Reads the files now, and adopts what has changed and can be used. */
  check(): void {
    const { read, adopt, log } = this.#parts;
    try {
      const credentials = read();
      const content = contentOf(credentials);
      if (JSON.stringify(content) !== this.#found) {
        requireUsable(credentials, Date.now());
        adopt(credentials);
        this.#current = credentials;
        this.#found = JSON.stringify(content);
        log.info(
          { certificate: new X509Certificate(credentials.identity.certificate).serialNumber },
          'credentials read',
        );
      }
      this.#lastError = undefined;
    } catch (error) {
      const failed = asUnusable(error);
      // It is logged once, because the same files are found again until somebody repairs them.
      if (this.#lastError?.message !== failed.message) log.error({ reason: failed.message }, 'credentials not read');
      this.#lastError = failed;
    }
  }

  /** Reads the files again and again: what replaces them, and how, differs too much to wait for events. */
  async run(signal: AbortSignal): Promise<void> {
    const isDone = (): boolean => signal.aborted;
    while (!isDone()) {
      await sleepUntilAborted(pollMs, signal);
      if (!isDone()) this.check();
    }
  }
}

function contentOf({ identity, signerAuthorities, chains }: Credentials): unknown {
  return [identity, signerAuthorities, chains.map(({ name, peers }) => [name, peers])];
}

function requireUsable({ identity, signerAuthorities = [], chains }: Credentials, nowMs: number): void {
  requireClient(identity, nowMs);
  if (chains.some(({ peers }) => peers.length === 0)) throw new Error('a chain has no peers');
  const authorities = chains.flatMap(({ peers }) => peers.map(({ tlsCaCert }) => tlsCaCert));
  for (const pem of [...signerAuthorities, ...authorities]) new X509Certificate(pem);
}

function requireClient({ certificate, privateKey }: ClientIdentity, nowMs: number): void {
  const facts = readCertificate(certificate);
  if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey)))
    throw new Error('the key is not that of the certificate');
  if (roleOf(facts) !== 'client' || facts.authority) throw new Error("the certificate is not a client's");
  if (nowMs < facts.notBeforeMs || nowMs >= facts.notAfterMs) throw new Error('the certificate is not valid now');
}

function asUnusable(error: unknown): PegError {
  const detail = error instanceof Error ? error.message : String(error);
  return new PegError({ code: 'CREDENTIALS_UNUSABLE', detail, cause: error });
}
