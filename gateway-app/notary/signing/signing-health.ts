// SPDX-License-Identifier: Apache-2.0

import { type Logger } from 'pino';
import { PegError, type PegErrorCode } from '../../client';
import { type SignRequest, type SignResponse } from '../messages/sign-messages';
import { type Signer } from './signer';

/** What a signer needs and may lose, which is its history and its key. */
const ownFaults: readonly PegErrorCode[] = ['SIGNING_HISTORY_FAILED', 'SIGNING_KEY_FAILED'];
const defaultProbeMs = 2_000;

/** What {@link SigningHealth} watches. */
export interface SigningHealthParts {
  readonly signer: Pick<Signer, 'sign'>;
  /** Finds out whether signing would succeed, without signing for anybody. */
  readonly probe: () => Promise<void>;
  readonly log: Logger;
  /** How often that is tried while signing fails; 2000 by default. */
  readonly probeMs?: number;
}

/**
 * A signer that knows whether it can sign. When it cannot, it retries by itself until it can.
 */
export class SigningHealth {
  readonly #parts: SigningHealthParts;
  #lastError: PegErrorCode | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: SigningHealthParts) {
    this.#parts = parts;
  }

  /** Why nothing can be signed now; undefined while signing works. */
  get lastError(): PegErrorCode | undefined {
    return this.#lastError;
  }

  /** As {@link Signer.sign}. */
  async sign(request: SignRequest): Promise<SignResponse> {
    try {
      const answer = await this.#parts.signer.sign(request);
      this.#recordSuccess();
      return answer;
    } catch (error) {
      this.#recordFailure(error);
      throw error;
    }
  }

  /** Finds out whether signing works, though nobody asks for a signature. @returns as `lastError` */
  async check(): Promise<PegErrorCode | undefined> {
    await this.#probe();
    return this.#lastError;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #recordSuccess(): void {
    if (this.#lastError === undefined) return;
    this.#parts.log.info({ after: this.#lastError }, 'signs again');
    this.#lastError = undefined;
    this.close();
  }

  /** A failure is logged once, because every request meets it until its cause is gone. */
  #recordFailure(error: unknown): void {
    if (!(error instanceof PegError) || !ownFaults.includes(error.code)) return;
    if (this.#lastError !== error.code) this.#parts.log.error({ reason: error.message }, 'cannot sign');
    this.#lastError = error.code;
    this.#timer ??= setTimeout(() => void this.#probe(), this.#parts.probeMs ?? defaultProbeMs).unref();
  }

  async #probe(): Promise<void> {
    try {
      await this.#parts.probe();
      this.#recordSuccess();
    } catch (error) {
      this.close();
      this.#recordFailure(error);
    }
  }
}
