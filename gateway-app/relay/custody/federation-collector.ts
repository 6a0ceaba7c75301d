// SPDX-License-Identifier: Apache-2.0

import { Agent } from 'node:https';
import {
  certificateDigest,
  decodeRequest,
  encode,
  federationCertificate,
  isSignedBy,
  type Batch,
  type Certificate,
  type EndorsedProof,
  type NotarySignature,
  type TrustRecord,
} from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { PegError } from '../../client';
import { type NotaryAddress } from '../../notary/chains/notary-config';
import { signResponseCodec, signRequestCodec, type SignResponse } from '../../notary/messages/sign-messages';
import { askOverTls, type TlsCredentials } from '../../notary/messages/mutual-tls';
import { type NotaryMetrics } from '../../notary/metrics/notary-metrics';
import { type EvidenceCollector } from './evidence-collector';
import { type Signer } from '../../notary/signing/signer';

const answerTimeoutMs = 10_000;
/**
 * How long an answer that comes too late to count may still take: to end a request is to end its connection, and costs
 * a handshake.
 */
const lateAnswerMs = 1_000;
const maximumAnswerBytes = 4_096;

/** Whom to ask, and the own signer, which is asked without a network. */
export interface FederationCollectorParts {
  readonly mspId: string;
  readonly signer: Pick<Signer, 'sign'>;
  readonly notaries: readonly NotaryAddress[];
  /** The own certificate, and the authorities of an organization; none while no ledger has been read. */
  readonly tlsFor: (mspId: string) => TlsCredentials;
  readonly metrics: NotaryMetrics;
  readonly log: Logger;
}

/** Makes certificates out of proofs: asks all notaries at once and goes on as soon as enough have signed. */
export class FederationCollector implements EvidenceCollector {
  readonly #parts: FederationCollectorParts;
  readonly #agent = new Agent({ keepAlive: true });
  #isClosed = false;

  constructor(parts: FederationCollectorParts) {
    this.#parts = parts;
  }

  /**
   * @param trust - the destination's record of the source chain; its committee must sign
   * @param suspended - public keys whose signatures do not count there
   * @throws PegError SIGNATURES_TOO_FEW, naming the notaries that did not sign
   */
  async certify(
    proof: EndorsedProof,
    batch: Batch,
    trust: TrustRecord,
    suspended: ReadonlySet<string>,
  ): Promise<Certificate> {
    const { threshold, epoch } = trust.committee;
    const digest = certificateDigest(batch, trust);
    const names = trust.committee.notaries.map(({ mspId }) => mspId);
    const done = new AbortController();
    const missing = trust.committee.notaries.flatMap((notary) => (suspended.has(notary.publicKey) ? notary.mspId : []));
    const asked = names.filter((name) => !missing.some((out) => out === name));
    const signatures = await new Promise<readonly NotarySignature[]>((resolve) => {
      const found: NotarySignature[] = [];
      const finish = (): void => {
        // Nobody is waited for who can't make a difference any more.
        if (found.length === threshold || missing.length > names.length - threshold) resolve(found.slice(0, threshold));
      };
      finish();
      for (const name of asked) {
        this.#ask(name, proof, done.signal)
          .then((answer) => {
            if (answer.notary !== name || answer.epoch !== epoch || !isSignedBy(answer, digest, trust)) {
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
    return federationCertificate(proof, epoch, signatures);
  }

  close(): void {
    this.#isClosed = true;
    this.#agent.destroy();
  }

  async #ask(name: string, proof: EndorsedProof, signal: AbortSignal): Promise<SignResponse> {
    const { mspId, signer, notaries, tlsFor } = this.#parts;
    if (name === mspId) return signer.sign(proof);
    const address = notaries.find((notary) => notary.mspId === name);
    if (address === undefined) throw new Error('no address is known');
    const { status, body } = await askOverTls({
      url: new URL('/v1/sign', address.url),
      method: 'POST',
      body: encode(signRequestCodec, { proof }),
      tls: tlsFor(name),
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
      maximumAnswerBytes,
      agent: this.#agent,
    });
    if (status !== 200) throw new Error(`status ${status}: ${body.slice(0, 200)}`);
    return decodeRequest(signResponseCodec, body);
  }
}
