// SPDX-License-Identifier: Apache-2.0

import { Agent } from 'node:https';
import {
  certificateDigest,
  decodeRequest,
  digestFor,
  encode,
  isSignedBy,
  type Batch,
  type CustodyMode,
  type EndorsedProof,
  type NotarySignature,
  type Signers,
  type TrustRecord,
} from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { PegError } from '../../client';
import { type NotaryAddress } from '../../notary/chains/notary-config';
import {
  signRequestCodec,
  signResponseCodec,
  type SignRequest,
  type SignResponse,
} from '../../notary/messages/sign-messages';
import { askOverTls, type TlsCredentials } from '../../notary/messages/mutual-tls';
import { type NotaryMetrics } from '../../notary/metrics/notary-metrics';
import { type Signer } from '../../notary/signing/signer';

const answerTimeoutMs = 10_000;
/**
 * How long an answer that comes too late to count may still take: to end a request is to end its connection, and costs
 * a handshake.
 */
const lateAnswerMs = 1_000;
const maximumAnswerBytes = 4_096;

/** Whom to ask, and the own signer, which is asked without a network. */
export interface SignatureCollectorParts {
  readonly mspId: string;
  readonly signer: Pick<Signer, 'sign'>;
  readonly notaries: readonly NotaryAddress[];
  /** The own certificate, and the authorities of an organization; none while no ledger has been read. */
  readonly tlsFor: (mspId: string) => TlsCredentials;
  readonly metrics: NotaryMetrics;
  readonly log: Logger;
}

/** What is to be signed, and by whom. */
export interface SigningTask {
  /** The custody mode that the signatures are to serve. */
  readonly mode: CustodyMode;
  readonly proof: EndorsedProof;
  readonly batch: Batch;
  /** The judging ledger's record of the source chain. */
  readonly trust: TrustRecord;
  readonly signers: Signers;
  /** Public keys whose signatures do not count there. */
  readonly suspended: ReadonlySet<string>;
}

/** Has batches signed: asks all signers at once and goes on as soon as enough have signed. */
export class SignatureCollector {
  readonly #parts: SignatureCollectorParts;
  readonly #agent = new Agent({ keepAlive: true });
  #isClosed = false;

  constructor(parts: SignatureCollectorParts) {
    this.#parts = parts;
  }

  /**
   * @returns as many signatures as the threshold, all of which hold
   * @throws PegError SIGNATURES_TOO_FEW, naming the notaries that did not sign
   */
  async collect({ mode, proof, batch, trust, signers, suspended }: SigningTask): Promise<readonly NotarySignature[]> {
    const { notaries, threshold } = signers;
    const { epoch } = trust.committee;
    const digest = certificateDigest(batch, trust, digestFor(mode));
    const names = notaries.map(({ mspId }) => mspId);
    const done = new AbortController();
    const missing = notaries.flatMap((notary) => (suspended.has(notary.publicKey) ? notary.mspId : []));
    const asked = names.filter((name) => !missing.some((out) => out === name));
    const signatures = await new Promise<readonly NotarySignature[]>((resolve) => {
      const found: NotarySignature[] = [];
      const finish = (): void => {
        // Nobody is waited for who can't make a difference any more.
        if (found.length === threshold || missing.length > names.length - threshold) resolve(found.slice(0, threshold));
      };
      finish();
      for (const name of asked) {
        this.#ask(name, { proof, mode }, done.signal)
          .then((answer) => {
            if (answer.notary !== name || answer.epoch !== epoch || !isSignedBy(answer, digest, notaries)) {
              this.#parts.log.warn({ notary: name, answer }, 'dropped a signature that does not fit');
              this.#parts.metrics.collected(name, 'unfit');
              missing.push(name);
            } else {
              this.#parts.metrics.collected(name, 'signed');
              found.push({ notary: answer.notary, signature: answer.signature });
            }
          })
          .catch((error: unknown) => {
            missing.push(name);
            const reason = error instanceof Error ? error.message : String(error);
            if (done.signal.aborted || this.#isClosed) return;
            this.#parts.metrics.collected(name, 'failed');
            this.#parts.log.warn({ notary: name, reason }, 'no signature');
          })
          .finally(finish);
      }
    });
    setTimeout(() => {
      done.abort();
    }, lateAnswerMs).unref();
    if (signatures.length < threshold) {
      throw new PegError({
        code: 'SIGNATURES_TOO_FEW',
        details: { found: signatures.length, required: threshold, missing: missing.join(' ') },
      });
    }
    return signatures;
  }

  close(): void {
    this.#isClosed = true;
    this.#agent.destroy();
  }

  async #ask(name: string, request: Required<SignRequest>, signal: AbortSignal): Promise<SignResponse> {
    const { mspId, signer, notaries, tlsFor } = this.#parts;
    if (name === mspId) return signer.sign(request);
    const address = notaries.find((notary) => notary.mspId === name);
    if (address === undefined) throw new Error('no address is known');
    const { status, body } = await askOverTls({
      url: new URL('/v1/sign', address.url),
      method: 'POST',
      body: encode(signRequestCodec, request),
      tls: tlsFor(name),
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
      maximumAnswerBytes,
      agent: this.#agent,
    });
    if (status !== 200) throw new Error(`status ${status}: ${body.slice(0, 200)}`);
    return decodeRequest(signResponseCodec, body);
  }
}
